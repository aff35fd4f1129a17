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
        return WithSchedulerRates(WithMemStatsRates(gauges, then, derived), then, derived);
    }

    private static GoFigures WithMemStatsRates(GoFigures gauges, RuntimeCounters? then, GoFigures? derived)
    {
        RuntimeCounters now = gauges.Counters;
        if (derived is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds)
        {
            return gauges with
            {
                GcCyclesPerSecond = derived.GcCyclesPerSecond,
                AllocBytesPerSecond = derived.AllocBytesPerSecond,
                MallocsPerSecond = derived.MallocsPerSecond,
                PausePercent = derived.PausePercent,
                NewPausesNanoseconds = derived.NewPausesNanoseconds,
            };
        }

        if (then is null || Rates.Between(then.ReadAtNanoseconds, now.ReadAtNanoseconds) is not { } rates)
        {
            return gauges with
            {
                GcCyclesPerSecond = NoRate(now.GcCycles),
                AllocBytesPerSecond = NoRate(now.TotalAllocBytes),
                MallocsPerSecond = NoRate(now.Mallocs),
                PausePercent = NoRate(now.PauseTotalNanoseconds),
                NewPausesNanoseconds = NoRate(now.RecentPausesNanoseconds).Absent<ImmutableArray<long>>(),
            };
        }

        return gauges with
        {
            GcCyclesPerSecond = rates.PerSecond(then.GcCycles, now.GcCycles),
            AllocBytesPerSecond = rates.PerSecond(then.TotalAllocBytes, now.TotalAllocBytes),
            MallocsPerSecond = rates.PerSecond(then.Mallocs, now.Mallocs),
            PausePercent = rates.PercentOfTime(then.PauseTotalNanoseconds, now.PauseTotalNanoseconds),
            NewPausesNanoseconds = NewPauses(then.GcCycles, now),
        };
    }

    private static GoFigures WithSchedulerRates(GoFigures gauges, RuntimeCounters? then, GoFigures? derived)
    {
        RuntimeCounters now = gauges.Counters;
        if (derived is not null && then?.SchedulerClockNanoseconds == now.SchedulerClockNanoseconds)
        {
            return gauges with
            {
                GcCpuPercent = derived.GcCpuPercent,
                GcAssistPercent = derived.GcAssistPercent,
                SchedulingLatency = derived.SchedulingLatency,
                SchedulingLatencyP50Nanoseconds = derived.SchedulingLatencyP50Nanoseconds,
                SchedulingLatencyP99Nanoseconds = derived.SchedulingLatencyP99Nanoseconds,
                SchedulesPerSecond = derived.SchedulesPerSecond,
            };
        }

        if (then is null || Rates.Between(then.SchedulerClockNanoseconds, now.SchedulerClockNanoseconds) is not { } rates)
        {
            return gauges with
            {
                GcCpuPercent = NoRate(now.GcCpuNanoseconds),
                GcAssistPercent = NoRate(now.GcAssistCpuNanoseconds),
                SchedulingLatency = NoRate(now.SchedulingLatency).Absent<TimeHistogram>(),
                SchedulingLatencyP50Nanoseconds = NoRate(now.SchedulingLatency),
                SchedulingLatencyP99Nanoseconds = NoRate(now.SchedulingLatency),
                SchedulesPerSecond = NoRate(now.Procs),
            };
        }

        double procs = now.Gomaxprocs.ValueOr(0);
        Reading<TimeHistogram> latency = Since(then.SchedulingLatency, now.SchedulingLatency);
        return gauges with
        {
            GcCpuPercent = procs > 0 ? rates.PercentOfTime(then.GcCpuNanoseconds, now.GcCpuNanoseconds, procs) : now.Gomaxprocs.Absent<double>(),
            GcAssistPercent = procs > 0 ? rates.PercentOfTime(then.GcAssistCpuNanoseconds, now.GcAssistCpuNanoseconds, procs) : now.Gomaxprocs.Absent<double>(),
            SchedulingLatency = latency,
            SchedulingLatencyP50Nanoseconds = Quantile(latency, 0.5),
            SchedulingLatencyP99Nanoseconds = Quantile(latency, 0.99),
            SchedulesPerSecond = rates.PerSecond(Schedules(then.Procs), Schedules(now.Procs)),
        };
    }

    /// <summary>A rate that is absent for its own figure's reason, or because there is no second reading yet.</summary>
    private static Reading<double> NoRate<T>(Reading<T> figure) => figure.HasValue ? Rates.NotYet() : figure.Absent<double>();

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
}
