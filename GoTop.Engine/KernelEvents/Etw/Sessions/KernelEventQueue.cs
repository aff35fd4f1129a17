namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>
/// Events between the thread that ETW calls and the one that takes them. What does not fit is counted as lost, so that a
/// reader that is late costs no memory without end.
/// </summary>
internal sealed class KernelEventQueue : IKernelEventSink
{
    public const int MaxEvents = 256 * 1024;

    private readonly Lock _lock = new();
    private List<Queued> _coming = [];
    private List<Queued> _taken = [];
    private long _lost;
    private long _lastNanoseconds = long.MinValue;

    /// <summary>The time of the newest event that has come; the smallest number before the first.</summary>
    public long LastNanoseconds
    {
        get
        {
            lock (_lock) return _lastNanoseconds;
        }
    }

    public void OnEvent(in KernelEvent happened) => Add(new Queued(happened, [], []));

    public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack) =>
        Add(new Queued(sample, kernelStack.ToArray(), userStack.ToArray()));

    /// <summary>Counts events as lost that never came.</summary>
    public void AddLost(long count)
    {
        lock (_lock) _lost += count;
    }

    /// <summary>Hands on all that has come since the last time; one thread at a time.</summary>
    /// <returns>How many were lost meanwhile; they are told first, since whatever was under way is not known.</returns>
    public long HandOn(IKernelEventSink sink)
    {
        long lost;
        lock (_lock)
        {
            (_coming, _taken) = (_taken, _coming);
            (lost, _lost) = (_lost, 0);
        }

        if (lost > 0)
        {
            long at = _taken.Count > 0 ? _taken[0].Event.TimeNanoseconds : Math.Max(0, LastNanoseconds);
            sink.OnEvent(new KernelEvent
            {
                Kind = KernelEventKind.Lost,
                Value = lost,
                TimeNanoseconds = at,
                Cpu = KernelEvent.Unknown,
                Thread = KernelEvent.Unknown,
                Process = KernelEvent.Unknown,
                OtherThread = KernelEvent.Unknown,
                OtherProcess = KernelEvent.Unknown,
                WaitReason = KernelEvent.Unknown,
            });
        }

        foreach (Queued queued in _taken)
        {
            if (queued.Event.Kind == KernelEventKind.Sample) sink.OnSample(queued.Event, queued.Kernel, queued.User);
            else sink.OnEvent(queued.Event);
        }

        _taken.Clear();
        return lost;
    }

    private void Add(in Queued queued)
    {
        lock (_lock)
        {
            // A sample may be older than what has come before it.
            _lastNanoseconds = Math.Max(_lastNanoseconds, queued.Event.TimeNanoseconds);
            if (_coming.Count < MaxEvents) _coming.Add(queued);
            else _lost++;
        }
    }

    private readonly record struct Queued(KernelEvent Event, ulong[] Kernel, ulong[] User);
}
