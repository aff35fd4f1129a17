using System.Collections.Immutable;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Control.Watchdog.Checks;
using Xunit;

namespace GoTop.Tests.Control.Watchdog;

/// <summary>Time is given to the state, so that hours pass at once.</summary>
public sealed class WatchdogStateTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly WatchdogSettings Usual = new();

    private readonly WatchdogState _state = new("shop", Usual, At(0), null);
    private double _seconds;

    private WatchdogStanding Standing => _state.Standing;

    [Fact]
    public void Two_failures_in_a_row_restart_it_and_one_does_not()
    {
        Appear(age: 3600);
        Assert.False(Look("http"));
        Assert.Equal((WatchdogPhase.Failing, 1, null), (Standing.Phase, Standing.Failures, Standing.UnhealthySince));
        Assert.Equal("look 1 of 2 failed: http: fails", Standing.Reason);
        Assert.False(Look());
        Assert.Equal((WatchdogPhase.Healthy, 0), (Standing.Phase, Standing.Failures));
        Assert.False(Look("http"));
        Assert.True(Look("http"));
        Assert.Equal((WatchdogPhase.Restarting, 1, Now.Utc), (Standing.Phase, Standing.Restarts, Standing.UnhealthySince));
        Assert.Equal("restart 1 of 3 is under way", Standing.Next);
        Assert.False(Look("http"));
    }

    [Fact]
    public void Starting_up_it_may_fail_but_not_end()
    {
        Appear(age: 10);
        for (int look = 0; look < 3; look++) Assert.False(Look("http"));
        Assert.Equal((WatchdogPhase.Grace, 0, Begin.AddSeconds(20)), (Standing.Phase, Standing.Failures, Standing.NextAt));
        Assert.False(Look("process"));
        Assert.Equal(WatchdogPhase.Failing, Standing.Phase);

        Appear(age: 0);
        Pass(26);
        // The 30 s are over at the next look, and the failures before it are forgotten.
        Assert.False(Look("http"));
        Assert.Equal(1, Standing.Failures);
        Assert.True(Look("http"));
    }

    [Fact]
    public void A_restart_gives_a_new_grace_and_the_old_process_does_not_count_against_it()
    {
        Appear(age: 3600);
        FailUntilRestart();
        _state.RestartEnded(Now, isDone: true, "running, process 7");
        Assert.Equal(WatchdogPhase.Grace, Standing.Phase);
        // Not found yet: the agent looks every two seconds.
        Assert.False(Look("process"));
        Assert.Equal((WatchdogPhase.Grace, 0), (Standing.Phase, Standing.Failures));
        Appear(age: 5);
        Assert.False(Look("http"));
        Assert.Equal(WatchdogPhase.Grace, Standing.Phase);
        // Now it is the new one that ends.
        Assert.False(Look("process"));
        Assert.Equal((WatchdogPhase.Failing, 1), (Standing.Phase, Standing.Failures));
    }

    /// <summary>The agent may be late to find it: a second one beside it would be worse than none.</summary>
    [Fact]
    public void What_was_started_again_and_runs_is_not_started_a_second_time_however_late_it_is_found()
    {
        WatchdogHold hold = new("it was started again as process 7", "until the agent has found that", IsOwn: true);
        Appear(age: 3600);
        FailUntilRestart();
        _state.RestartEnded(Now, isDone: true, "running, process 7");
        Assert.False(Look(["process"], hold));
        Assert.Equal(WatchdogPhase.Grace, Standing.Phase);
        Pass(40);
        for (int look = 0; look < 5; look++) Assert.False(Look(["process"], hold));
        Assert.Equal((WatchdogPhase.Paused, "it was started again as process 7", "nothing is done until the agent has found that"), (Standing.Phase, Standing.Reason, Standing.Next));
        // It has ended, too, before it was found.
        Assert.False(Look("process"));
        Assert.True(Look("process"));
    }

    [Fact]
    public void Restarts_are_ever_further_apart_and_after_three_it_is_given_up()
    {
        List<double> at = [];
        Appear(age: 3600);
        for (int look = 0; look < 60 && Standing.Phase != WatchdogPhase.GivenUp; look++)
        {
            if (!Look("process")) continue;
            at.Add(_seconds);
            _state.RestartEnded(Now, isDone: true, "running");
            Appear(age: 0);
        }

        // 10 s after the first and 20 s after the second at least, at looks every 5 s of which two have to fail.
        Assert.Equal([10, 20, 40], at);
        Assert.Equal(WatchdogPhase.GivenUp, Standing.Phase);
        Assert.Contains("restarted 3 times and fails again: process: fails", Standing.Reason, StringComparison.Ordinal);
        for (int look = 0; look < 1000; look++) Assert.False(Look("process"));
        Assert.Equal(WatchdogPhase.GivenUp, Standing.Phase);
        // Another process of it is no reason to hope: it may flap by itself.
        Appear(age: 0);
        Assert.False(Look());
        Assert.Equal(WatchdogPhase.GivenUp, Standing.Phase);
    }

    [Fact]
    public void Cooling_down_says_until_when_and_then_restarts()
    {
        Appear(age: 3600);
        FailUntilRestart();
        _state.RestartEnded(Now, isDone: false, "no such file");
        Assert.Equal((WatchdogPhase.CoolingDown, Now.Utc.AddSeconds(10)), (Standing.Phase, Standing.NextAt));
        Assert.Contains("no such file", Standing.Reason, StringComparison.Ordinal);
        FailUntilRestart();
        DateTimeOffset second = Now.Utc;
        _state.RestartEnded(Now, isDone: false, "no such file");
        for (int look = 0; look < 3; look++) Assert.False(Look("process"));
        Assert.Equal((WatchdogPhase.CoolingDown, second.AddSeconds(20)), (Standing.Phase, Standing.NextAt));
        Assert.Equal("restart 3 of 3 at 12:00:40Z", Standing.Next);
        Assert.True(Look("process"));
    }

    [Fact]
    public void Healthy_for_ten_minutes_it_has_its_restarts_again()
    {
        Appear(age: 3600);
        FailUntilRestart();
        _state.RestartEnded(Now, isDone: true, "running");
        Appear(age: 0);
        while (Standing.Phase != WatchdogPhase.Healthy) Look();
        DateTimeOffset healthy = Now.Utc;
        Pass(590);
        Look();
        Assert.Equal((1, healthy.AddMinutes(10)), (Standing.Restarts, Standing.NextAt));
        Look();
        Assert.Equal((WatchdogPhase.Healthy, 0, null), (Standing.Phase, Standing.Restarts, Standing.CoolsUntil));
        // A failure in between begins the ten minutes anew.
        FailUntilRestart();
        _state.RestartEnded(Now, isDone: true, "running");
        Appear(age: 3600);
        Look();
        Pass(590);
        Look("http");
        Look();
        Pass(590);
        Look();
        Assert.Equal(1, Standing.Restarts);
    }

    [Fact]
    public void What_only_tells_says_why_it_does_not_restart()
    {
        Appear(age: 3600);
        for (int look = 0; look < 10; look++) Assert.False(Look(["http"], whyNot: "restart = false"));
        Assert.Equal((WatchdogPhase.Failing, "it is not restarted: restart = false", 0), (Standing.Phase, Standing.Next, Standing.Restarts));
        Assert.NotNull(Standing.UnhealthySince);
    }

    [Fact]
    public void Let_be_it_counts_nothing_until_that_is_over()
    {
        Appear(age: 3600);
        Look("process");
        for (int look = 0; look < 10; look++) Assert.False(Look(["process"], new WatchdogHold("stop by anna", "until it runs again", "stop by anna")));
        Assert.Equal((WatchdogPhase.Paused, 0, "stop by anna", "nothing is done until it runs again"), (Standing.Phase, Standing.Failures, Standing.StoppedBy, Standing.Next));
        Assert.False(Look("process"));
        Assert.True(Look("process"));
        Assert.Null(Standing.StoppedBy);
    }

    [Fact]
    public void What_nobody_can_tell_counts_neither_way()
    {
        Appear(age: 3600);
        Look("http");
        Assert.False(_state.Look(Step(), [new CheckResult("http", CheckOutcome.Unknown, "bad certificate file")], null, null));
        Assert.Equal((WatchdogPhase.Waiting, 1), (Standing.Phase, Standing.Failures));
        Assert.Contains("bad certificate file", Standing.Reason, StringComparison.Ordinal);
        Assert.True(Look("http"));
    }

    [Fact]
    public void The_next_agent_knows_what_was_given_up_and_how_long_it_cools_down()
    {
        Appear(age: 3600);
        FailUntilRestart();
        _state.RestartEnded(Now, isDone: false, "no such file");
        FailUntilRestart();
        _state.RestartEnded(Now, isDone: false, "no such file");
        // A clock that was set back a day in between must not make it cool down for a day.
        WatchdogState next = new("shop", Usual, new WatchdogTime(Now.Utc.AddDays(-1), TimeSpan.Zero), Standing);
        Assert.Equal(2, next.Standing.Restarts);
        next.Appeared(new WatchdogTime(Now.Utc, TimeSpan.Zero), TimeSpan.FromHours(1));
        Assert.False(next.Look(new WatchdogTime(Now.Utc, TimeSpan.FromSeconds(5)), Results("http"), null, null));
        Assert.False(next.Look(new WatchdogTime(Now.Utc, TimeSpan.FromSeconds(10)), Results("http"), null, null));
        Assert.Equal(WatchdogPhase.CoolingDown, next.Standing.Phase);
        Assert.True(next.Look(new WatchdogTime(Now.Utc, TimeSpan.FromSeconds(3700)), Results("http"), null, null));

        // Killed in the midst of the third restart.
        WatchdogState third = new("shop", Usual, At(0), next.Standing);
        Assert.Equal((3, "the agent ended meanwhile"), (third.Standing.Restarts, third.Standing.LastRestart));
        third.Appeared(At(5), TimeSpan.FromHours(1));
        third.Look(At(10), Results("http"), null, null);
        Assert.False(third.Look(At(15), Results("http"), null, null));
        Assert.Equal(WatchdogPhase.GivenUp, third.Standing.Phase);
        WatchdogState fourth = new("shop", Usual, At(0), third.Standing);
        Assert.Equal((WatchdogPhase.GivenUp, third.Standing.Reason), (fourth.Standing.Phase, fourth.Standing.Reason));
    }

    [Fact]
    public void A_person_who_restarts_what_was_given_up_gives_it_its_restarts_back()
    {
        WatchdogState state = new("shop", Usual, At(0), Standing with { Phase = WatchdogPhase.GivenUp, Restarts = 3 });
        state.TakenUp(At(1), "restart by anna");
        state.Appeared(At(1), TimeSpan.Zero);
        Assert.Equal((WatchdogPhase.Grace, 0), (state.Standing.Phase, state.Standing.Restarts));
    }

    private static WatchdogTime At(double seconds) => new(Begin.AddSeconds(seconds), TimeSpan.FromSeconds(1000 + seconds));

    private WatchdogTime Now => At(_seconds);

    private WatchdogTime Step()
    {
        _seconds += 5;
        return Now;
    }

    private void Pass(double seconds) => _seconds += seconds;

    private void Appear(double age) => _state.Appeared(Now, TimeSpan.FromSeconds(age));

    private bool Look(params string[] failing) => Look(failing, null);

    private bool Look(string[] failing, WatchdogHold? hold = null, string? whyNot = null) => _state.Look(Step(), Results(failing), hold, whyNot);

    private void FailUntilRestart()
    {
        for (int look = 0; look < 20; look++)
        {
            if (Look("process")) return;
        }

        Assert.Fail("it is not restarted");
    }

    private static ImmutableArray<CheckResult> Results(params string[] failing) =>
        [.. new[] { "process", "http" }.Select(name => failing.Contains(name) ? new CheckResult(name, CheckOutcome.Failed, "fails") : new CheckResult(name, CheckOutcome.Passed, "passes"))];
}
