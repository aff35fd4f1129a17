using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog.Checks;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Watchdog;

/// <param name="Running">On a clock that never jumps: what durations are measured with.</param>
public readonly record struct WatchdogTime(DateTimeOffset Utc, TimeSpan Running)
{
    /// <summary>The moment that a running time stands for.</summary>
    public DateTimeOffset At(TimeSpan running) => Utc + (running - Running);
}

/// <summary>Why a target is let be.</summary>
/// <param name="Until">What ends it, in words.</param>
/// <param name="By">The person's action; null for anything else.</param>
/// <param name="IsOwn">What the watchdog started itself is waited for.</param>
public sealed record WatchdogHold(string Reason, string Until, string? By = null, bool IsOwn = false);

/// <summary>
/// When a target counts as unhealthy and when it is restarted: failures in a row, a budget of restarts that comes back, cooling down,
/// grace. Time and results are given to it, so that all of it is the same each time. Used by one task at a time.
/// </summary>
public sealed class WatchdogState
{
    /// <summary>However many restarts there were.</summary>
    public static readonly TimeSpan LongestCoolDown = TimeSpan.FromHours(1);

    private readonly string _target;
    private TimeSpan _graceUntil;
    private TimeSpan _coolsUntil;
    private TimeSpan? _healthySince;
    private bool _awaitsNew;
    private ImmutableArray<CheckResult> _checks = [];

    /// <param name="before">How it stood when an agent last wrote it down: a killed agent does not forget what it gave up.</param>
    public WatchdogState(string target, WatchdogSettings settings, WatchdogTime now, WatchdogStanding? before)
    {
        _target = target;
        Settings = settings;
        if (before?.CoolsUntil is { } until) _coolsUntil = now.Running + TimeSpan.FromTicks(Math.Clamp((until - now.Utc).Ticks, 0, LongestCoolDown.Ticks));
        string unseen = "it has not been seen since the agent started" + (before?.StoppedBy is { } who ? $"; before, it was let be: {who}" : "");
        Standing = new WatchdogStanding(target, WatchdogPhase.Waiting, now.Utc, unseen, "it is watched over from when it is found")
        {
            FailuresNeeded = settings.Failures,
            MostRestarts = settings.Restarts,
            Restarts = before?.Restarts ?? 0,
            CoolsUntil = before?.CoolsUntil,
            LastRestartAt = before?.LastRestartAt,
            LastRestart = before?.Phase == WatchdogPhase.Restarting ? "the agent ended meanwhile" : before?.LastRestart,
            LastCapture = before?.LastCapture,
            StoppedBy = before?.StoppedBy,
        };
        if (before?.Phase == WatchdogPhase.GivenUp) Set(now, WatchdogPhase.GivenUp, before.Reason, before.Next);
    }

    public WatchdogSettings Settings { get; set; }

    public WatchdogStanding Standing { get; private set; }

    public bool IsRestarting => Standing.Phase == WatchdogPhase.Restarting;

    /// <summary>A process of it was found.</summary>
    /// <param name="age">How long it has been running.</param>
    public void Appeared(WatchdogTime now, TimeSpan age)
    {
        _awaitsNew = false;
        _healthySince = null;
        _graceUntil = now.Running + (age > Settings.Grace ? TimeSpan.Zero : age < TimeSpan.Zero ? Settings.Grace : Settings.Grace - age);
        Standing = Standing with { Failures = 0, StoppedBy = null };
        // A restart ends with what its own steps tell.
        if (IsRestarting || Standing.Phase == WatchdogPhase.GivenUp) return;
        if (_graceUntil > now.Running) SetGrace(now, "it starts up");
        else Set(now, WatchdogPhase.Waiting, "it was found", "the first look follows", now.Utc);
    }

    /// <summary>Nobody watches it any more: the agent pauses, or the configuration leaves it out.</summary>
    public void Left(WatchdogTime now, string reason)
    {
        _healthySince = null;
        Standing = Standing with { Failures = 0 };
        if (Standing.Phase == WatchdogPhase.GivenUp) return;
        Standing = Standing with { UnhealthySince = null };
        Set(now, WatchdogPhase.Waiting, reason, "it is watched over again from when it is found");
    }

    /// <summary>A person acted upon it: its restarts are whole again, and nothing of it is given up.</summary>
    public void TakenUp(WatchdogTime now, string how)
    {
        MakeWhole();
        if (Standing.Phase == WatchdogPhase.GivenUp) Set(now, WatchdogPhase.Waiting, how, "it is looked at again");
    }

    /// <summary>What a look saw.</summary>
    /// <param name="hold">Why it is let be; null when it is not.</param>
    /// <param name="whyNoRestart">Why it may never be restarted; null when it may.</param>
    /// <returns>True: it is to be restarted now, and <see cref="RestartEnded"/> is owed.</returns>
    public bool Look(WatchdogTime now, ImmutableArray<CheckResult> results, WatchdogHold? hold, string? whyNoRestart)
    {
        if (IsRestarting) return false;
        _checks = results;
        Standing = Standing with { FailuresNeeded = Settings.Failures, MostRestarts = Settings.Restarts };
        CheckResult[] failed = [.. results.Where(result => result.Outcome == CheckOutcome.Failed)];
        // What has ended does not start up, unless its successor is still to be found.
        bool inGrace = now.Running < _graceUntil && (_awaitsNew || failed.All(result => result.Check != ProcessCheck.Name));
        if (hold is { IsOwn: false } || (hold is not null && !inGrace))
        {
            _healthySince = null;
            Standing = Standing with { Failures = 0, UnhealthySince = null, StoppedBy = hold.By };
            return Set(now, WatchdogPhase.Paused, hold.Reason, $"nothing is done {hold.Until}");
        }

        Standing = Standing with { StoppedBy = null };
        string what = string.Join("; ", failed.Select(result => $"{result.Check}: {result.Words}"));
        if (failed.Length == 0) return Well(now, results, inGrace);
        if (inGrace)
        {
            Standing = Standing with { Failures = 0 };
            return SetGrace(now, $"it starts up; {what}");
        }

        _healthySince = null;
        _awaitsNew = false;
        Standing = Standing with { Failures = Standing.Failures + 1 };
        return Fails(now, what, whyNoRestart);
    }

    /// <summary>What came of a restart.</summary>
    /// <param name="words">In a sentence.</param>
    /// <param name="captured">Folder of what was captured before; null when nothing was.</param>
    public void RestartEnded(WatchdogTime now, bool isDone, string words, string? captured = null)
    {
        double times = Math.Pow(2, Math.Min(Math.Max(0, Standing.Restarts - 1), 30));
        _coolsUntil = now.Running + TimeSpan.FromSeconds(Math.Min(Settings.CoolDown.TotalSeconds * times, LongestCoolDown.TotalSeconds));
        Standing = Standing with { Failures = 0, LastRestart = words, LastCapture = captured, CoolsUntil = now.At(_coolsUntil) };
        if (isDone)
        {
            _awaitsNew = true;
            _graceUntil = now.Running + Settings.Grace;
            SetGrace(now, $"it was restarted: {words}");
        }
        else
        {
            Set(now, WatchdogPhase.CoolingDown, $"restarting it failed: {words}", RestartsLeft > 0 ? $"{Again(now)} when it still fails" : "it is given up when it still fails", now.At(_coolsUntil));
        }
    }

    private bool Well(WatchdogTime now, ImmutableArray<CheckResult> results, bool inGrace)
    {
        CheckResult[] passed = [.. results.Where(result => result.Outcome == CheckOutcome.Passed)];
        string unknown = string.Join("; ", results.Where(result => result.Outcome == CheckOutcome.Unknown).Select(result => $"{result.Check}: {result.Words}"));
        if (passed.Length == 0) return Set(now, WatchdogPhase.Waiting, $"nothing can be told: {unknown}", "it is looked at again", now.Utc + Settings.Every);
        Standing = Standing with { Failures = 0, UnhealthySince = null };
        string well = string.Join(", ", passed.Select(result => $"{result.Check} {result.Words}")) + (unknown.Length == 0 ? "" : $"; not known: {unknown}");
        if (inGrace) return SetGrace(now, well);
        _healthySince ??= now.Running;
        TimeSpan whole = _healthySince.Value + Settings.Healthy;
        if (now.Running >= whole && Standing.Restarts > 0) MakeWhole();
        string next = Standing.Restarts == 0 ? "it is looked at again" : string.Create(CultureInfo.InvariantCulture, $"{Standing.Restarts} of {Settings.Restarts} restarts are used up until {now.At(whole):HH:mm:ss}Z");
        return Set(now, WatchdogPhase.Healthy, well, next, Standing.Restarts == 0 ? now.Utc + Settings.Every : now.At(whole));
    }

    private bool Fails(WatchdogTime now, string what, string? whyNoRestart)
    {
        if (Standing.Failures < Settings.Failures)
        {
            // What was given up and is restarted by nobody goes on being so.
            if (Standing.Phase == WatchdogPhase.GivenUp) return false;
            string counted = string.Create(CultureInfo.InvariantCulture, $"look {Standing.Failures} of {Settings.Failures} failed: {what}");
            return Set(now, WatchdogPhase.Failing, counted, "it is looked at again", now.Utc + Settings.Every);
        }

        Standing = Standing with { UnhealthySince = Standing.UnhealthySince ?? now.Utc };
        if (whyNoRestart is not null) return Set(now, WatchdogPhase.Failing, what, $"it is not restarted: {whyNoRestart}");
        if (RestartsLeft == 0)
        {
            string used = string.Create(CultureInfo.InvariantCulture, $"it has been restarted {Settings.Restarts} times and fails again: {what}");
            return Set(now, WatchdogPhase.GivenUp, used, $"nothing, until somebody restarts it or it is healthy for {DurationText.Format(Settings.Healthy)}");
        }

        if (now.Running < _coolsUntil) return Set(now, WatchdogPhase.CoolingDown, what, Again(now), now.At(_coolsUntil));
        Standing = Standing with { Restarts = Standing.Restarts + 1, LastRestartAt = now.Utc, LastRestart = null, LastCapture = null };
        Set(now, WatchdogPhase.Restarting, what, string.Create(CultureInfo.InvariantCulture, $"restart {Standing.Restarts} of {Settings.Restarts} is under way"));
        return true;
    }

    private void MakeWhole()
    {
        _coolsUntil = default;
        Standing = Standing with { Restarts = 0, CoolsUntil = null };
    }

    private int RestartsLeft => Math.Max(0, Settings.Restarts - Standing.Restarts);

    private string Again(WatchdogTime now) =>
        string.Create(CultureInfo.InvariantCulture, $"restart {Standing.Restarts + 1} of {Settings.Restarts} at {now.At(_coolsUntil):HH:mm:ss}Z");

    /// <summary>What was given up stays so until it is healthy: that another process of it starts up proves nothing.</summary>
    private bool SetGrace(WatchdogTime now, string reason) => Standing.Phase != WatchdogPhase.GivenUp
        && Set(now, WatchdogPhase.Grace, reason, string.Create(CultureInfo.InvariantCulture, $"its failures count from {now.At(_graceUntil):HH:mm:ss}Z"), now.At(_graceUntil));

    private bool Set(WatchdogTime now, WatchdogPhase phase, string reason, string next, DateTimeOffset? at = null)
    {
        Standing = Standing with
        {
            Phase = phase,
            Since = Standing.Phase == phase ? Standing.Since : now.Utc,
            Reason = PlainText.Clean(reason, 500),
            Next = PlainText.Clean(next, 300),
            NextAt = at,
            Checks = _checks,
            Target = _target,
        };
        return false;
    }
}
