using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Diagnosis;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Delivery;

public sealed class AlertDispatcherTests
{
    private static readonly AlertRule Cpu = Rule("cpu"), Memory = Rule("memory", Severity.Critical), Down = Rule("service-down", Severity.Critical);

    private DateTimeOffset _now = Noon;

    /// <summary>By how much somebody has set the clock.</summary>
    private TimeSpan _step;
    private ImmutableArray<Silence> _silences = [];

    private TimeSpan Uptime => _now - Noon - _step;

    [Fact]
    public void What_fires_is_queued_for_every_channel_that_takes_it_after_the_group_wait()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel("ops"), Channel("boss", Severity.Critical)));
        Dispatch dispatch = Look(dispatcher, Fires(Cpu, "order-api", _now), Fires(Memory, "order-api", _now));
        Assert.Equal(["cpu for ops", "memory for boss", "memory for ops"], Words(dispatch));
        Assert.All(dispatch.Queued, queued => Assert.Equal(_now + TimeSpan.FromSeconds(10), queued.DueAt));
        Assert.Equal(2, dispatch.Saved.Length);
    }

    [Fact]
    public void A_rule_names_its_channels_and_one_that_is_not_there_is_told_in_words()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel("ops"), Channel("boss")));
        Assert.Equal(["cpu for boss"], Words(Look(dispatcher, Fires(Cpu with { Channels = ["boss"] }, "order-api", _now))));
        Assert.Empty(Look(dispatcher, Fires(Memory with { Channels = ["pager"] }, "order-api", _now)).Queued);
        Assert.Contains(dispatcher.Open, alert => dispatcher.Explain(alert, [], _now, Uptime).Words == "told to nobody: there is no channel pager");
    }

    [Fact]
    public void It_is_told_again_after_the_rules_time_or_else_the_usual_one()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        AlertRule often = Memory with { Repeat = TimeSpan.FromHours(1) };
        Look(dispatcher, Fires(Cpu, "order-api", _now), Fires(often, "order-api", _now));
        Assert.Equal((TellingState.Told, Noon + TimeSpan.FromHours(4)), Standing(dispatcher, "cpu"));
        Assert.Equal((TellingState.Told, Noon + TimeSpan.FromHours(1)), Standing(dispatcher, "memory"));
        List<string> told = [];
        for (int minute = 1; minute <= 5 * 60; minute++)
        {
            _now = Noon + TimeSpan.FromMinutes(minute);
            Dispatch dispatch = Look(dispatcher, [], Status(Cpu, "order-api", AlertPhase.Firing, _now), Status(often, "order-api", AlertPhase.Firing, _now));
            told.AddRange(dispatch.Queued.Select(queued => $"{minute}: {queued.Item.Rule}, {queued.Item.Telling}"));
        }

        Assert.Equal(["60: memory, 2", "120: memory, 3", "180: memory, 4", "240: cpu, 2", "240: memory, 5", "300: memory, 6"], told);
    }

    [Fact]
    public void The_same_alert_twice_is_told_once()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        Assert.Single(Look(dispatcher, Fires(Cpu, "order-api", _now)).Queued);
        Assert.Empty(Look(dispatcher, Fires(Cpu, "order-api", _now)).Queued);
    }

    [Fact]
    public void Who_was_told_that_it_fires_is_told_that_it_is_over_and_nobody_else()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel("ops"), Channel("night", resolved: false)));
        string id = Look(dispatcher, Fires(Cpu, "order-api", _now)).Queued[0].Item.Id;
        dispatcher.Settings = Settings(Channel("ops"), Channel("night", resolved: false), Channel("new"));
        _now += TimeSpan.FromMinutes(12);
        Dispatch dispatch = Look(dispatcher, Ends(Cpu, "order-api", _now));
        QueuedAlert told = Assert.Single(dispatch.Queued);
        Assert.Equal(("ops", id, AlertState.Resolved, TimeSpan.FromMinutes(12), "41% is below 75%"), (told.Channel, told.Item.Id, told.Item.State, told.Item.Lasted, told.Item.Why));
        Assert.Single(dispatch.Closed);
        Assert.Empty(dispatcher.Open);
        Assert.True(Look(dispatcher, Ends(Cpu, "order-api", _now)).IsEmpty);
    }

    [Fact]
    public void A_silence_holds_it_back_says_whose_it_is_and_when_it_ends_what_still_fires_is_told()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        _silences = [new Silence("1", "c*", "order-*", _now, _now + TimeSpan.FromHours(1), "anna", "load test")];
        Assert.Empty(Look(dispatcher, Fires(Cpu, "order-api", _now)).Queued);
        Assert.Equal(["memory for ops"], Words(Look(dispatcher, Fires(Memory, "order-api", _now))));
        Assert.Equal(["cpu for ops"], Words(Look(dispatcher, Fires(Cpu, "billing", _now))));
        OpenAlert silenced = dispatcher.Open.Single(alert => alert is { Rule: "cpu", Target: "order-api" });
        Assert.Equal((TellingState.Silenced, "silenced by anna until 2026-03-03 13:00:00Z: load test", null), dispatcher.Explain(silenced, _silences, _now, Uptime));
        _now += TimeSpan.FromHours(1);
        QueuedAlert told = Assert.Single(Look(dispatcher, [], Firing()).Queued);
        Assert.Equal(("cpu", "order-api", Noon), (told.Item.Rule, told.Item.Target, told.Item.FiredAt));
    }

    [Fact]
    public void What_is_over_before_its_silence_is_never_told()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        _silences = [new Silence("1", "*", "*", _now, _now + TimeSpan.FromHours(1), "anna", "")];
        Look(dispatcher, Fires(Cpu, "order-api", _now));
        Dispatch over = Look(dispatcher, Ends(Cpu, "order-api", _now));
        Assert.Empty(over.Queued);
        Assert.Single(over.Closed);
    }

    [Fact]
    public void Windows_of_the_configuration_silence_in_local_time()
    {
        Assert.True(MaintenanceWindow.TryParse("Tue 14:00-15:00", out MaintenanceWindow? window, out _));
        AlertSettings settings = Settings(Channel()) with { Silences = [new PlannedSilence([], ["order-*"], [window], "import")] };
        AlertDispatcher dispatcher = Dispatcher(settings, TimeZoneInfo.CreateCustomTimeZone("+2", TimeSpan.FromHours(2), null, null));
        Assert.Empty(Look(dispatcher, Fires(Cpu, "order-api", _now)).Queued);
        Assert.Equal("silenced by gotop.toml, Tue 14:00-15:00: import", dispatcher.Explain(dispatcher.Open[0], [], _now, Uptime).Words);
        Assert.Single(Look(dispatcher, Fires(Cpu, "billing", _now)).Queued);
        _now += TimeSpan.FromHours(1);
        Assert.Single(Look(dispatcher, [], Firing()).Queued);
    }

    [Fact]
    public void While_a_service_is_down_its_other_alerts_are_muted_and_those_of_other_targets_are_not()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        // In one look the one that mutes may come last.
        Dispatch dispatch = Look(dispatcher, Fires(Cpu, "order-api", _now), Fires(Down, "order-api", _now), Fires(Cpu, "billing", _now));
        Assert.Equal(["cpu for ops", "service-down for ops"], Words(dispatch));
        Assert.Equal("billing", dispatch.Queued.Single(queued => queued.Item.Rule == "cpu").Item.Target);
        OpenAlert muted = dispatcher.Open.Single(alert => alert is { Rule: "cpu", Target: "order-api" });
        Assert.Equal((TellingState.Muted, "muted by service-down", null), dispatcher.Explain(muted, [], _now, Uptime));

        _now += TimeSpan.FromMinutes(1);
        Assert.Equal(["cpu for ops", "service-down for ops"], Words(Look(dispatcher, Ends(Down, "order-api", _now))));
    }

    [Fact]
    public void What_mutes_what_is_configurable()
    {
        AlertSettings settings = Settings(Channel()) with { Inhibits = [new InhibitRule("memory", ["c*"])] };
        AlertDispatcher dispatcher = Dispatcher(settings);
        Assert.Equal(["memory for ops", "service-down for ops"], Words(Look(dispatcher, Fires(Memory, "order-api", _now), Fires(Cpu, "order-api", _now), Fires(Down, "order-api", _now))));
    }

    [Fact]
    public void After_the_agent_started_again_an_alert_that_still_fires_keeps_its_id_and_is_not_told_before_its_time()
    {
        AlertDispatcher before = Dispatcher(Settings(Channel()));
        string id = Look(before, Fires(Cpu, "order-api", _now)).Queued[0].Item.Id;
        _now += TimeSpan.FromHours(1);
        AlertDispatcher after = Dispatcher(Settings(Channel()), open: before.Open);
        Assert.Equal((TellingState.Unconfirmed, null), Standing(after, "cpu"));
        Assert.Empty(Look(after, [], Status(Cpu, "order-api", AlertPhase.Inactive, default)).Queued);
        Assert.Empty(Look(after, [], Status(Cpu, "order-api", AlertPhase.Pending, _now)).Queued);
        Assert.Empty(Look(after, Fires(Cpu, "order-api", _now)).Queued);
        Assert.Equal((TellingState.Told, Noon + TimeSpan.FromHours(4)), Standing(after, "cpu"));

        _now = Noon + TimeSpan.FromHours(4);
        AlertItem again = Assert.Single(Look(after, [], Status(Cpu, "order-api", AlertPhase.Firing, _now)).Queued).Item;
        Assert.Equal((id, Noon, 2), (again.Id, again.FiredAt, again.Telling));
    }

    [Fact]
    public void After_the_agent_started_again_an_alert_that_no_longer_fires_is_told_as_over()
    {
        AlertDispatcher before = Dispatcher(Settings(Channel()));
        string id = Look(before, Fires(Cpu, "order-api", _now)).Queued[0].Item.Id;
        _now += TimeSpan.FromHours(1);
        AlertDispatcher after = Dispatcher(Settings(Channel()), open: before.Open);
        List<AlertItem> told = [];
        for (int second = 0; second <= 60; second++, _now += TimeSpan.FromSeconds(1))
        {
            Assert.Empty(told);
            told.AddRange(Look(after, [], Status(Cpu, "order-api", AlertPhase.Inactive, _now, "41% is below 85%")).Queued.Select(queued => queued.Item));
        }

        AlertItem over = Assert.Single(told);
        Assert.Equal((id, AlertState.Resolved, "41% is below 85%"), (over.Id, over.State, over.Why));
    }

    [Fact]
    public void A_rule_that_lacks_the_history_to_fire_does_not_end_an_alert()
    {
        AlertDispatcher before = Dispatcher(Settings(Channel()));
        Look(before, Fires(Cpu, "order-api", _now));
        AlertDispatcher after = Dispatcher(Settings(Channel()), open: before.Open);
        RuleStatus cannot = Status(Cpu, "order-api", AlertPhase.Inactive, _now) with { NextChance = _now + TimeSpan.FromMinutes(45) };
        for (int minute = 0; minute < 45; minute++, _now += TimeSpan.FromMinutes(1)) Assert.Empty(Look(after, [], cannot).Queued);
        Assert.Single(Look(after, [], cannot).Queued);
    }

    [Fact]
    public void An_alert_whose_rule_is_gone_is_over()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        Look(dispatcher, Fires(Cpu, "order-api", _now));
        Look(dispatcher, [], []);
        _now += TimeSpan.FromMinutes(10);
        QueuedAlert told = Assert.Single(Look(dispatcher, [], []).Queued);
        Assert.Equal(("no rule watches it any more", AlertState.Resolved), (told.Item.Why, told.Item.State));
    }

    [Theory]
    [InlineData(36)]
    [InlineData(-36)]
    public void A_clock_that_is_set_neither_repeats_an_alert_nor_withholds_it(int hours)
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        Look(dispatcher, Fires(Cpu, "order-api", _now));
        _now += TimeSpan.FromHours(1);
        SetClock(hours);
        Assert.Empty(Look(dispatcher, [], Status(Cpu, "order-api", AlertPhase.Firing, _now)).Queued);
        Assert.Equal((TellingState.Told, _now + TimeSpan.FromHours(3)), Standing(dispatcher, "cpu"));
        _now += TimeSpan.FromHours(3) - TimeSpan.FromSeconds(1);
        Assert.Empty(Look(dispatcher, [], Status(Cpu, "order-api", AlertPhase.Firing, _now)).Queued);
        _now += TimeSpan.FromSeconds(1);
        Assert.Single(Look(dispatcher, [], Status(Cpu, "order-api", AlertPhase.Firing, _now)).Queued);
    }

    [Theory]
    [InlineData(36)]
    [InlineData(-36)]
    public void A_clock_that_is_set_neither_ends_an_alert_nor_keeps_it(int hours)
    {
        AlertDispatcher before = Dispatcher(Settings(Channel()));
        Look(before, Fires(Cpu, "order-api", _now), Fires(Memory, "order-api", _now));
        AlertDispatcher after = Dispatcher(Settings(Channel()), open: before.Open);
        // One is quiet, one is not seen.
        RuleStatus[] Quiet() => [Status(Cpu, "order-api", AlertPhase.Inactive, _now)];
        Assert.Empty(Look(after, [], Quiet()).Closed);
        SetClock(hours);
        Assert.Empty(Look(after, [], Quiet()).Closed);
        _now += TimeSpan.FromMinutes(1);
        Assert.Equal(["cpu"], Look(after, [], Quiet()).Closed.Select(alert => alert.Rule));
        _now += TimeSpan.FromMinutes(9);
        Assert.Equal(["memory"], Look(after, [], Quiet()).Closed.Select(alert => alert.Rule));
    }

    [Fact]
    public void What_an_earlier_agent_told_by_a_clock_that_went_ahead_is_repeated_in_its_time()
    {
        AlertDispatcher before = Dispatcher(Settings(Channel()));
        Look(before, Fires(Cpu, "order-api", _now));
        SetClock(-36);
        AlertDispatcher after = Dispatcher(Settings(Channel()), open: before.Open);
        Assert.Empty(Look(after, Fires(Cpu, "order-api", _now)).Queued);
        _now += TimeSpan.FromHours(4);
        Assert.Single(Look(after, [], Status(Cpu, "order-api", AlertPhase.Firing, _now)).Queued);
    }

    [Fact]
    public void What_a_target_says_is_cleaned_and_capped()
    {
        AlertDispatcher dispatcher = Dispatcher(Settings(Channel()));
        AlertItem item = Look(dispatcher, Fires(Cpu, "order\r\nBcc: evil@example.com", _now, "\u001b[31mred\u0007" + new string('x', 10_000), "v1\n2")).Queued[0].Item;
        Assert.Equal(("order Bcc: evil@example.com", "v1 2"), (item.Target.Replace("  ", " ", StringComparison.Ordinal), item.Build));
        Assert.True(item.Why.Length <= 500 && item.Why.StartsWith("redxxx", StringComparison.Ordinal), item.Why);
    }

    private static AlertDispatcher Dispatcher(AlertSettings settings, TimeZoneInfo? zone = null, ImmutableArray<OpenAlert>? open = null) =>
        new(settings, open ?? [], zone ?? TimeZoneInfo.Utc, _ => AlertEvidence.None);

    private void SetClock(int hours)
    {
        _step += TimeSpan.FromHours(hours);
        _now += TimeSpan.FromHours(hours);
    }

    private Dispatch Look(AlertDispatcher dispatcher, params AlertChange[] changes) => dispatcher.Look([.. changes], null, _silences, _now, Uptime);

    private Dispatch Look(AlertDispatcher dispatcher, AlertChange[] changes, params RuleStatus[] statuses) => dispatcher.Look([.. changes], [.. statuses], _silences, _now, Uptime);

    private RuleStatus[] Firing() => [Status(Cpu, "order-api", AlertPhase.Firing, _now), Status(Memory, "order-api", AlertPhase.Firing, _now), Status(Cpu, "billing", AlertPhase.Firing, _now)];

    private (TellingState, DateTimeOffset?) Standing(AlertDispatcher dispatcher, string rule) =>
        dispatcher.Explain(dispatcher.Open.Single(alert => alert.Rule == rule), _silences, _now, Uptime) is var (state, _, repeats) ? (state, repeats) : default;

    private static IEnumerable<string> Words(Dispatch dispatch) => dispatch.Queued.Select(queued => $"{queued.Item.Rule} for {queued.Channel}").Order(StringComparer.Ordinal);
}
