namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Hands events to a sink in runs, each later than the one before.</summary>
internal sealed class EventWriter(ITraceSink sink)
{
    // Small enough to stay in the first cache between writing and reading.
    private readonly TraceEvent[] _run = new TraceEvent[128];
    private int _count;
    private long _lastNanoseconds = -1;

    public int Syncs { get; private set; }

    /// <summary>A Sync takes the time it is given, the reference's way: before the first event, and after the last.</summary>
    public void AddSync(long nanoseconds)
    {
        ref TraceEvent sync = ref Next();
        sync.Kind = TraceEventKind.Sync;
        sync.TimeNanoseconds = nanoseconds;
        sync.Value = ++Syncs;
        sync.Proc = TraceEvent.None;
        sync.Thread = TraceEvent.None;
        sync.Goroutine = TraceEvent.None;
    }

    public void AddLastSync() => AddSync(_lastNanoseconds + 1);

    /// <summary>An empty event to be filled in before the next is asked for. A time that is not later than the last event's is moved after it.</summary>
    public ref TraceEvent Add(TraceEventKind kind, long nanoseconds)
    {
        _lastNanoseconds = Math.Max(nanoseconds, _lastNanoseconds + 1);
        ref TraceEvent added = ref Next();
        added.Kind = kind;
        added.TimeNanoseconds = _lastNanoseconds;
        return ref added;
    }

    public void Flush()
    {
        if (_count > 0) sink.OnEvents(_run.AsSpan(0, _count));
        _count = 0;
    }

    private ref TraceEvent Next()
    {
        if (_count == _run.Length) Flush();
        ref TraceEvent next = ref _run[_count++];
        next = default;
        return ref next;
    }
}
