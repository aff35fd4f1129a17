using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>What the first view shows.</summary>
internal static class OverviewBuilder
{
    public static KernelOverview Of(Snapshot now, KernelFigures kernel)
    {
        int target = ProcessWords.Target(now);
        ImmutableArray<DurationBucket> waits = kernel.Report.RunQueueDelay.HasValue ? Histogram.Of(kernel.Report.RunQueueDelayHistogram) : [];
        ImmutableArray<DurationBucket> goWaits = now.Go.SchedulingLatency.TryGet(out TimeHistogram? latency) ? Histogram.Of(latency) : [];
        return new KernelOverview(
            new HistogramSide("threads (core)", waits), new HistogramSide("goroutines (P)", goWaits), WaitsNote(now, kernel, waits, goWaits), Rows(now, kernel),
            KernelTables.Instead(kernel.Report, target), InsteadNote(kernel), KernelTables.Longest(kernel.Report, target));
    }

    private static string? WaitsNote(Snapshot now, KernelFigures kernel, ImmutableArray<DurationBucket> waits, ImmutableArray<DurationBucket> goWaits)
    {
        if (!kernel.Report.RunQueueDelay.HasValue) return $"Threads' waits: {Figure.Of(kernel.Report.RunQueueDelay, _ => "").Reason}";
        if (!now.Go.SchedulingLatency.HasValue) return $"Goroutines' waits: {Figure.Of(now.Go.SchedulingLatency, _ => "").Reason}";
        if (waits.IsEmpty && goWaits.IsEmpty) return "Nobody waited.";
        return RuntimeClock.IsCoarse(now) ? "Windows: Go measures waits in timer ticks of 0.5–15.6 ms" : null;
    }

    private static string? InsteadNote(KernelFigures kernel) =>
        !kernel.Report.RanInstead.TryGet(out var instead) ? $"Who had the cores meanwhile: {Figure.Of(kernel.Report.RanInstead, _ => "").Reason}" : instead.IsDefaultOrEmpty ? "Nobody waited." : null;

    private static ImmutableArray<FigureRow> Rows(Snapshot now, KernelFigures kernel)
    {
        string atLeast = kernel.IsPartial ? "≥ " : "";
        return
        [
            new("on CPU", Counted(kernel.OnCpuPercent, Figures.Percent, _ => Tone.Normal), SeriesCatalog.Cpu),
            new("ready, no core", Counted(kernel.ReadyPercent, Figures.Percent, percent => percent >= 100 ? Tone.Critical : percent >= 25 ? Tone.Warning : Tone.Normal), SeriesCatalog.RunQueueDelay),
            new("throttled", Figure.Of(now.Container.ThrottledPercent, Figures.Percent, percent => percent >= 5 ? Tone.Warning : Tone.Normal), SeriesCatalog.Throttled),
            new("p99, for a core", Counted(kernel.Report.RunQueueDelay.Select(delay => (double)delay.P99Nanoseconds), Figures.Nanoseconds, Late)),
            new("p99, for a P", Figure.Of(now.Go.SchedulingLatencyP99Nanoseconds, Figures.Nanoseconds, Late), SeriesCatalog.SchedulingLatencyP99),
            new("preempted", Counted(kernel.PreemptionsPerSecond, Figures.PerSecond, _ => Tone.Normal)),
            new("gave up core", Counted(kernel.VoluntarySwitchesPerSecond, Figures.PerSecond, _ => Tone.Normal)),
            new("changed core", Counted(kernel.CoreMigrationsPerSecond, Figures.PerSecond, _ => Tone.Normal)),
            new("changed node", Counted(kernel.NodeMigrationsPerSecond, Figures.PerSecond, _ => Tone.Normal)),
            new("disk read", Counted(kernel.DiskReadBytesPerSecond, Figures.BytesPerSecond, _ => Tone.Normal)),
            new("disk written", Counted(kernel.DiskWrittenBytesPerSecond, Figures.BytesPerSecond, _ => Tone.Normal)),
            new("received", Counted(kernel.NetworkReceivedBytesPerSecond, Figures.BytesPerSecond, _ => Tone.Normal)),
            new("sent", Counted(kernel.NetworkSentBytesPerSecond, Figures.BytesPerSecond, _ => Tone.Normal)),
            new("hard faults", Counted(kernel.HardFaultsPerSecond, Figures.PerSecond, rate => rate >= 10 ? Tone.Warning : Tone.Normal)),
        ];

        Figure Counted(Reading<double> reading, Func<double, string> format, Func<double, Tone> tone) => Figure.Of(reading, value => atLeast + format(value), tone);

        static Tone Late(double nanoseconds) => nanoseconds >= 10e6 ? Tone.Warning : Tone.Normal;
    }
}
