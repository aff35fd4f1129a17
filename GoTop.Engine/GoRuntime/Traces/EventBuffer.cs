using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>Gathers events in order and hands them to the sink in runs.</summary>
/// <param name="before">Time before that of any event.</param>
internal sealed class EventBuffer(long before)
{
    // 32 KiB: still near when the sink reads them, and long enough runs that reading and analysing do not drive each other
    // out of the processor's instruction cache and branch history. Measured best from 32 to 4096.
    private readonly TraceEvent[] _events = new TraceEvent[512];
    private int _count;

    public ITraceSink? Sink { get; set; }

    public long LastTime { get; private set; } = before;

    /// <summary>The next event, empty but for these. Times are made to rise, as the reference does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TraceEvent Add(TraceEventKind kind, long time, long thread, int proc, long goroutine)
    {
        if (_count == _events.Length) Flush();
        ref TraceEvent added = ref _events[_count++];
        long later = LastTime + 1;
        LastTime = time < later ? later : time;
        // Cleared in place rather than copied from a new one, which takes twice the time.
        added = default;
        added.Kind = kind;
        added.TimeNanoseconds = LastTime;
        added.Thread = thread;
        added.Proc = proc;
        added.Goroutine = goroutine;
        return ref added;
    }

    public void Flush()
    {
        int count = _count;
        _count = 0;
        if (count > 0) Sink?.OnEvents(_events.AsSpan(0, count));
    }
}
