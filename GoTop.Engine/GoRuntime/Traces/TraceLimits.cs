namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>How much of a trace is held in memory at most. What goes beyond is refused with the place where it does.</summary>
public sealed record TraceLimits
{
    /// <summary>The deepest stack the format allows.</summary>
    public const int MaxFrames = 128;

    public static readonly TraceLimits Default = new();

    /// <summary>
    /// From the first event to the last. A damaged clock gives times that are centuries apart, and sums of them that no
    /// number holds.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Bytes of one generation; of the whole file in format 1.</summary>
    public long MaxGenerationBytes { get; init; } = 512L << 20;

    /// <summary>Goroutines, Ps, Ms or tasks alive at a time.</summary>
    public int MaxLive { get; init; } = 4 << 20;

    /// <summary>Strings, stacks or CPU samples of one generation.</summary>
    public int MaxTableEntries { get; init; } = 4 << 20;
}
