namespace GoTop.Engine.Model;

/// <summary>
/// One life of a process. Process ids recur, so the start time belongs to the key.
/// </summary>
/// <param name="ProcessId">The operating system's process id.</param>
/// <param name="StartToken">
/// The start time as the system counts it, only good for comparing: clock ticks since boot on Linux, FILETIME on Windows.
/// </param>
public readonly record struct ProcessKey(int ProcessId, ulong StartToken);
