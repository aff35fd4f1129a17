using GoTop.Engine.Analysis.Traces;

namespace GoTop.Engine.Model;

/// <summary>
/// An execution trace of a few seconds, analysed while it arrived. The trace itself is not kept: a busy service writes
/// megabytes in a second.
/// </summary>
public sealed record TraceBurst
{
    /// <summary>When the answer was complete.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The same on the sampler's monotonic clock.</summary>
    public required long ReadAtNanoseconds { get; init; }

    /// <summary>For how long the service was asked to trace.</summary>
    public required double Seconds { get; init; }

    /// <summary>From the request to the end of the answer, <see cref="Seconds"/> included.</summary>
    public required double TookMilliseconds { get; init; }

    /// <summary>The length of the trace.</summary>
    public required long Bytes { get; init; }

    /// <summary>What it cost the target, in words.</summary>
    public required string CostToTarget { get; init; }

    /// <summary>What it says.</summary>
    public required TraceReport Report { get; init; }
}
