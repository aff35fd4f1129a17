namespace GoTop.Engine.Model;

/// <summary>
/// How the target fares, as far as it is known: the figures by which a dear request is held back. Over the last seconds
/// rather than the last tick, so that one GC cycle does not stand for an incident.
/// </summary>
public sealed record TargetCondition
{
    public static TargetCondition Unknown { get; } = new();

    /// <summary>Share of GOMAXPROCS × time that GC used over the last ten seconds, 0–100.</summary>
    public Reading<double> GcCpuPercent { get; init; }

    /// <summary>The longest stop of the world in the last 30 s: a GC cycle's both stops together, or a stop for another reason.</summary>
    public Reading<long> LongestStopNanoseconds { get; init; }

    /// <summary>How long goroutines waited to run over the last ten seconds: the 99th percentile.</summary>
    public Reading<long> SchedulingLatencyP99Nanoseconds { get; init; }

    public Reading<long> Goroutines { get; init; }
}
