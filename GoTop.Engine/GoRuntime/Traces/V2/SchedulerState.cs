namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>As the format numbers them.</summary>
internal enum GoStatus : byte
{
    None,
    Runnable,
    Running,
    Syscall,
    Waiting,
}

/// <summary>As the format numbers them.</summary>
internal enum ProcStatus : byte
{
    None,
    Running,
    Idle,

    /// <summary>Its M is in a syscall, and it can be taken away.</summary>
    Syscall,

    /// <summary>As Syscall, but its M is no longer known.</summary>
    SyscallAbandoned,
}

/// <summary>Counts what happened to a goroutine or a P within a generation: what brings the events of several Ms into order.</summary>
internal struct Sequence
{
    private ulong _generation;
    private ulong _number;

    public void Reset(ulong generation) => (_generation, _number) = (generation, 0);

    public readonly bool IsFollowedBy(ulong generation, ulong number) => _generation == generation && number == _number + 1;

    public void Advance() => _number++;

    /// <summary>Makes this number the one that follows.</summary>
    public void Expect(ulong generation, ulong number) => (_generation, _number) = (generation, number - 1);
}

internal sealed class GoroutineState
{
    public long Id;
    public GoStatus Status;
    public Sequence Sequence;

    /// <summary>User regions it is in, the innermost last.</summary>
    public List<(ulong Task, int Name)>? Regions;

    public bool InMarkAssist;

    /// <summary>Names of the stops of the world under way.</summary>
    public List<int>? StopsTheWorld;
}

internal sealed class ProcState
{
    public ProcStatus Status;
    public Sequence Sequence;
    public bool InSweep;
}

/// <summary>An M, and what it holds.</summary>
internal sealed class ThreadState
{
    public long GoroutineId = TraceEvent.None;

    /// <summary>State of that goroutine when it was bound; see <see cref="Ordering"/> for whether it is so still.</summary>
    public GoroutineState? Goroutine;

    public int ProcId = TraceEvent.None;
    public ProcState? Proc;

    public void Bind(GoroutineState goroutine) => (GoroutineId, Goroutine) = (goroutine.Id, goroutine);

    public void UnbindGoroutine() => (GoroutineId, Goroutine) = (TraceEvent.None, null);

    public void Bind(int id, ProcState proc) => (ProcId, Proc) = (id, proc);

    public void UnbindProc() => (ProcId, Proc) = (TraceEvent.None, null);
}
