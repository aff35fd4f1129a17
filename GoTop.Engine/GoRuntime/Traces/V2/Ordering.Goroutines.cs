namespace GoTop.Engine.GoRuntime.Traces.V2;

internal sealed partial class Ordering
{
    /// <summary>State at the start of a generation, told before the goroutine's first event in it.</summary>
    private bool AdvanceGoStatus(ThreadState? thread, int stack)
    {
        long id = GoroutineId(_cursor.Argument0);
        long statedThread = (long)_cursor.Argument1;
        if (_cursor.Argument2 is < (ulong)GoStatus.Runnable or > (ulong)GoStatus.Waiting) throw Broken($"status {_cursor.Argument2} of goroutine {id} is not known");
        GoStatus status = (GoStatus)_cursor.Argument2;
        TraceState to = StateOf(status), from = to;
        GoroutineState? goroutine = FindGoroutine(id);
        if (goroutine is not null)
        {
            if (goroutine.Status != status) throw Broken($"goroutine {id} is {goroutine.Status}, but stated to be {status}");
            goroutine.Sequence.Reset(_number);
        }
        else if (_number == _firstNumber)
        {
            goroutine = NewGoroutine(id, status);
            from = TraceState.Undetermined;
        }
        else
        {
            throw Broken($"status of goroutine {id}, which is new after the first generation");
        }

        long shownThread = _cursor.Thread;
        long shownGoroutine = thread?.GoroutineId ?? TraceEvent.None;
        bool binds = status == GoStatus.Running;
        if (status == GoStatus.Syscall)
        {
            if (statedThread == WireFormat.NoThread) throw Broken($"goroutine {id} is in a syscall without an M");
            if (statedThread == _cursor.Thread)
            {
                // After the first generation it must have been seen to go into that syscall.
                if (_number != _firstNumber && shownGoroutine != id) throw Broken($"goroutine {id} is in a syscall on M {statedThread}, which has goroutine {shownGoroutine}");
                binds = true;
            }
            else
            {
                // It has been in the syscall for the whole generation, on an M that says nothing itself and has no P.
                ThreadState other = ThreadOf(statedThread, out bool existed);
                if (!existed) other.Bind(goroutine);
                else if (other.GoroutineId != id) throw Broken($"goroutine {id} is in a syscall on M {statedThread}, which has goroutine {other.GoroutineId}");
                else shownGoroutine = id;
                shownThread = statedThread;
            }
        }

        ref TraceEvent added = ref events.Add(TraceEventKind.StateTransition, _cursor.Time, shownThread, thread?.ProcId ?? TraceEvent.None, shownGoroutine);
        added.Resource = TraceResource.Goroutine;
        added.Id = id;
        added.From = from;
        added.To = to;
        added.Stack = added.TransitionStack = stack;
        if (binds) thread?.Bind(goroutine);
        return true;
    }

    private bool AdvanceGoCreate(ThreadState? thread, GoStatus status)
    {
        ThreadState creator = RequireProc(thread);
        if (CurrentGoroutine(creator) is { } current && current.Status != GoStatus.Running) throw Broken($"{_cursor.Type} by goroutine {current.Id}, which is {current.Status}");
        long id = GoroutineId(_cursor.Argument0);
        int start = Stack(_cursor.Argument1), stack = Stack(_cursor.Argument2);
        NewGoroutine(id, status);
        AddTransition(creator, TraceResource.Goroutine, id, TraceState.NotExist, StateOf(status), 0, stack, start);
        return true;
    }

    /// <summary>A thread of C calls into Go.</summary>
    private bool AdvanceGoCreateSyscall(ThreadState? thread)
    {
        ThreadState caller = RequireThread(thread);
        if (caller.GoroutineId != TraceEvent.None) throw Broken($"GoCreateSyscall on an M that has goroutine {caller.GoroutineId}");
        long id = GoroutineId(_cursor.Argument0);
        GoroutineState created = NewGoroutine(id, GoStatus.Syscall);
        AddTransition(caller, TraceResource.Goroutine, id, TraceState.NotExist, TraceState.Syscall);
        caller.Bind(created);
        return true;
    }

    private bool AdvanceGoStart(ThreadState? thread)
    {
        long id = GoroutineId(_cursor.Argument0);
        // Not yet: it may have to be created, stated or made runnable on another M first.
        if (FindGoroutine(id) is not { Status: GoStatus.Runnable } goroutine || !goroutine.Sequence.IsFollowedBy(_number, _cursor.Argument1)) return false;
        ThreadState runner = RequireProc(thread);
        if (runner.GoroutineId != TraceEvent.None) throw Broken($"GoStart on an M that has goroutine {runner.GoroutineId}");
        goroutine.Status = GoStatus.Running;
        goroutine.Sequence.Advance();
        AddTransition(runner, TraceResource.Goroutine, id, TraceState.Runnable, TraceState.Running);
        runner.Bind(goroutine);
        return true;
    }

    private bool AdvanceGoDestroy(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner, GoStatus.Running);
        AddTransition(runner, TraceResource.Goroutine, goroutine.Id, TraceState.Running, TraceState.NotExist);
        Forget(goroutine);
        runner.UnbindGoroutine();
        return true;
    }

    /// <summary>It blocks, or gives way while it could run on.</summary>
    private bool AdvanceGoStop(ThreadState? thread, GoStatus status)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner, GoStatus.Running);
        int name = Name(_cursor.Argument0), stack = Stack(_cursor.Argument1);
        goroutine.Status = status;
        AddTransition(runner, TraceResource.Goroutine, goroutine.Id, TraceState.Running, StateOf(status), name, stack, stack);
        runner.UnbindGoroutine();
        return true;
    }

    /// <summary>Anything can unblock a goroutine, also what has no M or goroutine to show for it.</summary>
    private bool AdvanceGoUnblock(ThreadState? thread)
    {
        long id = GoroutineId(_cursor.Argument0);
        if (FindGoroutine(id) is not { Status: GoStatus.Waiting } goroutine || !goroutine.Sequence.IsFollowedBy(_number, _cursor.Argument1)) return false;
        int stack = Stack(_cursor.Argument2);
        goroutine.Status = GoStatus.Runnable;
        goroutine.Sequence.Advance();
        AddTransition(thread, TraceResource.Goroutine, id, TraceState.Waiting, TraceState.Runnable, 0, stack);
        return true;
    }

    /// <summary>A coroutine hands over to another: that one is unblocked, this one blocks or ends, that one starts.</summary>
    private bool AdvanceGoSwitch(ThreadState? thread, bool destroys)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState current = RequireGoroutine(runner, GoStatus.Running);
        long nextId = GoroutineId(_cursor.Argument0);
        if (FindGoroutine(nextId) is not { Status: GoStatus.Waiting } next || !next.Sequence.IsFollowedBy(_number, _cursor.Argument1)) return false;
        AddTransition(runner, TraceResource.Goroutine, nextId, TraceState.Waiting, TraceState.Runnable);
        AddTransition(runner, TraceResource.Goroutine, current.Id, TraceState.Running, destroys ? TraceState.NotExist : TraceState.Waiting);
        if (destroys) Forget(current);
        else current.Status = GoStatus.Waiting;
        runner.UnbindGoroutine();
        next.Status = GoStatus.Running;
        next.Sequence.Advance();
        AddTransition(runner, TraceResource.Goroutine, nextId, TraceState.Runnable, TraceState.Running);
        runner.Bind(next);
        return true;
    }

    /// <summary>The goroutine keeps its M, and its P until somebody takes that away.</summary>
    private bool AdvanceGoSyscallBegin(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner, GoStatus.Running);
        ProcState proc = RequireProcState(runner);
        // The P's number is here so that it is clear which syscall a P is later stolen from, whatever the times say.
        if (!proc.Sequence.IsFollowedBy(_number, _cursor.Argument0)) throw Broken($"GoSyscallBegin has number {_cursor.Argument0} of P {runner.ProcId}, which does not follow");
        int stack = Stack(_cursor.Argument1);
        proc.Sequence.Advance();
        proc.Status = ProcStatus.Syscall;
        goroutine.Status = GoStatus.Syscall;
        AddTransition(runner, TraceResource.Goroutine, goroutine.Id, TraceState.Running, TraceState.Syscall, 0, stack, stack);
        return true;
    }

    private bool AdvanceGoSyscallEnd(ThreadState? thread)
    {
        ThreadState runner = RequireUser(thread);
        GoroutineState goroutine = RequireGoroutine(runner, GoStatus.Syscall);
        ProcState proc = RequireProcState(runner);
        if (proc.Status != ProcStatus.Syscall) throw Broken($"GoSyscallEnd on P {runner.ProcId}, which is {proc.Status}");
        proc.Status = ProcStatus.Running;
        goroutine.Status = GoStatus.Running;
        AddTransition(runner, TraceResource.Goroutine, goroutine.Id, TraceState.Syscall, TraceState.Running);
        return true;
    }

    /// <summary>The syscall ends without its P, which therefore has to be lost before; a new one may be here already.</summary>
    private bool AdvanceGoSyscallEndBlocked(ThreadState? thread)
    {
        if (thread is { ProcId: not TraceEvent.None } && RequireProcState(thread).Status == ProcStatus.Syscall) return false;
        ThreadState runner = RequireThread(thread);
        if (runner.GoroutineId == TraceEvent.None) throw Broken("GoSyscallEndBlocked without a goroutine");
        GoroutineState goroutine = RequireGoroutine(runner, GoStatus.Syscall);
        goroutine.Status = GoStatus.Runnable;
        AddTransition(runner, TraceResource.Goroutine, goroutine.Id, TraceState.Syscall, TraceState.Runnable);
        runner.UnbindGoroutine();
        return true;
    }

    /// <summary>
    /// A call from C into Go ends. Its P counts as lost from here on: the M's number may be used again, and the P may be stolen
    /// from it later, perhaps by that very M.
    /// </summary>
    private bool AdvanceGoDestroySyscall(ThreadState? thread)
    {
        ThreadState caller = RequireThread(thread);
        if (caller.GoroutineId == TraceEvent.None) throw Broken("GoDestroySyscall without a goroutine");
        GoroutineState goroutine = RequireGoroutine(caller, GoStatus.Syscall);
        if (caller.ProcId != TraceEvent.None)
        {
            ProcState proc = RequireProcState(caller);
            if (proc.Status != ProcStatus.Syscall) throw Broken($"GoDestroySyscall on P {caller.ProcId}, which is {proc.Status}");
            proc.Status = ProcStatus.SyscallAbandoned;
            AddTransition(caller, TraceResource.Proc, caller.ProcId, TraceState.Running, TraceState.Idle);
        }

        AddTransition(caller, TraceResource.Goroutine, goroutine.Id, TraceState.Syscall, TraceState.NotExist);
        Forget(goroutine);
        caller.UnbindGoroutine();
        caller.UnbindProc();
        return true;
    }

    private GoroutineState NewGoroutine(long id, GoStatus status)
    {
        ref GoroutineState? place = ref _goroutines.Add(id, out bool existed)!;
        if (existed) throw Broken($"goroutine {id} is created, but exists");
        CheckLive(_goroutines.Count, "goroutines");
        if (!_freeGoroutines.TryPop(out GoroutineState? created)) created = new GoroutineState();
        created.Id = id;
        created.Status = status;
        created.Sequence.Reset(_number);
        return place = created;
    }

    private void Forget(GoroutineState goroutine)
    {
        _goroutines.Remove(goroutine.Id);
        _openRegions -= goroutine.Regions?.Count ?? 0;
        goroutine.Id = TraceEvent.None;
        goroutine.Regions?.Clear();
        goroutine.StopsTheWorld?.Clear();
        goroutine.InMarkAssist = false;
        _freeGoroutines.Push(goroutine);
    }

    private static long GoroutineId(ulong id) => id <= long.MaxValue ? (long)id : throw NoGoroutineId(id);

    private static TraceFormatException NoGoroutineId(ulong id) => Broken($"{id} is no number of a goroutine");

    private static TraceState StateOf(GoStatus status) => status switch
    {
        GoStatus.Runnable => TraceState.Runnable,
        GoStatus.Running => TraceState.Running,
        GoStatus.Syscall => TraceState.Syscall,
        _ => TraceState.Waiting,
    };
}
