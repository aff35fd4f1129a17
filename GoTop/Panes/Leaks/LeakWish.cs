using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Panes.Leaks;

/// <summary>What the person has asked the runtime about leaked goroutines. It stands whichever pane is shown.</summary>
public sealed record LeakWish
{
    /// <summary>For so long another request may stand in the way.</summary>
    private const long LongestAwaitedNanoseconds = 30_000_000_000;

    public static LeakWish None { get; } = new();

    /// <summary>How often it was asked.</summary>
    public int Requests { get; init; }

    /// <summary>The last time in spite of the target's condition.</summary>
    public bool Forced { get; init; }

    /// <summary>When, on the sampler's monotonic clock.</summary>
    public long AskedAtNanoseconds { get; init; }

    /// <summary>Once more, as of what is shown.</summary>
    public LeakWish Ask(Observation? shown, bool force) =>
        new() { Requests = Requests + 1, Forced = force, AskedAtNanoseconds = shown?.Now.MonotonicNanoseconds ?? 0 };

    /// <summary>What a pane is interested in, and this.</summary>
    public Interest AddTo(Interest interest, Observation? shown) => Requests == 0 ? interest : interest with
    {
        LeakRequest = Requests,
        // Consent is for one request, and not for what panes ask for after it.
        Force = interest.Force || (Forced && IsAwaited(shown)),
    };

    private bool IsAwaited(Observation? shown) =>
        shown is null
        || ((shown.Now.Facts.ProfileCaptures.GoroutineLeak.ValueOr(null)?.ReadAtNanoseconds ?? 0) <= AskedAtNanoseconds && shown.Now.MonotonicNanoseconds - AskedAtNanoseconds < LongestAwaitedNanoseconds);
}
