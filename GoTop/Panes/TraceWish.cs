using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Panes;

/// <summary>What the person wants by way of execution traces. It stands whichever pane is shown.</summary>
public sealed record TraceWish
{
    public const int ShortestSeconds = 1;
    public const int LongestSeconds = 5;

    /// <summary>For so long another request may stand in the way.</summary>
    private const long LongestAwaitedNanoseconds = 30_000_000_000;

    public static TraceWish None { get; } = new();

    /// <summary>How many have been asked for.</summary>
    public int Requests { get; init; }

    /// <summary>How long the next one is to be.</summary>
    public int Seconds { get; init; } = ShortestSeconds;

    /// <summary>The last one was asked for in spite of the target's condition.</summary>
    public bool Forced { get; init; }

    /// <summary>When it was asked for, on the sampler's monotonic clock.</summary>
    public long AskedAtNanoseconds { get; init; }

    /// <summary>How often by itself: 0 for never, null for what is configured.</summary>
    public int? EverySeconds { get; init; }

    /// <summary>One more, as of what is shown.</summary>
    public TraceWish Ask(Observation? shown, bool force) =>
        this with { Requests = Requests + 1, Forced = force, AskedAtNanoseconds = shown?.Now.MonotonicNanoseconds ?? 0 };

    /// <summary>What a pane is interested in, and this.</summary>
    public Interest AddTo(Interest interest, Observation? shown) => interest with
    {
        TraceRequest = Requests,
        TraceSeconds = Requests > 0 ? Seconds : 0,
        TraceEverySeconds = EverySeconds,
        Force = interest.Force || (Forced && IsAwaited(shown)),
    };

    /// <summary>Consent is for one trace and not for what panes ask for after it.</summary>
    private bool IsAwaited(Observation? shown) =>
        shown is null
        || ((shown.Now.Facts.Trace.ValueOr(null)?.ReadAtNanoseconds ?? 0) <= AskedAtNanoseconds && shown.Now.MonotonicNanoseconds - AskedAtNanoseconds < LongestAwaitedNanoseconds);
}
