using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Metrics;

namespace GoTop.Engine.Export;

/// <summary>
/// A page of Prometheus metrics, as <c>gotop analyze --json</c> prints it. Counters are since the service's start. A figure
/// that the page lacks is null, and <see cref="Absent"/> says why under its path. See docs/json.md.
/// </summary>
public sealed record MetricsDocument
{
    public string Kind { get; init; } = "metrics";

    public string? GoVersion { get; init; }

    /// <summary>Lines with a value.</summary>
    public required long Series { get; init; }

    public required MetricsGoPart Go { get; init; }

    public required MetricsProcessPart Process { get; init; }

    public required MetricsRequestPart Http { get; init; }

    public required MetricsRequestPart Grpc { get; init; }

    /// <summary>Those with the most series first: what makes the page large.</summary>
    public required ImmutableArray<MetricFamily> Families { get; init; }

    public required ImmutableSortedDictionary<string, string> Absent { get; init; }
}

/// <param name="GcPercent">GOGC; −1 when off.</param>
/// <param name="MemoryLimitBytes">GOMEMLIMIT; the largest number when there is none.</param>
public sealed record MetricsGoPart(
    long? Goroutines, int? Threads, int? Gomaxprocs, int? GcPercent, long? MemoryLimitBytes, long? HeapLiveBytes, long? HeapGoalBytes, long? TotalAllocBytes,
    long? GcCycles, long? PauseTotalNanoseconds, long? GcCpuNanoseconds, long? SchedulingLatencyP50Nanoseconds, long? SchedulingLatencyP99Nanoseconds);

public sealed record MetricsProcessPart(long? CpuNanoseconds, long? ResidentBytes, int? Handles, long? HandleLimit);

/// <param name="Metric">The metric that counts them, and which one times them.</param>
public sealed record MetricsRequestPart(
    string? Metric, long? Total, long? Failed, double? FailedPercent, string? TimesMetric, double? MeanNanoseconds, long? P50Nanoseconds, long? P99Nanoseconds);
