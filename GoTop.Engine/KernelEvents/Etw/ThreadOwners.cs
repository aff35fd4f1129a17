namespace GoTop.Engine.KernelEvents.Etw;

/// <summary>
/// Which process each living thread is of: most kernel events name the thread alone. TraceEvent's own tracking keeps the ended
/// ones as well, which a session that never ends cannot afford.
/// </summary>
internal sealed class ThreadOwners
{
    private const int MaxThreads = 500_000;

    // The idle threads, one for each processor, are all number 0.
    private readonly Dictionary<int, int> _processes = new() { [0] = 0 };

    public int Count => _processes.Count;

    public void Start(int thread, int process)
    {
        if (thread > 0 && process >= 0 && (_processes.Count < MaxThreads || _processes.ContainsKey(thread))) _processes[thread] = process;
    }

    public void End(int thread)
    {
        if (thread != 0) _processes.Remove(thread);
    }

    /// <param name="told">What the event says itself; below 0 when it does not.</param>
    public int Of(int thread, int told = KernelEvent.Unknown) => told >= 0 ? told : _processes.GetValueOrDefault(thread, KernelEvent.Unknown);
}
