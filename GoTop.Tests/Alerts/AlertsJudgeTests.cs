using System.Collections.Immutable;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Alerts;

/// <summary>Alerts as the agent judges them, read from the file that it writes.</summary>
public sealed class AlertsJudgeTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-alerts-");
    private readonly SettableTime _time = new(Observations.Start);
    private readonly FakePlatform _platform = new();
    private readonly AgentServices _services;
    private readonly AlertsJudge _judge;
    private GoTopConfig _config = GoTopConfig.Default with { Targets = [new TargetSettings { Name = "shop", ProcessName = "shop" }] };

    public AlertsJudgeTests()
    {
        _services = new AgentServices(_platform, new GoProcessFinder(_platform, _time), _time, NullLogger.Instance, "0.1.0", _folder.FullName, () => _config);
        _judge = new AlertsJudge(_services);
    }

    private AgentTarget Shop => new("shop", new TargetContext(Observations.OrderApi, _platform, _config.Targets[0], _time));

    public async ValueTask DisposeAsync()
    {
        await _judge.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_target_that_ends_is_down_and_one_that_somebody_stopped_is_not()
    {
        Observe(Observations.Healthy);
        _judge.Happened(Lost(new OperatorAction(ControlCatalog.Stop.Id, "anna", _time.GetUtcNow())));
        RuleStanding stopped = await PassAsync(TimeSpan.FromMinutes(30), "service-down");
        Assert.Equal((AlertPhase.Inactive, "it was stopped on purpose: exit code 0 (stop by anna)"), (stopped.Phase, stopped.Why));

        Observe(Observations.Healthy);
        _judge.Happened(Lost(null));
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromSeconds(30), "service-down")).Phase);
    }

    [Fact]
    public async Task A_restart_that_does_not_come_back_is_down_in_the_end()
    {
        Observe(Observations.Healthy);
        _judge.Happened(Lost(new OperatorAction(ControlCatalog.Restart.Id, "anna", _time.GetUtcNow())));
        Assert.Equal(AlertPhase.Inactive, (await PassAsync(TimeSpan.FromMinutes(1), "service-down")).Phase);
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromMinutes(3), "service-down")).Phase);
    }

    [Fact]
    public async Task One_that_was_never_found_is_down_after_a_while()
    {
        Assert.Equal(default, (await PassAsync(TimeSpan.FromSeconds(30), "service-down")).At);
        RuleStanding down = await PassAsync(TimeSpan.FromMinutes(2), "service-down");
        Assert.Equal((AlertPhase.Firing, "it has not been found"), (down.Phase, down.Why));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_nothing_wait_for_it()
    {
        await PassAsync(TimeSpan.FromSeconds(30), "service-down");
        _time.Set(TimeSpan.FromHours(-3));
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromMinutes(2), "service-down")).Phase);

        Observe(Observations.Healthy);
        _judge.Happened(Lost(new OperatorAction(ControlCatalog.Restart.Id, "anna", _time.GetUtcNow())));
        _time.Set(TimeSpan.FromHours(-6));
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromMinutes(3), "service-down")).Phase);
    }

    [Fact]
    public async Task Another_configuration_leaves_a_target_down_that_is_and_its_alert_as_old_as_it_is()
    {
        Observe(Observations.Healthy);
        _judge.Happened(Lost(null));
        DateTimeOffset fired = (await PassAsync(TimeSpan.FromMinutes(1), "service-down")).FiredAt!.Value;
        ImmutableSortedDictionary<string, string> labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "web");
        _config = _config with { Targets = [_config.Targets[0] with { Labels = labels }], AlertRules = [.. _config.AlertRules, new AlertRule { Name = "web", Condition = new DownCondition(), Labels = labels }] };
        _judge.Happened(new AgentEvent(AgentEventKind.Unwatched, _time.GetUtcNow(), Shop, "it is not watched any more", null));
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromSeconds(5), "web")).Phase);
        RuleStanding down = await PassAsync(TimeSpan.FromSeconds(5), "service-down");
        Assert.Equal((AlertPhase.Firing, fired, 1, "exit code 2"), (down.Phase, down.FiredAt, down.TimesFired, down.Why));
    }

    [Fact]
    public async Task Another_thing_of_the_same_name_is_looked_for_anew()
    {
        Observe(Observations.Healthy);
        _config = _config with { Targets = [new TargetSettings { Name = "shop", ProcessName = "shop2" }] };
        Assert.NotEqual(AlertPhase.Firing, (await PassAsync(TimeSpan.FromSeconds(50), "service-down")).Phase);
        RuleStanding down = await PassAsync(TimeSpan.FromMinutes(1), "service-down");
        Assert.Equal((AlertPhase.Firing, "it has not been found"), (down.Phase, down.Why));
    }

    [Fact]
    public async Task One_that_the_configuration_no_longer_names_is_not_judged_any_more()
    {
        Observe(Observations.Healthy);
        _config = _config with { Targets = [new TargetSettings { Name = "other", ProcessName = "other" }] };
        await PassAsync(TimeSpan.FromSeconds(3), "service-down");
        // What was still on its way.
        Observe(Observations.Healthy);
        _judge.Happened(Lost(null));
        await PassAsync(TimeSpan.FromSeconds(3), "service-down");
        Assert.All(new AlertsFile(_folder.FullName).Read().Value.Rules, rule => Assert.Equal("other", rule.Target));
    }

    [Fact]
    public async Task An_alert_names_the_recording_and_what_was_captured_lately()
    {
        _config = _config with { Alerts = Delivery.Telling.Settings(Delivery.Telling.Channel("ops")) };
        Observe(Observations.Healthy);
        _services.Recordings.Set("shop", "/var/lib/gotop/recordings/shop-1.gotop");
        _services.Watchdogs.Set(new WatchdogStanding("shop", WatchdogPhase.GivenUp, _time.GetUtcNow(), "it fails again", "nothing") { LastRestartAt = _time.GetUtcNow(), LastCapture = "/captures/shop" });
        await PassAsync(TimeSpan.FromSeconds(2), "service-down");
        Observe(Observations.Healthy);
        _judge.Happened(Lost(null));
        await PassAsync(TimeSpan.FromHours(2), "service-down");
        using Outbox outbox = Outbox.Open(_folder.FullName, NullLogger.Instance, _time);
        AlertItem[] open = [.. outbox.ReadOpen().Select(alert => alert.Item)];
        Assert.All(open, item => Assert.Equal("/var/lib/gotop/recordings/shop-1.gotop", item.Recording));
        AlertItem givenUp = open.Single(item => item.Rule == "watchdog-given-up");
        Assert.Equal("/captures/shop", givenUp.EvidenceFolder);
    }

    [Fact]
    public async Task What_its_watchdog_has_given_up_is_told_though_it_is_down()
    {
        Observe(Observations.Healthy);
        Assert.Equal("it has no watchdog", (await PassAsync(TimeSpan.FromSeconds(5), "watchdog-given-up")).Why);
        _judge.Happened(Lost(null));
        _services.Watchdogs.Set(new WatchdogStanding("shop", WatchdogPhase.GivenUp, _time.GetUtcNow(), "it has been restarted 3 times and fails again", "nothing"));
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromSeconds(30), "service-down")).Phase);
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromSeconds(5), "watchdog-given-up")).Phase);
        InhibitRule down = Assert.Single(InhibitRule.Defaults);
        Assert.False(down.Mutes("watchdog-given-up"));
        Assert.True(down.Mutes("watchdog-failing"));
    }

    [Fact]
    public async Task Another_configuration_brings_its_rules_and_leaves_the_others_as_they_were()
    {
        Observe(Observations.Healthy);
        _judge.Happened(Lost(null));
        DateTimeOffset fired = (await PassAsync(TimeSpan.FromMinutes(1), "service-down")).FiredAt!.Value;
        AlertRule many = new() { Name = "many", Condition = new ThresholdCondition(SeriesCatalog.Goroutines, new Bound(Side.Above, 1)) };
        _config = _config with { AlertRules = [.. DefaultRules.All.Select(rule => rule with { Targets = [] }), many] };
        await PassAsync(TimeSpan.FromSeconds(10), "many");
        Assert.Equal(fired, (await PassAsync(TimeSpan.FromSeconds(10), "service-down")).FiredAt);
        Observe(Observations.Healthy);
        Assert.Equal(AlertPhase.Firing, (await PassAsync(TimeSpan.FromSeconds(10), "many")).Phase);
    }

    [Fact]
    public void What_was_learnt_of_a_target_is_there_for_the_next_agent()
    {
        TargetBaselinesOf(out AlertEngine engine, out AlertTarget target);
        for (int quarter = 0; quarter < 96 * 5; quarter++)
        {
            DateTimeOffset at = Observations.Start.AddMinutes(15 * quarter);
            engine.BaselinesOf(target).Learn(AlertMoment.Of(Observations.Healthy with { Now = Observations.Healthy.Now with { Time = at, MonotonicNanoseconds = quarter * 900_000_000_000L } }));
        }

        GoTop.Engine.Alerts.Baselines.BaselineFiles files = new(_folder.FullName);
        Assert.Null(files.Save("shop/../../etc", engine.BaselinesOf(target)));
        GoTop.Engine.Alerts.Baselines.TargetBaselines next = new(TimeZoneInfo.Utc);
        Assert.Null(files.Load("shop/../../etc", next));
        double usual = next.Follow(SeriesCatalog.Goroutines.Name, moment => moment.Read(SeriesCatalog.Goroutines)).Expect(Observations.Start.AddDays(5).AddHours(1))!.Value.Usual;
        Assert.Equal(Observations.Healthy.Now.Go.Counters.Goroutines.Value, usual);
        Assert.Equal([Path.Combine(_folder.FullName, "baselines")], Directory.GetDirectories(_folder.FullName));
    }

    [Fact]
    public void A_damaged_file_of_what_was_learnt_is_told_and_begun_anew()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "baselines"));
        File.WriteAllText(Path.Combine(_folder.FullName, "baselines", "shop.json"), "{\"go.goroutines\":[[1,2");
        Assert.Contains("shop.json", new GoTop.Engine.Alerts.Baselines.BaselineFiles(_folder.FullName).Load("shop", new(TimeZoneInfo.Utc)), StringComparison.Ordinal);
    }

    private static void TargetBaselinesOf(out AlertEngine engine, out AlertTarget target)
    {
        target = new AlertTarget("shop", ImmutableSortedDictionary<string, string>.Empty);
        engine = new AlertEngine([], TimeZoneInfo.Utc);
        engine.BaselinesOf(target).Follow(SeriesCatalog.Goroutines.Name, moment => moment.Read(SeriesCatalog.Goroutines));
    }

    private AgentEvent Lost(OperatorAction? by) => new(AgentEventKind.Lost, _time.GetUtcNow(), Shop, by is null ? "exit code 2" : "exit code 0", by);

    private void Observe(Observation observation) => _judge.Observed(
        Shop, observation with { Now = observation.Now with { Time = _time.GetUtcNow(), MonotonicNanoseconds = _time.MonotonicNanoseconds() } });

    /// <summary>Time passes, second by second.</summary>
    /// <returns>How a rule stands then, by the file.</returns>
    private async Task<RuleStanding> PassAsync(TimeSpan time, string rule)
    {
        for (int second = 0; second < time.TotalSeconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _judge.TickAsync();
        }

        return new AlertsFile(_folder.FullName).Read().Value.Rules.Single(one => one.Rule == rule);
    }
}
