namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// What a dump may hold at most. Far above what real ones have: Go itself ends debug=2 text at 64 MB, some 130,000
/// goroutines, and prints at most 100 frames of each. What lies beyond is counted or named, not kept.
/// </summary>
public static class DumpLimits
{
    public const int Rows = 2_000_000;

    /// <summary>Only labels and panic messages can make a line long.</summary>
    public const int LineBytes = 64 * 1024;

    public const int DistinctFrames = 1 << 18;

    /// <summary>Bytes of all distinct functions and files, and of all distinct labels.</summary>
    public const long DistinctTextBytes = 64L << 20;

    public const int DistinctStacks = 1 << 19;

    /// <summary>Frames of all distinct stacks together.</summary>
    public const int DistinctStackFrames = 1 << 24;

    public const int FramesOfStack = 1_000;

    public const int DistinctStatuses = 1 << 12;

    public const int DistinctLabelSets = 1 << 18;

    public const int LabelsOfGoroutine = 256;

    public const int Crashes = 64;

    public const int CrashLines = 64;

    /// <summary>Of one message; the rest of a longer one is cut.</summary>
    public const int CrashLineChars = 2_000;

    public const int ThreadStacks = 4_096;

    /// <summary>The size at which net/http/pprof cuts a debug=2 text off (<c>writeGoroutineStacks</c>).</summary>
    public const long ServerCutBytes = 64L << 20;
}
