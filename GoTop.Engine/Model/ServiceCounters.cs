namespace GoTop.Engine.Model;

/// <summary>
/// What a service counts of itself and serves as metrics: requests by protocol, and its process. For rates, so cumulative.
/// </summary>
public sealed record ServiceCounters
{
    /// <summary>When this was read, on the sampler's monotonic clock; 0 is stamped by the sampler.</summary>
    public long ReadAtNanoseconds { get; init; }

    public Reading<RequestCounters> Http { get; init; }

    public Reading<RequestCounters> Grpc { get; init; }

    /// <summary>Its process as it sees itself: all there is of one on another machine.</summary>
    public Reading<ExportedProcess> Process { get; init; }
}

/// <summary>Requests that were answered, as one metric counts them.</summary>
public sealed record RequestCounters
{
    /// <summary>The metric's name, as shown: where the figures come from.</summary>
    public required string Metric { get; init; }

    /// <summary>Since start, over all its series.</summary>
    public required long Total { get; init; }

    /// <summary>
    /// Of these the ones that failed by the service's own fault: HTTP status 5xx; gRPC Unknown, DeadlineExceeded,
    /// Unimplemented, Internal, Unavailable and DataLoss.
    /// </summary>
    public Reading<long> Failed { get; init; }

    public Reading<RequestTimes> Times { get; init; }
}

/// <summary>How long requests took, as one metric measures it.</summary>
/// <param name="Metric">Its name without suffix.</param>
/// <param name="Count">Requests measured since start.</param>
/// <param name="SumNanoseconds">Of all their times.</param>
/// <param name="Histogram">Cumulative; absent for a summary, and where its series have different buckets.</param>
public sealed record RequestTimes(string Metric, long Count, long SumNanoseconds, Reading<TimeHistogram> Histogram);

/// <summary>The metrics <c>process_…</c> of a service.</summary>
public sealed record ExportedProcess
{
    /// <summary>User and system together, since start. Exporters tell it in steps of 10 ms.</summary>
    public Reading<long> CpuNanoseconds { get; init; }

    public Reading<long> ResidentBytes { get; init; }

    public Reading<int> Handles { get; init; }

    public Reading<long> HandleLimit { get; init; }
}
