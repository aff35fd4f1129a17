namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// Whose a thread is: sched_switch names the thread that comes by its number alone. Learnt from the threads that go, and from
/// those that begin.
/// </summary>
internal sealed class ThreadOwners(int target)
{
    private const int MaxKnown = 1 << 18;

    private readonly Dictionary<int, int> _processOf = [];

    public void Add(int thread, int process)
    {
        if (thread <= 0 || process <= 0) return;
        if (_processOf.Count >= MaxKnown) ForgetOthers();
        _processOf[thread] = process;
    }

    /// <summary>Learns from an event, in the order of time, and completes it.</summary>
    public KernelEvent Resolve(in KernelEvent happened)
    {
        switch (happened.Kind)
        {
            case KernelEventKind.Switch:
                Add(happened.OtherThread, happened.OtherProcess);
                break;
            case KernelEventKind.ThreadStart:
            case KernelEventKind.Sample:
                Add(happened.Thread, happened.Process);
                break;
            case KernelEventKind.ThreadEnd:
                _processOf.Remove(happened.Thread);
                break;
        }

        return happened with
        {
            Process = Complete(happened.Thread, happened.Process),
            OtherProcess = Complete(happened.OtherThread, happened.OtherProcess),
        };
    }

    private int Complete(int thread, int process) =>
        thread == 0 ? 0 : process != KernelEvent.Unknown || thread < 0 ? process : _processOf.GetValueOrDefault(thread, KernelEvent.Unknown);

    private void ForgetOthers()
    {
        foreach ((int thread, int process) in _processOf.ToArray())
        {
            if (process != target) _processOf.Remove(thread);
        }
    }
}
