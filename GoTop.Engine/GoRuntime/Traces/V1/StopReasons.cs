namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Why the world was stopped, by the number in a trace (<c>stwReason</c> in <c>runtime/proc.go</c> of Go 1.21; before, only the two of a collection).</summary>
internal static class StopReasons
{
    private static readonly string[] Go121 =
    [
        "", "GC mark termination", "GC sweep termination", "write heap dump", "goroutine profile", "goroutine profile cleanup", "all goroutine stack trace", "read mem stats",
        "AllThreadsSyscall", "GOMAXPROCS", "start trace", "stop trace", "CountPagesInUse (test)", "ReadMetricsSlow (test)", "ReadMemStatsSlow (test)",
        "PageCachePagesLeaked (test)", "ResetDebugLog (test)",
    ];

    /// <summary>The name of the range, as the reference has it: without a reason where the number is not known.</summary>
    public static string RangeName(int traceVersion, ulong number)
    {
        string reason = traceVersion < 21
            ? number <= 1 ? Go121[number + 1] : ""
            : number < (ulong)Go121.Length ? Go121[number] : "";
        return $"stop-the-world ({reason})";
    }
}
