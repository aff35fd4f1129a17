using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>
/// Brings the events of a trace's Ms into the order in which they happened, by following what the scheduler did: times of
/// different Ms alone do not tell. The rules are those of the reference (golang.org/x/exp/trace, order.go), kept through all
/// generations. An event that contradicts them ends the reading.
/// </summary>
internal sealed partial class Ordering(EventBuffer events, TraceLimits limits)
{
    /// <summary>Looks at other Ms while the earliest event has to wait. Real traces need a handful; one made to be slow would need no end.</summary>
    private const long MaxWaitingWork = 200_000_000;

    private readonly IdMap<GoroutineState> _goroutines = new();
    private readonly IdMap<ProcState> _procs = new();
    private readonly IdMap<ThreadState> _threads = new();
    private readonly IdMap<(ulong Parent, int Name)> _tasks = new();
    private readonly Stack<GoroutineState> _freeGoroutines = [];
    private readonly Frontier _frontier = new();

    private Generation _generation = null!;
    private ClockBatch _clock = null!;
    private BatchCursor _cursor = null!;
    private ulong _number;
    private ulong _firstNumber;
    private long _openRegions;

    /// <summary>Gives the events of a generation, in order.</summary>
    /// <exception cref="TraceFormatException">They cannot be ordered, or one of them cannot be.</exception>
    public void Run(Generation generation)
    {
        _generation = generation;
        _clock = generation.ClockBatch;
        _number = (ulong)generation.Number;
        if (_firstNumber == 0) _firstNumber = _number;
        _frontier.Clear();
        _cursor = null!;
        try
        {
            Merge(generation);
        }
        catch (TraceFormatException broken) when (broken.Offset is null && _cursor is not null)
        {
            throw _cursor.Broken(broken.Reason, generation.Place);
        }
    }

    private void Merge(Generation generation)
    {
        foreach (BatchCursor cursor in generation.Cursors)
        {
            _cursor = cursor;
            if (MoveNext(cursor)) _frontier.Add(cursor);
        }

        CpuSamples samples = generation.Samples;
        int sample = 0;
        long waitingWork = 0;
        while (_frontier.Count > 0)
        {
            for (; sample < samples.Count && samples[sample].Time < _frontier.FirstTime; sample++) Give(samples[sample]);
            if (TryAdvance(0)) continue;
            waitingWork += _frontier.Count;
            if (waitingWork > MaxWaitingWork) throw Broken("its events are out of order beyond all measure");
            _frontier.Sort();
            bool advanced = false;
            for (int index = 1; index < _frontier.Count && !advanced; index++) advanced = TryAdvance(index);
            if (advanced) continue;
            BatchCursor earliest = _cursor = _frontier[0];
            if (generation.IsPart && Assume(earliest) && TryAdvance(0)) continue;
            throw Broken($"no M can go on; the earliest event is {earliest.Type} of M {earliest.Thread}, of {_frontier.Count} Ms");
        }

        for (; sample < samples.Count; sample++) Give(samples[sample]);
    }

    private bool TryAdvance(int index)
    {
        BatchCursor cursor = _frontier[index];
        _cursor = cursor;
        if (!Advance(cursor, cursor.State ?? StateOf(cursor))) return false;
        if (MoveNext(cursor)) _frontier.Update(index);
        else _frontier.Remove(index);
        return true;
    }

    /// <summary>Gives the event and takes note of what it changes.</summary>
    /// <param name="thread">The M it happened on; null for none.</param>
    /// <returns>False when something that comes later has to happen first.</returns>
    private bool Advance(BatchCursor cursor, ThreadState? thread) => cursor.Type switch
    {
        WireType.ProcsChange => AdvanceMetric(thread, TraceNames.Gomaxprocs, needsGoroutine: true, Stack(cursor.Argument1)),
        WireType.ProcStart => AdvanceProcStart(thread),
        WireType.ProcStop => AdvanceProcStop(thread),
        WireType.ProcSteal => AdvanceProcSteal(thread),
        WireType.ProcStatus => AdvanceProcStatus(thread),
        WireType.GoCreate => AdvanceGoCreate(thread, GoStatus.Runnable),
        WireType.GoCreateBlocked => AdvanceGoCreate(thread, GoStatus.Waiting),
        WireType.GoCreateSyscall => AdvanceGoCreateSyscall(thread),
        WireType.GoStart => AdvanceGoStart(thread),
        WireType.GoDestroy => AdvanceGoDestroy(thread),
        WireType.GoDestroySyscall => AdvanceGoDestroySyscall(thread),
        WireType.GoStop => AdvanceGoStop(thread, GoStatus.Runnable),
        WireType.GoBlock => AdvanceGoStop(thread, GoStatus.Waiting),
        WireType.GoUnblock => AdvanceGoUnblock(thread),
        WireType.GoSyscallBegin => AdvanceGoSyscallBegin(thread),
        WireType.GoSyscallEnd => AdvanceGoSyscallEnd(thread),
        WireType.GoSyscallEndBlocked => AdvanceGoSyscallEndBlocked(thread),
        WireType.GoStatus => AdvanceGoStatus(thread, 0),
        WireType.GoStatusStack => AdvanceGoStatus(thread, Stack(cursor.Argument3)),
        WireType.GoSwitch => AdvanceGoSwitch(thread, destroys: false),
        WireType.GoSwitchDestroy => AdvanceGoSwitch(thread, destroys: true),
        WireType.StwBegin => AdvanceStwBegin(thread),
        WireType.StwEnd => AdvanceStwEnd(thread),
        WireType.GcActive => AdvanceGcActive(thread),
        WireType.GcBegin => AdvanceGcBegin(thread),
        WireType.GcEnd => AdvanceGcEnd(thread),
        WireType.GcSweepActive => AdvanceGcSweepActive(thread),
        WireType.GcSweepBegin => AdvanceGcSweepBegin(thread),
        WireType.GcSweepEnd => AdvanceGcSweepEnd(thread),
        WireType.GcMarkAssistActive => AdvanceMarkAssistActive(thread),
        WireType.GcMarkAssistBegin => AdvanceMarkAssistBegin(thread),
        WireType.GcMarkAssistEnd => AdvanceMarkAssistEnd(thread),
        WireType.HeapAlloc => AdvanceMetric(thread, TraceNames.HeapLiveBytes, needsGoroutine: false, 0),
        WireType.HeapGoal => AdvanceMetric(thread, TraceNames.HeapGoalBytes, needsGoroutine: false, 0),
        WireType.GoLabel => AdvanceGoLabel(thread),
        WireType.UserTaskBegin => AdvanceTaskBegin(thread),
        WireType.UserTaskEnd => AdvanceTaskEnd(thread),
        WireType.UserRegionBegin => AdvanceRegionBegin(thread),
        WireType.UserRegionEnd => AdvanceRegionEnd(thread),
        WireType.UserLog => AdvanceLog(thread),
        >= WireType.FirstExperimental and <= WireType.LastExperimental => AdvanceExperimental(thread),
        _ => throw Broken($"an event of type {cursor.Type} does not belong into an event batch"),
    };

    private void Give(CpuSample sample)
    {
        int stack = _generation.Stacks.Find(sample.Stack);
        if (stack < 0 && _generation.IsPart) stack = 0;
        if (stack < 0) throw new TraceFormatException($"a CPU sample names stack {sample.Stack}, which is not there", generation: _generation.Number);
        events.Add(TraceEventKind.StackSample, sample.Time, sample.Thread, sample.Proc, sample.Goroutine).Stack = stack;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref TraceEvent Add(TraceEventKind kind, ThreadState? thread) =>
        ref events.Add(kind, _cursor.Time, _cursor.Thread, thread?.ProcId ?? TraceEvent.None, thread?.GoroutineId ?? TraceEvent.None);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddTransition(ThreadState? thread, TraceResource resource, long id, TraceState from, TraceState to, int name = 0, int stack = 0, int transitionStack = 0)
    {
        ref TraceEvent added = ref Add(TraceEventKind.StateTransition, thread);
        added.Resource = resource;
        added.Id = id;
        added.From = from;
        added.To = to;
        added.Name = name;
        added.Stack = stack;
        added.TransitionStack = transitionStack;
    }

    private ThreadState? StateOf(BatchCursor cursor) =>
        cursor.Thread == WireFormat.NoThread ? null : cursor.State = ThreadOf(cursor.Thread, out _);

    private ThreadState ThreadOf(long id, out bool existed)
    {
        ref ThreadState? thread = ref _threads.Add(id, out existed)!;
        CheckLive(_threads.Count, "Ms");
        return thread ??= new ThreadState();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private GoroutineState? FindGoroutine(long id)
    {
        ref GoroutineState found = ref _goroutines.Find(id);
        return Unsafe.IsNullRef(ref found) ? null : found;
    }

    /// <summary>The state of the goroutine that the M runs; null when it runs none or it is gone.</summary>
    private GoroutineState? CurrentGoroutine(ThreadState thread) =>
        // The object may stand for another goroutine by now, if a broken trace bound one to two Ms.
        thread.Goroutine is { } bound && bound.Id == thread.GoroutineId ? bound : FindGoroutine(thread.GoroutineId);

    private ProcState? FindProc(long id)
    {
        ref ProcState found = ref _procs.Find(id);
        return Unsafe.IsNullRef(ref found) ? null : found;
    }

    // What fails is told by methods of its own, so that these stay small enough to be compiled into their callers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Stack(ulong id)
    {
        int stack = _generation.Stacks.Find(id);
        return stack >= 0 ? stack : NoStack(id);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Name(ulong id)
    {
        int name = _generation.Strings.Name(id);
        return name >= 0 ? name : NoString(id);
    }

    private int NoStack(ulong id) => _generation.IsPart ? 0 : throw Broken($"{_cursor.Type} names stack {id}, which is not there");

    private int NoString(ulong id) => _generation.IsPart ? _generation.Strings.NameCutOff() : throw Broken($"{_cursor.Type} names string {id}, which is not there");

    private void CheckLive(int count, string what)
    {
        if (count > limits.MaxLive) throw Broken($"more than {limits.MaxLive} {what} at a time");
    }

    /// <summary>The M with a P and a goroutine, as events of user code have it.</summary>
    private ThreadState RequireUser(ThreadState? thread)
    {
        ThreadState required = RequireProc(thread);
        return required.GoroutineId != TraceEvent.None ? required : throw Broken($"{_cursor.Type} without a goroutine");
    }

    private ThreadState RequireProc(ThreadState? thread)
    {
        ThreadState required = RequireThread(thread);
        return required.ProcId != TraceEvent.None ? required : throw Broken($"{_cursor.Type} without a P");
    }

    private ThreadState RequireThread(ThreadState? thread) => thread ?? throw Broken($"{_cursor.Type} without an M");

    private GoroutineState RequireGoroutine(ThreadState thread, GoStatus status)
    {
        GoroutineState current = RequireGoroutine(thread);
        return current.Status == status ? current : throw Broken($"{_cursor.Type} of goroutine {thread.GoroutineId}, which is {current.Status} and not {status}");
    }

    private GoroutineState RequireGoroutine(ThreadState thread) =>
        CurrentGoroutine(thread) ?? throw Broken($"{_cursor.Type} of goroutine {thread.GoroutineId}, which does not exist");

    private ProcState RequireProcState(ThreadState thread) => thread.Proc ?? throw Broken($"{_cursor.Type} on P {thread.ProcId}, which does not exist");

    /// <summary>Gets its place from <see cref="Run"/>.</summary>
    private static TraceFormatException Broken(string reason) => new(reason);
}
