namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Who was at work where when an event happened.</summary>
internal sealed class Context
{
    private readonly int[] _procs;
    private readonly IdTable _goroutines;
    private readonly Generation _generation;

    /// <summary>By place of the P: the M that has it.</summary>
    private readonly long[] _threads;

    public Context(Contents contents, IdTable goroutines, Generation generation)
    {
        _procs = [.. contents.Procs.Select(proc => proc.Id)];
        _goroutines = goroutines;
        _generation = generation;
        _threads = new long[contents.Procs.Count];
        Array.Fill(_threads, TraceEvent.None);
    }

    /// <summary>Events whose stack the file does not have.</summary>
    public int MissingStacks { get; private set; }

    public long GoroutineId(int place) => (long)_goroutines.IdAt(place);

    public void SetThread(int proc, long thread) => _threads[proc] = thread;

    public void Fill(ref TraceEvent added, in RawEvent each)
    {
        added.Proc = _procs[each.Proc];
        added.Thread = _threads[each.Proc];
        added.Goroutine = each.Goroutine == 0 ? TraceEvent.None : GoroutineId(each.Goroutine);
        added.Stack = Stack(each.Stack);
    }

    /// <summary>A sample names its P itself and no M.</summary>
    public void FillSample(ref TraceEvent added, in RawEvent each, int proc)
    {
        added.Proc = proc;
        added.Thread = TraceEvent.None;
        added.Goroutine = each.Goroutine == 0 ? TraceEvent.None : GoroutineId(each.Goroutine);
        added.Stack = Stack(each.Stack);
    }

    public int Stack(uint id)
    {
        int stack = _generation.Stack(id);
        if (stack == 0 && id != 0) MissingStacks++;
        return stack;
    }
}
