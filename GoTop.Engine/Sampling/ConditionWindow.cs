using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>
/// The last half minute of a target's counters, and what they say of how it fares now. Counters are cumulative, so each
/// figure is exact over its window. Touched by one task only.
/// </summary>
internal sealed class ConditionWindow
{
    private const long Second = 1_000_000_000;
    private const long LoadWindow = 10 * Second;
    private const long StopWindow = 30 * Second;

    private readonly Queue<RuntimeCounters> _past = [];
    private long _addedAt;

    /// <summary>The condition as of these counters, which become part of the past.</summary>
    public TargetCondition Next(RuntimeCounters now)
    {
        while (_past.TryPeek(out RuntimeCounters? oldest) && now.ReadAtNanoseconds - oldest.ReadAtNanoseconds > StopWindow) _past.Dequeue();
        RuntimeCounters? half = _past.FirstOrDefault(), recent = _past.FirstOrDefault(past => now.ReadAtNanoseconds - past.ReadAtNanoseconds <= LoadWindow);
        // A tick may be as short as 0.1 s; one state a second is enough, and bounds the memory.
        if (_past.Count == 0 || now.ReadAtNanoseconds - _addedAt >= Second)
        {
            _past.Enqueue(now);
            _addedAt = now.ReadAtNanoseconds;
        }

        return new TargetCondition
        {
            Goroutines = now.Goroutines,
            GcCpuPercent = GcCpu(recent, now),
            LongestStopNanoseconds = LongestStop(half, now),
            SchedulingLatencyP99Nanoseconds = LatencyP99(recent, now),
        };
    }

    private static Reading<double> GcCpu(RuntimeCounters? then, RuntimeCounters now)
    {
        double procs = now.Gomaxprocs.ValueOr(0);
        if (procs <= 0) return now.Gomaxprocs.Absent<double>();
        if (Rates.Between(then?.SchedulerClockNanoseconds, now.SchedulerClockNanoseconds) is { } rates) return rates.PercentOfTime(then!.GcCpuNanoseconds, now.GcCpuNanoseconds, procs);
        return now.GcCpuNanoseconds.HasValue ? Rates.NotYet() : now.GcCpuNanoseconds.Absent<double>();
    }

    private static Reading<long> LongestStop(RuntimeCounters? then, RuntimeCounters now)
    {
        Reading<long> forGc = LongestGcStop(then, now), other = Added(then?.OtherStopTheWorld ?? default, now.OtherStopTheWorld, 1);
        if (!forGc.HasValue) return other.HasValue ? other : forGc;
        return Reading.Of(Math.Max(forGc.Value, other.ValueOr(0)));
    }

    private static Reading<long> LongestGcStop(RuntimeCounters? then, RuntimeCounters now)
    {
        if (!now.RecentPausesNanoseconds.TryGet(out ImmutableArray<long> pauses) || !now.GcCycles.TryGet(out long cycles)) return now.RecentPausesNanoseconds.Absent<long>();
        if (then is null || !then.GcCycles.TryGet(out long before) || cycles < before) return Reading.NotYet<long>("a rate needs two readings");
        int fresh = (int)Math.Min(cycles - before, pauses.Length);
        return Reading.Of(fresh == 0 ? 0 : pauses.AsSpan()[^fresh..].ToArray().Max());
    }

    private static Reading<long> LatencyP99(RuntimeCounters? then, RuntimeCounters now) => Added(then?.SchedulingLatency ?? default, now.SchedulingLatency, 0.99);

    /// <summary>A quantile of what was added since; 0 when nothing was.</summary>
    private static Reading<long> Added(Reading<TimeHistogram> then, Reading<TimeHistogram> now, double quantile)
    {
        if (!now.TryGet(out TimeHistogram? current)) return now.Absent<long>();
        if (!then.TryGet(out TimeHistogram? earlier) || current.Since(earlier) is not { } added) return Reading.NotYet<long>("a rate needs two readings");
        return Reading.Of(added.QuantileNanoseconds(quantile) ?? 0);
    }
}
