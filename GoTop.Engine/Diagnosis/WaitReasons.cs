namespace GoTop.Engine.Diagnosis;

/// <summary>What Go's wait reasons mean. Their texts are the target's own and grow with each release, so match loosely.</summary>
internal static class WaitReasons
{
    /// <summary>Blocked on a mutex, read-write mutex or condition.</summary>
    public static bool IsLock(string reason) =>
        reason.StartsWith("sync.Mutex", StringComparison.Ordinal)
        || reason.StartsWith("sync.RWMutex", StringComparison.Ordinal)
        || reason == "semacquire";

    /// <summary>Blocked in a way that a healthy service is only for moments: idle ones wait to receive, for I/O or a timer.</summary>
    public static bool IsStuck(string reason) => IsLock(reason) || reason.StartsWith("chan send", StringComparison.Ordinal);
}
