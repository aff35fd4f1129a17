namespace GoTop.Engine.Platform.Windows;

/// <summary>Windows counts time in steps of 100 ns: moments since 1601 (FILETIME), and spans.</summary>
internal static class FileTimes
{
    private const long NanosecondsPerStep = 100;

    private static readonly DateTimeOffset Epoch = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Spans beyond what 64 bits of nanoseconds hold (292 years) are nonsense and become 0.</summary>
    public static long SpanToNanoseconds(long steps) => steps is >= 0 and <= long.MaxValue / NanosecondsPerStep ? steps * NanosecondsPerStep : 0;

    /// <summary>Null when it is no time a process could have started at.</summary>
    public static DateTimeOffset? ToMoment(ulong fileTime) =>
        fileTime > 0 && fileTime <= (ulong)(DateTimeOffset.MaxValue - Epoch).Ticks ? Epoch.AddTicks((long)fileTime) : null;
}
