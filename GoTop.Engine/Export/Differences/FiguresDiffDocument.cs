using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;

namespace GoTop.Engine.Export.Differences;

/// <summary>What <c>gotop diff A B --json</c> prints of two traces, two MemStats or two pages of metrics: the same figures side by side.</summary>
public sealed record FiguresDiffDocument
{
    /// <summary><c>traceDiff</c>, <c>memstatsDiff</c> or <c>metricsDiff</c>.</summary>
    public required string Kind { get; init; }

    public required ImmutableArray<FigureChangePart> Figures { get; init; }

    public static FiguresDiffDocument Of(TraceReport before, TraceReport after) => new()
    {
        Kind = "traceDiff",
        Figures =
        [
            new("duration", "nanoseconds", before.DurationNanoseconds, after.DurationNanoseconds),
            new("goroutines", "count", before.Goroutines, after.Goroutines),
            .. Durations("scheduling latency", before.SchedulingLatency, after.SchedulingLatency),
            .. Durations("running", before.Running, after.Running),
            .. Durations("system calls", before.Syscalls, after.Syscalls),
            .. Named("", before.StopTheWorld, after.StopTheWorld),
            .. Named("", before.Ranges, after.Ranges),
            .. Named("blocked: ", before.Blocked, after.Blocked),
            .. Named("region: ", before.Regions, after.Regions),
            .. Named("task: ", Latencies(before), Latencies(after)),
            new("heap goal at the end", "bytes", before.Heap.LastGoalBytes, after.Heap.LastGoalBytes),
            new("live heap at the end", "bytes", before.Heap.LastLiveBytes, after.Heap.LastLiveBytes),
        ],
    };

    public static FiguresDiffDocument Of(MemStatsDocument before, MemStatsDocument after) => new()
    {
        Kind = "memstatsDiff",
        Figures =
        [
            new("heap in use by objects", "bytes", before.HeapAllocBytes, after.HeapAllocBytes),
            new("heap goal", "bytes", before.NextGcBytes, after.NextGcBytes),
            new("objects", "count", before.HeapObjects, after.HeapObjects),
            new("asked of the system", "bytes", before.SysBytes, after.SysBytes),
            new("spans in use", "bytes", before.HeapInUseBytes, after.HeapInUseBytes),
            new("spans idle", "bytes", before.HeapIdleBytes, after.HeapIdleBytes),
            new("given back to the system", "bytes", before.HeapReleasedBytes, after.HeapReleasedBytes),
            new("stacks", "bytes", before.StackInUseBytes, after.StackInUseBytes),
            new("allocated since the start", "bytes", before.TotalAllocBytes, after.TotalAllocBytes),
            new("objects allocated since the start", "count", before.Mallocs, after.Mallocs),
            new("GC cycles", "count", before.NumGc, after.NumGc),
            new("world stopped for GC since the start", "nanoseconds", before.PauseTotalNanoseconds, after.PauseTotalNanoseconds),
            new("median of the last pauses", "nanoseconds", before.PauseP50Nanoseconds, after.PauseP50Nanoseconds),
            new("longest of the last pauses", "nanoseconds", before.PauseMaxNanoseconds, after.PauseMaxNanoseconds),
        ],
    };

    public static FiguresDiffDocument Of(MetricsDocument before, MetricsDocument after) => new()
    {
        Kind = "metricsDiff",
        Figures =
        [
            new("series", "count", before.Series, after.Series),
            new("goroutines", "count", before.Go.Goroutines, after.Go.Goroutines),
            new("threads", "count", before.Go.Threads, after.Go.Threads),
            new("heap in use by objects", "bytes", before.Go.HeapLiveBytes, after.Go.HeapLiveBytes),
            new("heap goal", "bytes", before.Go.HeapGoalBytes, after.Go.HeapGoalBytes),
            new("allocated since the start", "bytes", before.Go.TotalAllocBytes, after.Go.TotalAllocBytes),
            new("GC cycles", "count", before.Go.GcCycles, after.Go.GcCycles),
            new("world stopped for GC since the start", "nanoseconds", before.Go.PauseTotalNanoseconds, after.Go.PauseTotalNanoseconds),
            new("CPU time since the start", "nanoseconds", before.Process.CpuNanoseconds, after.Process.CpuNanoseconds),
            new("resident memory", "bytes", before.Process.ResidentBytes, after.Process.ResidentBytes),
            new("open file descriptors", "count", before.Process.Handles, after.Process.Handles),
            new("HTTP requests since the start", "count", before.Http.Total, after.Http.Total),
            new("HTTP requests failed since the start", "count", before.Http.Failed, after.Http.Failed),
            new("gRPC calls since the start", "count", before.Grpc.Total, after.Grpc.Total),
            new("gRPC calls failed since the start", "count", before.Grpc.Failed, after.Grpc.Failed),
        ],
    };

    private static FigureChangePart[] Durations(string name, DurationSummary? before, DurationSummary? after) =>
    [
        new(name, "count", before?.Count ?? 0, after?.Count ?? 0),
        new($"{name}, total", "nanoseconds", before?.TotalNanoseconds ?? 0, after?.TotalNanoseconds ?? 0),
        new($"{name}, p50", "nanoseconds", before?.P50Nanoseconds, after?.P50Nanoseconds),
        new($"{name}, p99", "nanoseconds", before?.P99Nanoseconds, after?.P99Nanoseconds),
        new($"{name}, longest", "nanoseconds", before?.MaxNanoseconds, after?.MaxNanoseconds),
    ];

    /// <summary>In the order of the later one, then what only the earlier one has.</summary>
    private static IEnumerable<FigureChangePart> Named(string prefix, ImmutableArray<NamedDurations> before, ImmutableArray<NamedDurations> after) =>
        after.Concat(before).Select(each => each.Name).Distinct(StringComparer.Ordinal)
            .SelectMany(name => Durations(prefix + name, Find(before, name), Find(after, name)));

    private static DurationSummary? Find(ImmutableArray<NamedDurations> all, string name)
    {
        foreach (NamedDurations each in all)
        {
            if (each.Name == name) return each.Durations;
        }

        return null;
    }

    private static ImmutableArray<NamedDurations> Latencies(TraceReport report) => [.. report.Tasks.Select(task => new NamedDurations(task.Type, task.Latency))];
}

/// <param name="Unit"><c>nanoseconds</c>, <c>bytes</c> or <c>count</c>.</param>
/// <param name="Before">Null when that file does not have it; likewise after.</param>
public sealed record FigureChangePart(string Name, string Unit, long? Before, long? After);
