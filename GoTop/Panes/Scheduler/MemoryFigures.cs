using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Cores;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>What memory tells of the scheduler at each tick.</summary>
internal static class MemoryFigures
{
    public static MemoryPart Of(Observation observation, Comparison? comparison)
    {
        Snapshot now = observation.Now;
        RuntimeCounters counters = now.Go.Counters;
        string? coarse = RuntimeClock.IsCoarse(now) ? "Windows: Go measures waits in timer ticks of 0.5–15.6 ms" : null;
        return new MemoryPart(
            CoreWords.Of(now),
            Panel("waits to run, last tick", now.Go.SchedulingLatency, coarse),
            Longer(now, comparison, coarse),
            Rows(now),
            StopsOf(now, comparison),
            counters.Procs.ValueOr([]),
            counters.Procs.HasValue ? null : Figure.Of(counters.Procs, _ => "").Reason,
            ProcGrid.Queues(now.Go));
    }

    private static DurationPanel Longer(Snapshot now, Comparison? comparison, string? coarse)
    {
        Reading<TimeHistogram> all = now.Go.Counters.SchedulingLatency;
        if (comparison is null) return Panel("waits to run, since start", all, coarse);
        return Panel($"waits to run, {Span(comparison)}", Between(comparison, counters => counters.SchedulingLatency), coarse);
    }

    /// <summary>From 1.22 on all stops since the start, or between the marks; before, the latest pauses of GC.</summary>
    public static DurationPanel StopsOf(Snapshot now, Comparison? comparison)
    {
        RuntimeCounters counters = now.Go.Counters;
        string? coarse = RuntimeClock.IsCoarse(now) ? "Windows: Go measures stops in timer ticks of 0.5–15.6 ms" : null;
        Reading<TimeHistogram> gc = comparison is null ? counters.GcStopTheWorld : Between(comparison, c => c.GcStopTheWorld);
        Reading<TimeHistogram> other = comparison is null ? counters.OtherStopTheWorld : Between(comparison, c => c.OtherStopTheWorld);
        string when = comparison is null ? "since start" : Span(comparison);
        if (gc.TryGet(out TimeHistogram? ofGc) && other.TryGet(out TimeHistogram? ofOthers) && Sum(ofGc, ofOthers) is { } sum)
            return Panel($"stops of the world, {when}", Reading.Of(sum), coarse);
        if (!counters.RecentPausesNanoseconds.TryGet(out ImmutableArray<long> pauses))
            return new DurationPanel("Stops of the world", null, [], Figure.Of(gc, _ => "").Reason);
        return pauses.IsEmpty
            ? new DurationPanel("GC pauses", null, [], "No cycle has run yet.")
            : new DurationPanel($"Last {Figures.Count(pauses.Length)} GC pauses", $"longest {Figures.Nanoseconds(pauses.Max())}", Histogram.Of(pauses.AsSpan()), coarse);
    }

    private static ImmutableArray<FigureRow> Rows(Snapshot now)
    {
        GoFigures go = now.Go;
        RuntimeCounters counters = go.Counters;
        return
        [
            new("latency p99", Figure.Of(go.SchedulingLatencyP99Nanoseconds, Figures.Nanoseconds, late => late >= 10e6 ? Tone.Warning : Tone.Normal), SeriesCatalog.SchedulingLatencyP99),
            new("latency p50", Figure.Of(go.SchedulingLatencyP50Nanoseconds, Figures.Nanoseconds)),
            new("run queue", Figure.Of(go.RunQueue, Figures.Count), SeriesCatalog.RunQueue),
            new("schedules", Figure.Of(go.SchedulesPerSecond, Figures.PerSecond), SeriesCatalog.Schedules),
            new("Ps running", Figure.Of(go.RunningProcs, Figures.Count), Note: counters.Gomaxprocs.TryGet(out int procs) ? $"of GOMAXPROCS {Figures.Count(procs)}" : null),
            new("Ps idle", Figure.Of(go.IdleProcs, Figures.Count)),
            new("stopped world", Figure.Of(go.PausePercent, Figures.Percent), SeriesCatalog.Pause),
            new("GC stops", Stops(counters.GcStopTheWorld), Note: Longest(counters.GcStopTheWorld)),
            new("other stops", Stops(counters.OtherStopTheWorld), Note: Longest(counters.OtherStopTheWorld)),
        ];
    }

    private static Figure Stops(Reading<TimeHistogram> histogram) => Figure.Of(histogram, stops => Figures.Count(stops.Total));

    private static string? Longest(Reading<TimeHistogram> histogram) =>
        histogram.TryGet(out TimeHistogram? stops) && stops.Total > 0 ? $"p99 {Quantile(stops, 0.99)}, max < {Quantile(stops, 1)}" : null;

    /// <param name="what">What is counted, for the title.</param>
    private static DurationPanel Panel(string what, Reading<TimeHistogram> reading, string? note) => reading.TryGet(out TimeHistogram? histogram)
        ? new DurationPanel($"{Figures.Count(histogram.Total)} {what}", Summary(histogram), Histogram.Of(histogram), note)
        : new DurationPanel($"{char.ToUpperInvariant(what[0])}{what[1..]}", null, [], Figure.Of(reading, _ => "").Reason);

    /// <summary><c>p50 1.0 µs, p99 4.2 ms, max &lt; 33.6 ms</c>: of a histogram, the upper bounds of their buckets.</summary>
    private static string? Summary(TimeHistogram histogram) => histogram.Total > 0
        ? $"p50 {Quantile(histogram, 0.5)}, p99 {Quantile(histogram, 0.99)}, max < {Quantile(histogram, 1)}"
        : null;

    private static Reading<TimeHistogram> Between(Comparison comparison, Func<RuntimeCounters, Reading<TimeHistogram>> select)
    {
        Reading<TimeHistogram> then = select(comparison.Then.Now.Go.Counters), now = select(comparison.Now.Now.Go.Counters);
        if (!now.TryGet(out TimeHistogram? later)) return now;
        if (!then.TryGet(out TimeHistogram? earlier)) return then;
        return later.Since(earlier) is { } between ? Reading.Of(between) : Reading.NotYet<TimeHistogram>("the histogram started anew since the mark");
    }

    private static string Span(Comparison comparison) => $"in {Figures.Age(comparison.Seconds)} since the mark";

    /// <summary>Null where the shapes differ.</summary>
    private static TimeHistogram? Sum(TimeHistogram one, TimeHistogram other) => one.LowerBoundsNanoseconds.SequenceEqual(other.LowerBoundsNanoseconds)
        ? new TimeHistogram(one.LowerBoundsNanoseconds, [.. one.Counts.Zip(other.Counts, (a, b) => a + b)])
        : null;

    private static string Quantile(TimeHistogram histogram, double quantile) => Figures.Nanoseconds(histogram.QuantileNanoseconds(quantile) ?? 0);
}
