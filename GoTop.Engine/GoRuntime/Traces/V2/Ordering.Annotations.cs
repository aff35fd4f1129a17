namespace GoTop.Engine.GoRuntime.Traces.V2;

internal sealed partial class Ordering
{
    private bool AdvanceMetric(ThreadState? thread, int name, bool needsGoroutine, int stack)
    {
        ThreadState runner = needsGoroutine ? RequireUser(thread) : RequireProc(thread);
        ref TraceEvent added = ref Add(TraceEventKind.Metric, runner);
        added.Name = name;
        added.Value = (long)_cursor.Argument0;
        added.Stack = stack;
        return true;
    }

    private bool AdvanceGoLabel(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        int name = Name(_cursor.Argument0);
        ref TraceEvent added = ref Add(TraceEventKind.Label, runner);
        added.Resource = TraceResource.Goroutine;
        added.Id = runner.GoroutineId;
        added.Name = name;
        return true;
    }

    private bool AdvanceTaskBegin(ThreadState? thread)
    {
        // The begin of a parent may lie before the trace, and an end may come twice; only a second begin is wrong.
        ulong id = _cursor.Argument0;
        ThreadState runner = RequireUser(thread);
        int name = Name(_cursor.Argument2), stack = Stack(_cursor.Argument3);
        ref (ulong Parent, int Name) task = ref _tasks.Add((long)id, out bool existed);
        if (existed) throw Broken($"task {id} begins twice");
        CheckLive(_tasks.Count, "tasks");
        // Zero means none here.
        task = (_cursor.Argument1 == 0 ? unchecked((ulong)TraceEvent.NoTask) : _cursor.Argument1, name);
        AddTask(runner, TraceEventKind.TaskBegin, (long)id, name, (long)task.Parent, stack);
        return true;
    }

    private bool AdvanceTaskEnd(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        long id = (long)_cursor.Argument0;
        int stack = Stack(_cursor.Argument1);
        ref (ulong Parent, int Name) found = ref _tasks.Find(id);
        bool known = !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref found);
        (ulong parent, int name) = known ? found : (unchecked((ulong)TraceEvent.NoTask), TraceNames.Empty);
        if (known) _tasks.Remove(id);
        AddTask(runner, TraceEventKind.TaskEnd, id, name, (long)parent, stack);
        return true;
    }

    private bool AdvanceRegionBegin(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner);
        int name = Name(_cursor.Argument1), stack = Stack(_cursor.Argument2);
        if (++_openRegions > limits.MaxLive) throw Broken($"more than {limits.MaxLive} regions at a time");
        (goroutine.Regions ??= []).Add((_cursor.Argument0, name));
        AddTask(runner, TraceEventKind.RegionBegin, (long)_cursor.Argument0, name, 0, stack);
        return true;
    }

    private bool AdvanceRegionEnd(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner);
        int name = Name(_cursor.Argument1), stack = Stack(_cursor.Argument2);
        // One that began before the trace did is not known.
        if (goroutine.Regions is { Count: > 0 } regions)
        {
            if (regions[^1] != (_cursor.Argument0, name)) throw Broken($"goroutine {goroutine.Id} ends another region than the innermost");
            regions.RemoveAt(regions.Count - 1);
            _openRegions--;
        }

        AddTask(runner, TraceEventKind.RegionEnd, (long)_cursor.Argument0, name, 0, stack);
        return true;
    }

    private bool AdvanceLog(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        int name = Name(_cursor.Argument1), stack = Stack(_cursor.Argument3);
        if (!_generation.IsPart && !_generation.Strings.Has(_cursor.Argument2)) throw Broken($"UserLog names string {_cursor.Argument2}, which is not there");
        AddTask(runner, TraceEventKind.Log, (long)_cursor.Argument0, name, (long)_cursor.Argument2, stack);
        return true;
    }

    private bool AdvanceExperimental(ThreadState? thread)
    {
        Add(TraceEventKind.Experimental, RequireThread(thread)).Id = (long)_cursor.Argument0;
        return true;
    }

    private void AddTask(ThreadState thread, TraceEventKind kind, long id, int name, long value, int stack)
    {
        ref TraceEvent added = ref Add(kind, thread);
        added.Id = id;
        added.Name = name;
        added.Value = value;
        added.Stack = stack;
    }
}
