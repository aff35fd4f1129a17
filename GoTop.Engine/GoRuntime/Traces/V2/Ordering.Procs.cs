namespace GoTop.Engine.GoRuntime.Traces.V2;

internal sealed partial class Ordering
{
    private bool AdvanceProcStatus(ThreadState? thread)
    {
        int id = ProcId(_cursor.Argument0);
        if (_cursor.Argument1 is < (ulong)ProcStatus.Running or > (ulong)ProcStatus.SyscallAbandoned) throw Broken($"status {_cursor.Argument1} of P {id} is not known");
        ProcStatus status = (ProcStatus)_cursor.Argument1;
        TraceState to = StateOf(status), from = to;
        long shownThread = _cursor.Thread, shownGoroutine = thread?.GoroutineId ?? TraceEvent.None;
        int shownProc = thread?.ProcId ?? TraceEvent.None;
        ProcState? proc = FindProc(id);
        if (proc is null)
        {
            proc = new ProcState { Status = status };
            _procs.Add(id, out _) = proc;
            CheckLive(_procs.Count, "Ps");
            from = _number == _firstNumber ? TraceState.Undetermined : TraceState.NotExist;
        }
        else if (status == ProcStatus.SyscallAbandoned && proc.Status == ProcStatus.Syscall)
        {
            // Nothing is lost: the M is known. It is about to be stolen, and is told of by the thief.
            from = to = TraceState.Running;
            (shownThread, ThreadState holder) = HolderOf(id);
            (shownProc, shownGoroutine) = (id, holder.GoroutineId);
        }
        else if (proc.Status != status)
        {
            throw Broken($"P {id} is {proc.Status}, but stated to be {status}");
        }

        proc.Sequence.Reset(_number);
        ref TraceEvent added = ref events.Add(TraceEventKind.StateTransition, _cursor.Time, shownThread, shownProc, shownGoroutine);
        added.Resource = TraceResource.Proc;
        added.Id = id;
        added.From = from;
        added.To = to;
        if (status is ProcStatus.Running or ProcStatus.Syscall) thread?.Bind(id, proc);
        return true;
    }

    private bool AdvanceProcStart(ThreadState? thread)
    {
        int id = ProcId(_cursor.Argument0);
        // An M in a syscall may still have a P here, which is to be stolen first.
        if (FindProc(id) is not { Status: ProcStatus.Idle } proc || !proc.Sequence.IsFollowedBy(_number, _cursor.Argument1) || thread is { ProcId: not TraceEvent.None }) return false;
        ThreadState runner = RequireThread(thread);
        proc.Status = ProcStatus.Running;
        proc.Sequence.Advance();
        AddTransition(runner, TraceResource.Proc, id, TraceState.Idle, TraceState.Running);
        runner.Bind(id, proc);
        return true;
    }

    /// <summary>By the M that has it; another takes it with ProcSteal.</summary>
    private bool AdvanceProcStop(ThreadState? thread)
    {
        ThreadState runner = RequireProc(thread);
        ProcState proc = RequireProcState(runner);
        if (proc.Status is not (ProcStatus.Running or ProcStatus.Syscall)) throw Broken($"ProcStop of P {runner.ProcId}, which is {proc.Status}");
        proc.Status = ProcStatus.Idle;
        AddTransition(runner, TraceResource.Proc, runner.ProcId, TraceState.Running, TraceState.Idle);
        runner.UnbindProc();
        return true;
    }

    private bool AdvanceProcSteal(ThreadState? thread)
    {
        int id = ProcId(_cursor.Argument0);
        if (FindProc(id) is not { Status: ProcStatus.Syscall or ProcStatus.SyscallAbandoned } proc || !proc.Sequence.IsFollowedBy(_number, _cursor.Argument1)) return false;
        ThreadState thief = RequireThread(thread);
        bool abandoned = proc.Status == ProcStatus.SyscallAbandoned;
        long victimId = (long)_cursor.Argument2;
        ThreadState? victim = abandoned ? null : victimId == _cursor.Thread ? thief : VictimOf(victimId);
        if (victim is not null && victim.ProcId != id) throw Broken($"P {id} is stolen from M {victimId}, which has P {victim.ProcId}");
        proc.Status = ProcStatus.Idle;
        proc.Sequence.Advance();
        // An abandoned P counts as idle already; its M may be elsewhere by now.
        AddTransition(thief, TraceResource.Proc, id, abandoned ? TraceState.Idle : TraceState.Running, TraceState.Idle);
        victim?.UnbindProc();
        return true;
    }

    private ThreadState VictimOf(long id)
    {
        ref ThreadState found = ref _threads.Find(id);
        return System.Runtime.CompilerServices.Unsafe.IsNullRef(ref found) ? throw Broken($"a P is stolen from M {id}, which does not exist") : found;
    }

    /// <summary>The M that has a P; looks at all, which is rarely needed.</summary>
    private (long Id, ThreadState Thread) HolderOf(int proc)
    {
        foreach ((long id, ThreadState thread) in _threads.Entries())
        {
            if (thread.ProcId == proc) return (id, thread);
        }

        throw Broken($"P {proc} is about to be stolen, but no M has it");
    }

    private static int ProcId(ulong id) => id <= int.MaxValue ? (int)id : throw Broken($"{id} is no number of a P");

    private static TraceState StateOf(ProcStatus status) => status is ProcStatus.Running or ProcStatus.Syscall ? TraceState.Running : TraceState.Idle;
}
