using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

internal static class GoDerivation
{
    public static GoFigures Derive(RuntimeCounters? then, GoFigures? derived, RuntimeCounters now, Reading<long> residentBytes)
    {
        GoFigures gauges = new()
        {
            Counters = now,
            RunningProcs = now.Procs.Select(procs => procs.Count(p => p.Status is ProcStatus.Running or ProcStatus.Syscall)),
            IdleProcs = now.Procs.Select(procs => procs.Count(p => p.Status == ProcStatus.Idle)),
            RunQueue = now.Procs.Select(procs => procs.Sum(p => (long)p.RunQueue) + now.GlobalRunQueue.ValueOr(0)),
            GoroutinesChangePerSecond = GoroutinesChange(then, derived, now),
            NonGoResidentBytes = now.Memory.HasValue && residentBytes.HasValue
                ? Reading.Of(Math.Max(0, residentBytes.Value - (now.Memory.Value.Sys - now.Memory.Value.HeapReleased)))
                : now.Memory.HasValue ? residentBytes : now.Memory.Absent<long>(),
        };
        if (derived is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds) return WithRatesOf(gauges, derived);
        if (then is null || Rates.Between(then.ReadAtNanoseconds, now.ReadAtNanoseconds) is not { } rates)
            return WithRatesOf(gauges, NoRates(gauges));

        double procs = now.Gomaxprocs.ValueOr(0);
        Reading<TimeHistogram> latency = Since(then.SchedulingLatency, now.SchedulingLatency);
        return gauges with
        {
            GcCyclesPerSecond = rates.PerSecond(then.GcCycles, now.GcCycles),
            AllocBytesPerSecond = rates.PerSecond(then.TotalAllocBytes, now.TotalAllocBytes),
            MallocsPerSecond = rates.PerSecond(then.Mallocs, now.Mallocs),
            GcCpuPercent = procs > 0 ? rates.PercentOfTime(then.GcCpuNanoseconds, now.GcCpuNanoseconds, procs) : now.Gomaxprocs.Absent<double>(),
            GcAssistPercent = procs > 0 ? rates.PercentOfTime(then.GcAssistCpuNanoseconds, now.GcAssistCpuNanoseconds, procs) : now.Gomaxprocs.Absent<double>(),
            PausePercent = rates.PercentOfTime(then.PauseTotalNanoseconds, now.PauseTotalNanoseconds),
            NewPausesNanoseconds = NewPauses(then.GcCycles, now),
            SchedulingLatency = latency,
            SchedulingLatencyP50Nanoseconds = Quantile(latency, 0.5),
            SchedulingLatencyP99Nanoseconds = Quantile(latency, 0.99),
            SchedulesPerSecond = rates.PerSecond(Schedules(then.Procs), Schedules(now.Procs)),
        };
    }

    /// <summary>On its own clock, and unlike a counter's rate it may be negative.</summary>
    private static Reading<double> GoroutinesChange(RuntimeCounters? then, GoFigures? derived, RuntimeCounters now)
    {
        if (!now.Goroutines.TryGet(out long count)) return now.Goroutines.Absent<double>();
        if (derived is not null && then is not null && CountedAt(then) == CountedAt(now)) return derived.GoroutinesChangePerSecond;
        return then is not null && then.Goroutines.TryGet(out long before)
            && Rates.Between(CountedAt(then), CountedAt(now)) is { } rates
                ? Reading.Of((count - before) / rates.Seconds)
                : Rates.NotYet();

        // Recordings made before there was a time of its own have none.
        static long CountedAt(RuntimeCounters counters) =>
            counters.GoroutinesReadAtNanoseconds != 0 ? counters.GoroutinesReadAtNanoseconds : counters.ReadAtNanoseconds;
    }

    private static Reading<long> Schedules(Reading<ImmutableArray<ProcCounters>> procs) => procs.Select(all => all.Sum(p => p.SchedTick));

    private static Reading<ImmutableArray<long>> NewPauses(Reading<long> cyclesThen, RuntimeCounters now)
    {
        if (!now.RecentPausesNanoseconds.TryGet(out ImmutableArray<long> pauses) || !now.GcCycles.TryGet(out long cycles))
            return now.RecentPausesNanoseconds.Absent<ImmutableArray<long>>();
        if (!cyclesThen.TryGet(out long before) || cycles < before) return Reading.NotYet<ImmutableArray<long>>("a rate needs two readings");
        int fresh = (int)Math.Min(cycles - before, pauses.Length);
        return Reading.Of(pauses[^fresh..]);
    }

    private static Reading<TimeHistogram> Since(Reading<TimeHistogram> then, Reading<TimeHistogram> now)
    {
        if (!now.TryGet(out TimeHistogram? current)) return now;
        if (!then.TryGet(out TimeHistogram? earlier)) return Reading.NotYet<TimeHistogram>("a rate needs two readings");
        return current.Since(earlier) is { } added ? Reading.Of(added) : Reading.NotYet<TimeHistogram>("the histogram started anew");
    }

    private static Reading<double> Quantile(Reading<TimeHistogram> histogram, double quantile)
    {
        if (!histogram.TryGet(out TimeHistogram? added)) return histogram.Absent<double>();
        return added.QuantileNanoseconds(quantile) is { } nanoseconds
            ? Reading.Of((double)nanoseconds)
            : Reading.NotYet<double>("no goroutine was scheduled since the last reading");
    }

    /// <summary>Each rate absent for its own figure's reason, or because there is no second reading yet.</summary>
    private static GoFigures NoRates(GoFigures gauges)
    {
        RuntimeCounters now = gauges.Counters;
        Reading<double> Rate<T>(Reading<T> figure) => figure.HasValue ? Rates.NotYet() : figure.Absent<double>();
        return gauges with
        {
            GcCyclesPerSecond = Rate(now.GcCycles),
            AllocBytesPerSecond = Rate(now.TotalAllocBytes),
            MallocsPerSecond = Rate(now.Mallocs),
            GcCpuPercent = Rate(now.GcCpuNanoseconds),
            GcAssistPercent = Rate(now.GcAssistCpuNanoseconds),
            PausePercent = Rate(now.PauseTotalNanoseconds),
            NewPausesNanoseconds = Rate(now.RecentPausesNanoseconds).Absent<ImmutableArray<long>>(),
            SchedulingLatency = Rate(now.SchedulingLatency).Absent<TimeHistogram>(),
            SchedulingLatencyP50Nanoseconds = Rate(now.SchedulingLatency),
            SchedulingLatencyP99Nanoseconds = Rate(now.SchedulingLatency),
            SchedulesPerSecond = Rate(now.Procs),
        };
    }

    private static GoFigures WithRatesOf(GoFigures gauges, GoFigures rates) => gauges with
    {
        GcCyclesPerSecond = rates.GcCyclesPerSecond,
        AllocBytesPerSecond = rates.AllocBytesPerSecond,
        MallocsPerSecond = rates.MallocsPerSecond,
        GcCpuPercent = rates.GcCpuPercent,
        GcAssistPercent = rates.GcAssistPercent,
        PausePercent = rates.PausePercent,
        NewPausesNanoseconds = rates.NewPausesNanoseconds,
        SchedulingLatency = rates.SchedulingLatency,
        SchedulingLatencyP50Nanoseconds = rates.SchedulingLatencyP50Nanoseconds,
        SchedulingLatencyP99Nanoseconds = rates.SchedulingLatencyP99Nanoseconds,
        SchedulesPerSecond = rates.SchedulesPerSecond,
    };
}
