namespace GoTop.Engine.Diagnosis;

/// <summary>What Go's wait reasons mean. Their texts are the target's own and grow with each release, so match loosely.</summary>
internal static class WaitReasons
{
    /// <summary>Blocked on a mutex, read-write mutex or condition.</summary>
    public static bool IsLock(string reason) =>
        reason.StartsWith("sync.Mutex", StringComparison.Ordinal)
        || reason.StartsWith("sync.RWMutex", StringComparison.Ordinal)
        || reason == "semacquire";

    /// <summary>Blocked until another goroutine of the program does something.</summary>
    public static bool IsWithinProgram(string reason) =>
        IsLock(reason)
        || reason.StartsWith("chan ", StringComparison.Ordinal)
        || reason.StartsWith("select", StringComparison.Ordinal)
        || reason.StartsWith("sync.", StringComparison.Ordinal);
}
