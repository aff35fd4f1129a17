namespace GoTop.Engine.GoRuntime.Traces.V2;

internal sealed partial class Ordering
{
    private enum GcState : byte
    {
        Undetermined,
        NotRunning,
        Running,
    }

    private GcState _gcState;
    private ulong _gcSequence;

    private bool AdvanceStwBegin(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner);
        int name = _generation.Strings.StopTheWorldName(_cursor.Argument0);
        if (name < 0 && _generation.IsPart) name = _generation.Strings.StopCutOff();
        if (name < 0) throw Broken($"StwBegin names string {_cursor.Argument0}, which is not there");
        int stack = Stack(_cursor.Argument1);
        goroutine.StopsTheWorld ??= [];
        if (goroutine.StopsTheWorld.Contains(name)) throw Broken($"goroutine {goroutine.Id} stops the world twice for the same");
        goroutine.StopsTheWorld.Add(name);
        AddRange(runner, TraceEventKind.RangeBegin, TraceRange.StopTheWorld, name, TraceResource.Goroutine, goroutine.Id, stack);
        return true;
    }

    private bool AdvanceStwEnd(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner);
        if (goroutine.StopsTheWorld is not { Count: > 0 } stops) throw Broken($"goroutine {goroutine.Id} starts the world, but has not stopped it");
        int name = stops[0];
        stops[0] = stops[^1];
        stops.RemoveAt(stops.Count - 1);
        AddRange(runner, TraceEventKind.RangeEnd, TraceRange.StopTheWorld, name, TraceResource.Goroutine, goroutine.Id);
        return true;
    }

    private bool AdvanceGcActive(ThreadState? thread)
    {
        ulong sequence = _cursor.Argument0;
        if (_number == _firstNumber)
        {
            if (_gcState != GcState.Undetermined) throw Broken("GcActive is not the first that is told of the GC");
        }
        else
        {
            if (sequence != _gcSequence + 1) return false;
            if (_gcState != GcState.Running) throw Broken("GcActive while the GC does not run");
            RequireUser(thread);
        }

        return AdvanceGc(thread, TraceEventKind.RangeActive, GcState.Running, 0);
    }

    private bool AdvanceGcBegin(ThreadState? thread)
    {
        if (_gcState != GcState.Undetermined)
        {
            if (_cursor.Argument0 != _gcSequence + 1) return false;
            if (_gcState == GcState.Running) throw Broken("GcBegin while the GC runs");
            RequireUser(thread);
        }

        return AdvanceGc(thread, TraceEventKind.RangeBegin, GcState.Running, Stack(_cursor.Argument1));
    }

    private bool AdvanceGcEnd(ThreadState? thread)
    {
        // Both ends have numbers since they can happen on any M.
        if (_cursor.Argument0 != _gcSequence + 1) return false;
        if (_gcState != GcState.Running) throw Broken("GcEnd while the GC does not run");
        RequireUser(thread);
        return AdvanceGc(thread, TraceEventKind.RangeEnd, GcState.NotRunning, 0);
    }

    private bool AdvanceGc(ThreadState? thread, TraceEventKind kind, GcState state, int stack)
    {
        _gcSequence = _cursor.Argument0;
        _gcState = state;
        AddRange(thread, kind, TraceRange.GcMarkPhase, TraceNames.GcMarkPhase, TraceResource.None, TraceEvent.None, stack);
        return true;
    }

    private bool AdvanceGcSweepActive(ThreadState? thread)
    {
        int id = ProcId(_cursor.Argument0);
        ProcState proc = FindProc(id) ?? throw Broken($"GcSweepActive of P {id}, which does not exist");
        proc.InSweep = BecomesActive(proc.InSweep, $"P {id}");
        AddRange(thread, TraceEventKind.RangeActive, TraceRange.GcSweep, TraceNames.GcSweep, TraceResource.Proc, id);
        return true;
    }

    private bool AdvanceGcSweepBegin(ThreadState? thread)
    {
        ThreadState runner = RequireProc(thread);
        ProcState proc = RequireProcState(runner);
        int stack = Stack(_cursor.Argument0);
        if (proc.InSweep) throw Broken($"P {runner.ProcId} begins to sweep twice");
        proc.InSweep = true;
        AddRange(runner, TraceEventKind.RangeBegin, TraceRange.GcSweep, TraceNames.GcSweep, TraceResource.Proc, runner.ProcId, stack);
        return true;
    }

    private bool AdvanceGcSweepEnd(ThreadState? thread)
    {
        ThreadState runner = RequireProc(thread);
        ProcState proc = RequireProcState(runner);
        if (!proc.InSweep) throw Broken($"P {runner.ProcId} ends a sweep that has not begun");
        proc.InSweep = false;
        AddRange(runner, TraceEventKind.RangeEnd, TraceRange.GcSweep, TraceNames.GcSweep, TraceResource.Proc, runner.ProcId, 0, (long)_cursor.Argument0);
        return true;
    }

    /// <summary>Like a status it can be told of a goroutine that does not run, and by any M.</summary>
    private bool AdvanceMarkAssistActive(ThreadState? thread)
    {
        long id = GoroutineId(_cursor.Argument0);
        GoroutineState goroutine = FindGoroutine(id) ?? throw Broken($"GcMarkAssistActive of goroutine {id}, which does not exist");
        goroutine.InMarkAssist = BecomesActive(goroutine.InMarkAssist, $"goroutine {id}");
        AddRange(thread, TraceEventKind.RangeActive, TraceRange.GcMarkAssist, TraceNames.GcMarkAssist, TraceResource.Goroutine, id);
        return true;
    }

    private bool AdvanceMarkAssistBegin(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner);
        int stack = Stack(_cursor.Argument0);
        if (goroutine.InMarkAssist) throw Broken($"goroutine {goroutine.Id} begins to assist twice");
        goroutine.InMarkAssist = true;
        AddRange(runner, TraceEventKind.RangeBegin, TraceRange.GcMarkAssist, TraceNames.GcMarkAssist, TraceResource.Goroutine, goroutine.Id, stack);
        return true;
    }

    private bool AdvanceMarkAssistEnd(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner);
        if (!goroutine.InMarkAssist) throw Broken($"goroutine {goroutine.Id} ends an assist that has not begun");
        goroutine.InMarkAssist = false;
        AddRange(runner, TraceEventKind.RangeEnd, TraceRange.GcMarkAssist, TraceNames.GcMarkAssist, TraceResource.Goroutine, goroutine.Id);
        return true;
    }

    /// <summary>In the first generation it is news that a range is under way; later it must be known.</summary>
    private bool BecomesActive(bool known, string whose)
    {
        if (known == (_number == _firstNumber)) throw Broken($"{_cursor.Type} of {whose}: {(known ? "it is active already" : "it has not begun")}");
        return true;
    }

    private void AddRange(ThreadState? thread, TraceEventKind kind, TraceRange range, int name, TraceResource resource, long id, int stack = 0, long value = 0)
    {
        ref TraceEvent added = ref Add(kind, thread);
        added.Range = range;
        added.Name = name;
        added.Resource = resource;
        added.Id = id;
        added.Stack = stack;
        added.Value = value;
    }
}
