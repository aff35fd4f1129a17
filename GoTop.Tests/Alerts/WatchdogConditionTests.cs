using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Diagnosis;
using Xunit;

namespace GoTop.Tests.Alerts;

public sealed class WatchdogConditionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly WatchdogStanding Healthy = new("shop", WatchdogPhase.Healthy, Noon, "process 7 runs", "it is looked at again") { MostRestarts = 3 };

    private readonly AlertEngine _engine = new([.. DefaultRules.All.Where(rule => rule.Condition is WatchdogCondition)], TimeZoneInfo.Utc);
    private DateTimeOffset _now = Noon;

    [Fact]
    public void A_failing_target_that_is_restarted_and_given_up_is_told_of_three_times()
    {
        Assert.Empty(Look(Healthy));
        Assert.Empty(Look(Healthy with { Phase = WatchdogPhase.Failing, Failures = 1 }));
        WatchdogStanding restarting = Healthy with { Phase = WatchdogPhase.Restarting, UnhealthySince = _now, Restarts = 1, LastRestartAt = _now, Reason = "http: answers 503" };
        Assert.Equal(["watchdog-failing fires"], Look(restarting));
        // What came of it is told with it.
        Assert.Equal(["watchdog-failing ends", "watchdog-restart fires"], Look(Healthy with { Restarts = 1, LastRestartAt = _now.AddSeconds(-5), LastRestart = "process 8 runs; evidence: log in /captures/shop" }));
        Assert.Equal("restart 1 of 3, 5s ago: process 8 runs; evidence: log in /captures/shop", Restart.Why);
        _now += WatchdogCondition.RestartIsNews;
        Assert.Equal(["watchdog-restart ends"], Look(Healthy with { LastRestartAt = Noon }));
        Assert.Equal(["watchdog-failing fires", "watchdog-given-up fires"], Look(Healthy with { Phase = WatchdogPhase.GivenUp, UnhealthySince = _now, Restarts = 3 }));
        Assert.Equal(Severity.Critical, _engine.Status.Single(status => status.Rule.Name == "watchdog-given-up").Rule.Severity);
        Assert.Equal(["watchdog-failing ends", "watchdog-given-up ends"], Look(Healthy));
    }

    [Fact]
    public void Each_restart_is_told_also_when_it_follows_soon()
    {
        WatchdogStanding first = Healthy with { Restarts = 1, LastRestartAt = _now, LastRestart = "process 8 runs" };
        Assert.Equal(["watchdog-restart fires"], Look(first));
        Assert.Empty(Look(first));
        WatchdogStanding second = first with { Restarts = 2, LastRestartAt = _now, LastRestart = null, Phase = WatchdogPhase.Restarting };
        Assert.Equal(["watchdog-restart ends"], Look(second));
        Assert.Empty(Look(second));
        Assert.Equal(["watchdog-restart fires"], Look(second with { LastRestart = "process 9 runs" }));
        Assert.StartsWith("restart 2 of 3, 10s ago: process 9 runs", Restart.Why, StringComparison.Ordinal);
        WatchdogStanding third = second with { Restarts = 3, LastRestartAt = _now, LastRestart = "process 10 runs" };
        Assert.Equal(["watchdog-restart ends"], Look(third));
        Assert.Equal(["watchdog-restart fires"], Look(third));
        Assert.Equal(3, Restart.TimesFired);
    }

    [Fact]
    public void A_restart_that_takes_long_is_told_before_it_has_ended()
    {
        WatchdogStanding restarting = Healthy with { Phase = WatchdogPhase.Restarting, Restarts = 1, LastRestartAt = _now, Reason = "http: answers 503" };
        Assert.Empty(Look(restarting));
        _now = restarting.LastRestartAt!.Value + WatchdogCondition.RestartTakesLong;
        Assert.Equal(["watchdog-restart fires"], Look(restarting));
        Assert.Equal("restart 1 of 3, 1m00s ago: http: answers 503", Restart.Why);
    }

    [Fact]
    public void While_its_target_is_down_only_what_is_done_about_it_is_told()
    {
        InhibitRule down = Assert.Single(InhibitRule.Defaults);
        Assert.Equal((true, false, false), (down.Mutes("watchdog-failing"), down.Mutes("watchdog-restart"), down.Mutes("watchdog-given-up")));
    }

    [Fact]
    public void A_target_without_one_fires_nothing()
    {
        Assert.Empty(Look(null));
        Assert.All(_engine.Status, status => Assert.Equal((AlertPhase.Inactive, "it has no watchdog"), (status.Phase, status.Why)));
    }

    [Fact]
    public void The_three_troubles_can_be_configured()
    {
        Assert.Equal(WatchdogTrouble.Failing, Read("failing"));
        Assert.Equal(WatchdogTrouble.Restarted, Read("restarted"));
        Assert.Equal(WatchdogTrouble.GivenUp, Read("given-up"));
        LoadedConfig wrong = Parse("given up");
        Assert.Contains("must be one of failing, restarted, given-up, not \"given up\"", Assert.Single(wrong.Problems).ToString(), StringComparison.Ordinal);
    }

    private RuleStatus Restart => _engine.Status.Single(status => status.Rule.Name == "watchdog-restart");

    private static WatchdogTrouble Read(string word)
    {
        LoadedConfig loaded = Parse(word);
        Assert.Empty(loaded.Problems);
        return Assert.IsType<WatchdogCondition>(loaded.Config.AlertRules.Single(rule => rule.Name == "mine").Condition).Trouble;
    }

    private static LoadedConfig Parse(string word) =>
        new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse($"[[alert]]\nname = \"mine\"\nwatchdog = \"{word}\"\n", "gotop.toml");

    private string[] Look(WatchdogStanding? standing)
    {
        AlertMoment moment = new() { Time = _now, MonotonicNanoseconds = (_now - Noon).Ticks * 100, Absence = "it has ended", Watchdog = standing };
        string[] changes = [.. _engine.Look(Watching.Target, moment).Select(change => $"{change.Status.Rule.Name} {(change.IsFiring ? "fires" : "ends")}")];
        _now += TimeSpan.FromSeconds(5);
        return changes;
    }
}
