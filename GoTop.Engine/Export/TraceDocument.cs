using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary>What <c>gotop analyze --json</c> prints of an execution trace: see docs/json.md.</summary>
public sealed record TraceDocument
{
    public string Kind { get; } = "trace";

    public required string GoVersion { get; init; }

    public required string Verdict { get; init; }

    public required long DurationNanoseconds { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required string? EndedEarly { get; init; }

    public required long Bytes { get; init; }

    public required int Generations { get; init; }

    public required long Events { get; init; }

    public required long Goroutines { get; init; }

    public required long? Gomaxprocs { get; init; }

    public required DurationsPart SchedulingLatency { get; init; }

    public required ImmutableArray<HistogramPart> SchedulingLatencyHistogram { get; init; }

    public required ImmutableArray<SchedulingWaitPart> WorstSchedulingWaits { get; init; }

    public required DurationsPart Running { get; init; }

    public required DurationsPart Syscalls { get; init; }

    public required ImmutableArray<SyscallSitePart> SyscallSites { get; init; }

    public required ImmutableArray<ReasonPart> Blocked { get; init; }

    public required ImmutableArray<BlockedSitePart> BlockedSites { get; init; }

    public required ImmutableArray<WakerPart> Wakers { get; init; }

    public required ImmutableArray<StopKindPart> StopTheWorld { get; init; }

    public required ImmutableArray<WorldStopPart> LongestStops { get; init; }

    public required ImmutableArray<RangePart> Ranges { get; init; }

    public required ImmutableArray<RegionPart> Regions { get; init; }

    public required ImmutableArray<TaskPart> Tasks { get; init; }

    public required ImmutableArray<ProcTimePart> Procs { get; init; }

    public required TimelinePart Timeline { get; init; }

    public required HeapRangePart Heap { get; init; }

    public required long CpuSamples { get; init; }

    public required ImmutableArray<FunctionSamplesPart> CpuFunctions { get; init; }

    public static TraceDocument Of(TraceReport report) => new()
    {
        GoVersion = report.GoVersion,
        Verdict = report.Verdict,
        DurationNanoseconds = report.DurationNanoseconds,
        StartedAt = report.StartedAt,
        EndedEarly = report.EndedEarly,
        Bytes = report.Bytes,
        Generations = report.Generations,
        Events = report.Events,
        Goroutines = report.Goroutines,
        Gomaxprocs = report.Gomaxprocs,
        SchedulingLatency = Part(report.SchedulingLatency),
        SchedulingLatencyHistogram = Histogram(report.SchedulingLatencyHistogram),
        WorstSchedulingWaits = [.. report.WorstSchedulingWaits.Select(wait => new SchedulingWaitPart(
            wait.Goroutine, wait.AtNanoseconds, wait.DurationNanoseconds, wait.StartFunction, wait.Reason, Part(wait.Site), wait.MadeRunnableBy, Part(wait.WakerSite)))],
        Running = Part(report.Running),
        Syscalls = Part(report.Syscalls),
        SyscallSites = [.. report.SyscallSites.Select(site => new SyscallSitePart(Part(site.Site), site.Count, site.TotalNanoseconds, site.MaxNanoseconds))],
        Blocked = [.. report.Blocked.Select(each => new ReasonPart(
            each.Name, each.Durations.Count, each.Durations.TotalNanoseconds, each.Durations.MaxNanoseconds, each.Durations.P50Nanoseconds, each.Durations.P99Nanoseconds))],
        BlockedSites = [.. report.BlockedSites.Select(site => new BlockedSitePart(
            site.Reason, Part(site.Site), site.Count, site.TotalNanoseconds, site.MaxNanoseconds, [.. site.WokenBy.Select(by => new WokenByPart(Part(by.Site), by.Count))]))],
        Wakers = [.. report.Wakers.Select(waker => new WakerPart(Part(waker.Site), waker.Count, waker.WaitedNanoseconds))],
        StopTheWorld = [.. report.StopTheWorld.Select(each => new StopKindPart(
            each.Name, each.Durations.Count, each.Durations.TotalNanoseconds, each.Durations.MaxNanoseconds, each.Durations.P50Nanoseconds, each.Durations.P99Nanoseconds))],
        LongestStops = [.. report.LongestStops.Select(stop => new WorldStopPart(stop.Kind, stop.AtNanoseconds, stop.DurationNanoseconds, stop.Goroutine))],
        Ranges = [.. report.Ranges.Select(each => new RangePart(
            each.Name, each.Durations.Count, each.Durations.TotalNanoseconds, each.Durations.MaxNanoseconds, each.Durations.P50Nanoseconds, each.Durations.P99Nanoseconds))],
        Regions = [.. report.Regions.Select(each => new RegionPart(
            each.Name, each.Durations.Count, each.Durations.TotalNanoseconds, each.Durations.MaxNanoseconds, each.Durations.P50Nanoseconds, each.Durations.P99Nanoseconds))],
        Tasks = [.. report.Tasks.Select(task => new TaskPart(task.Type, task.Count, Part(task.Latency)))],
        Procs = [.. report.Procs.Select(proc => new ProcTimePart(proc.Id, proc.RunningNanoseconds, proc.GoNanoseconds, proc.GcNanoseconds, proc.SyscallNanoseconds))],
        Timeline = Part(report.Timeline),
        Heap = new HeapRangePart(report.Heap.FirstGoalBytes, report.Heap.LastGoalBytes, report.Heap.FirstLiveBytes, report.Heap.LastLiveBytes, report.Heap.MaxLiveBytes),
        CpuSamples = report.CpuSamples,
        CpuFunctions = [.. report.CpuFunctions.Select(function => new FunctionSamplesPart(function.Function, function.Samples))],
    };

    private static DurationsPart Part(DurationSummary durations) =>
        new(durations.Count, durations.TotalNanoseconds, durations.MaxNanoseconds, durations.P50Nanoseconds, durations.P99Nanoseconds);

    private static ImmutableArray<FramePart> Part(ImmutableArray<CodeLocation> site) => [.. site.Select(frame => new FramePart(frame.Function, frame.File, frame.Line))];

    /// <summary>Without the empty buckets.</summary>
    private static ImmutableArray<HistogramPart> Histogram(TimeHistogram histogram) => HistogramPart.Of(histogram);

    private static TimelinePart Part(TraceTimeline timeline) => new(
        timeline.BucketNanoseconds, timeline.OmittedProcs,
        [.. timeline.Procs.Select(lane => new LanePart(
            lane.Id, Percents(lane, share => share.Go), Percents(lane, share => share.Gc), Percents(lane, share => share.Syscall), Percents(lane, share => share.Scheduling)))],
        [.. timeline.MarkPhasePercent.Select(percent => (int)percent)], [.. timeline.StopTheWorldPercent.Select(percent => (int)percent)]);

    private static ImmutableArray<int> Percents(ProcLane lane, Func<ProcShare, byte> part) => [.. lane.Shares.Select(share => (int)part(share))];
}

public sealed record DurationsPart(long Count, long TotalNanoseconds, long MaxNanoseconds, long P50Nanoseconds, long P99Nanoseconds);

public sealed record HistogramPart(long FromNanoseconds, long Count)
{
    /// <summary>Without the empty buckets.</summary>
    public static ImmutableArray<HistogramPart> Of(TimeHistogram histogram) =>
        [.. histogram.LowerBoundsNanoseconds.Zip(histogram.Counts, (bound, count) => new HistogramPart(bound, count)).Where(bucket => bucket.Count > 0)];
}

public sealed record SchedulingWaitPart(
    long Goroutine, long AtNanoseconds, long DurationNanoseconds, string StartFunction, string Reason, ImmutableArray<FramePart> Stack, long? MadeRunnableBy,
    ImmutableArray<FramePart> WakerStack);

public sealed record SyscallSitePart(ImmutableArray<FramePart> Stack, long Count, long TotalNanoseconds, long MaxNanoseconds);

public sealed record ReasonPart(string Reason, long Count, long TotalNanoseconds, long MaxNanoseconds, long P50Nanoseconds, long P99Nanoseconds);

public sealed record BlockedSitePart(
    string Reason, ImmutableArray<FramePart> Stack, long Count, long TotalNanoseconds, long MaxNanoseconds, ImmutableArray<WokenByPart> WokenBy);

public sealed record WokenByPart(ImmutableArray<FramePart> Stack, long Count);

public sealed record WakerPart(ImmutableArray<FramePart> Stack, long Count, long WaitedNanoseconds);

public sealed record StopKindPart(string Kind, long Count, long TotalNanoseconds, long MaxNanoseconds, long P50Nanoseconds, long P99Nanoseconds);

public sealed record WorldStopPart(string Kind, long AtNanoseconds, long DurationNanoseconds, long Goroutine);

public sealed record RangePart(string Name, long Count, long TotalNanoseconds, long MaxNanoseconds, long P50Nanoseconds, long P99Nanoseconds);

public sealed record RegionPart(string Type, long Count, long TotalNanoseconds, long MaxNanoseconds, long P50Nanoseconds, long P99Nanoseconds);

public sealed record TaskPart(string Type, long Count, DurationsPart Latency);

public sealed record ProcTimePart(int Id, long RunningNanoseconds, long GoNanoseconds, long GcNanoseconds, long SyscallNanoseconds);

public sealed record TimelinePart(
    long BucketNanoseconds, int OmittedProcs, ImmutableArray<LanePart> Procs, ImmutableArray<int> MarkPhasePercent, ImmutableArray<int> StopTheWorldPercent);

public sealed record LanePart(
    int Id, ImmutableArray<int> GoPercent, ImmutableArray<int> GcPercent, ImmutableArray<int> SyscallPercent, ImmutableArray<int> SchedulingPercent);

public sealed record HeapRangePart(long? FirstGoalBytes, long? LastGoalBytes, long? FirstLiveBytes, long? LastLiveBytes, long? MaxLiveBytes);

public sealed record FunctionSamplesPart(string Function, long Samples);
