namespace GoTop.Engine.GoRuntime.Memory;

internal enum StartKind : byte
{
    Unknown,
    User,

    /// <summary>The runtime's own.</summary>
    System,

    /// <summary>The runtime's own but while it runs a finalizer.</summary>
    Finalizers,

    /// <summary>The runtime's own but while it runs a cleanup (1.25+).</summary>
    Cleanups,
}

/// <summary>runtime.isSystemGoroutine: which goroutines NumGoroutine and stack dumps leave out.</summary>
internal static class SystemGoroutines
{
    public static StartKind KindOf(string startFunction) => startFunction switch
    {
        "runtime.main" or "runtime.corostart" or "runtime.handleAsyncEvent" => StartKind.User,
        "runtime.runfinq" or "runtime.runFinalizers" => StartKind.Finalizers,
        "runtime.runCleanups" => StartKind.Cleanups,
        _ => startFunction.StartsWith("runtime.", StringComparison.Ordinal) ? StartKind.System : StartKind.User,
    };

    /// <param name="runningCleanups">g.runningCleanups; null where the version has no such field.</param>
    public static bool IsSystem(StartKind kind, bool isWaitingForWork, bool? runningCleanups) => kind switch
    {
        StartKind.System => true,
        // The flag that says it runs one is a global that cannot be found; while it waits for work it does not.
        StartKind.Finalizers => isWaitingForWork,
        StartKind.Cleanups => runningCleanups is { } running ? !running : isWaitingForWork,
        _ => false,
    };
}
