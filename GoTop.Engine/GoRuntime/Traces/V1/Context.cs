namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Adds events with who was at work where when they happened.</summary>
internal sealed class Context
{
    private readonly EventBuffer _events;
    private readonly IdTable _goroutines;
    private readonly Generation _generation;

    /// <summary>By place of the P: its number.</summary>
    private readonly int[] _procs;

    /// <summary>By place of the P: the M that has it.</summary>
    private readonly long[] _threads;

    public Context(Contents contents, IdTable goroutines, Generation generation, EventBuffer events)
    {
        _events = events;
        _goroutines = goroutines;
        _generation = generation;
        _procs = [.. contents.Procs.Select(proc => proc.Id)];
        _threads = new long[_procs.Length];
        Array.Fill(_threads, TraceEvent.None);
    }

    /// <summary>Events whose stack the file does not have.</summary>
    public int MissingStacks { get; private set; }

    public long GoroutineId(int place) => (long)_goroutines.IdAt(place);

    public int ProcId(int place) => _procs[place];

    public void SetThread(int proc, long thread) => _threads[proc] = thread;

    /// <summary>The event told as another of that kind, which is empty but for place, time and stack.</summary>
    public ref TraceEvent Add(TraceEventKind kind, in RawEvent each, long nanoseconds)
    {
        ref TraceEvent added = ref _events.Add(kind, nanoseconds, _threads[each.Proc], _procs[each.Proc], Running(each));
        added.Stack = Stack(each.Stack);
        return ref added;
    }

    /// <summary>A sample names its P itself, and no M.</summary>
    public void AddSample(in RawEvent each, int proc, long nanoseconds) =>
        _events.Add(TraceEventKind.StackSample, nanoseconds, TraceEvent.None, proc, Running(each)).Stack = Stack(each.Stack);

    public int Stack(uint id)
    {
        int stack = _generation.Stack(id);
        if (stack == 0 && id != 0) MissingStacks++;
        return stack;
    }

    private long Running(in RawEvent each) => each.Goroutine == 0 ? TraceEvent.None : GoroutineId(each.Goroutine);
}
