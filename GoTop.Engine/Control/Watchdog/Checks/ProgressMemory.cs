using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Control.Watchdog.Checks;

/// <summary>For how long what signs of a hang have been seen at every tick.</summary>
/// <param name="NothingReadFor">Since the last observation; null before the first.</param>
/// <param name="StuckFor">Goroutines wait for locks and hardly anything ran.</param>
/// <param name="Stuck">So many goroutines wait for locks or to send.</param>
/// <param name="StarvedFor">Goroutines were ready to run and none ran.</param>
/// <param name="WithoutGcFor">Since the last GC cycle that was seen to end; null where GC may be off, or none has been.</param>
/// <param name="SilentFor">Since a line of its logs came, or they were first read; null while they are not.</param>
internal sealed record ProgressFacts(
    TimeSpan? NothingReadFor, TimeSpan StuckFor, long Stuck, TimeSpan StarvedFor, TimeSpan? WithoutGcFor, TimeSpan? SilentFor, bool CanTell, string? WhyNot);

/// <summary>
/// Gathers from observations what tells a hang from idling. An idle service waits for the network and timers; goroutines that wait to
/// send may merely be leaked. So it takes a lock that is held while nothing runs, for as long as a look is to judge by.
/// </summary>
internal sealed class ProgressMemory
{
    /// <summary>Go's sysmon begins a cycle when there was none for two minutes; an idle process's looks once a minute (runtime/proc.go, forcegcperiod).</summary>
    public static readonly TimeSpan LongestWithoutGc = TimeSpan.FromMinutes(5);

    /// <summary>As <see cref="Diagnosis.Rules.DeadlockRule"/> has them.</summary>
    private const int FewestStuck = 10;
    private const double StillPerSecond = 20;
    private const double StillPercent = 3;

    private readonly Lock _gate = new();
    private TimeSpan? _readAt;
    private TimeSpan? _stuckSince;
    private TimeSpan? _starvedSince;
    private TimeSpan? _gcAt;
    private TimeSpan? _lineAt;
    private long _gcCycles = -1;
    private long _lines;
    private long _stuck;
    private bool _canTell;
    private string? _whyNot;

    /// <summary>Another process.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (_readAt, _stuckSince, _starvedSince, _gcAt, _lineAt) = (null, null, null, null, null);
            (_gcCycles, _canTell, _whyNot) = (-1, false, null);
        }
    }

    /// <param name="now">On a clock that never jumps.</param>
    public void Add(Observation observation, TimeSpan now)
    {
        Snapshot seen = observation.Now;
        lock (_gate)
        {
            _readAt = now;
            Reading<double> slices = seen.Go.SchedulesPerSecond;
            // A stale figure stands still because nobody read it: nothing is concluded from it.
            _canTell = slices.TryGetPresent(out double perSecond);
            _whyNot = _canTell ? null : slices.Reason;
            bool ready = seen.Go.RunQueue.TryGetPresent(out long queued) && queued > 0;
            _starvedSince = _canTell && ready && perSecond == 0 ? _starvedSince ?? now : null;
            _stuckSince = _canTell && IsStuck(seen, perSecond) ? _stuckSince ?? now : null;
            AddGc(seen.Go.Counters, now);
            AddLine(observation, now);
        }
    }

    public ProgressFacts Read(TimeSpan now)
    {
        lock (_gate) return new ProgressFacts(now - _readAt, Since(_stuckSince), _stuck, Since(_starvedSince), now - _gcAt, now - _lineAt, _canTell, _whyNot);

        // Up to the last observation: what came after it nobody has seen.
        TimeSpan Since(TimeSpan? moment) => moment is { } begun && _readAt is { } read ? read - begun : TimeSpan.Zero;
    }

    private bool IsStuck(Snapshot seen, double perSecond)
    {
        if (perSecond > StillPerSecond || !seen.Groups.TryGetPresent(out ImmutableArray<GoroutineGroup> groups)) return false;
        if (seen.Process.CpuPercent.TryGetPresent(out double cpu) && cpu > StillPercent) return false;
        _stuck = groups.Where(group => WaitReasons.IsStuck(group.Key.WaitReason)).Sum(group => (long)group.Count);
        return _stuck >= FewestStuck && groups.Any(group => WaitReasons.IsLock(group.Key.WaitReason));
    }

    private void AddGc(RuntimeCounters counters, TimeSpan now)
    {
        if (!counters.GcCycles.TryGetPresent(out long cycles) || cycles == 0 || !counters.GcPercent.TryGetPresent(out int percent) || percent < 0)
        {
            _gcAt = null;
            _gcCycles = -1;
            return;
        }

        if (cycles == _gcCycles && _gcAt is not null) return;
        (_gcCycles, _gcAt) = (cycles, now);
    }

    private void AddLine(Observation observation, TimeSpan now)
    {
        // A log that cannot be read now may be written to all the same.
        if (!observation.Now.Facts.Logs.TryGetPresent(out _))
        {
            _lineAt = null;
            return;
        }

        // Before its first line nothing tells when the last one was.
        if (_lineAt is not null && observation.LogLinesSeen == _lines) return;
        (_lines, _lineAt) = (observation.LogLinesSeen, now);
    }
}
