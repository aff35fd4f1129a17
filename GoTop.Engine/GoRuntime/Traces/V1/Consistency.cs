namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// Checks that the events, in order, make sense: that a P runs one goroutine at a time, that a goroutine was blocked before it
/// is unblocked, and so on (<c>postProcessTrace</c> of <c>internal/trace/parser.go</c>). What programs themselves may get
/// wrong, as the nesting of regions, is not held against a trace.
/// </summary>
internal sealed class Consistency
{
    private readonly Contents _contents;
    private readonly IdTable _places;
    private readonly GoroutineState[] _goroutines;
    private readonly ProcState[] _procs;
    private bool _isCollecting;
    private bool _isWorldStopped;

    public Consistency(Contents contents, IdTable goroutines)
    {
        _contents = contents;
        _places = goroutines;
        _goroutines = new GoroutineState[goroutines.Count];
        _procs = new ProcState[contents.Procs.Count];

        // Goroutine 0 stands for a P's own scheduler, which always runs.
        _goroutines[0] = new GoroutineState { State = OrderStatus.Running, Exists = true };
    }

    /// <param name="target">The event's first argument.</param>
    /// <exception cref="TraceFormatException">The event cannot have happened.</exception>
    public void Check(in RawEvent each, ulong target)
    {
        switch (each.Type)
        {
            case EventType.ProcStart or EventType.ProcStop:
                CheckProc(each);
                break;
            case EventType.GCStart or EventType.GCDone or EventType.STWStart or EventType.STWDone or EventType.GCSweepStart or EventType.GCSweepDone
                or EventType.GCMarkAssistStart or EventType.GCMarkAssistDone:
                CheckRange(each);
                break;
            case EventType.GoWaiting or EventType.GoInSyscall:
                Require(_goroutines[each.Goroutine].State == OrderStatus.Runnable, each, "a goroutine that is not new is found waiting");
                Become(each.Goroutine, OrderStatus.Waiting);
                break;
            case EventType.GoCreate:
                RequireRunning(each);
                ref GoroutineState created = ref _goroutines[_places.Find(target)];
                Require(!created.Exists, each, "a goroutine is made a second time");
                created = new GoroutineState { State = OrderStatus.Runnable, Exists = true };
                break;
            case EventType.GoStart or EventType.GoStartLabel:
                Require(_goroutines[each.Goroutine].State == OrderStatus.Runnable, each, "a goroutine that is not runnable starts");
                Require(_procs[each.Proc].Goroutine == 0, each, "a goroutine starts on a P that runs another");
                Become(each.Goroutine, OrderStatus.Running);
                _procs[each.Proc].Goroutine = each.Goroutine;
                break;
            case EventType.GoEnd or EventType.GoStop:
                Leave(each, OrderStatus.Dead);
                break;
            case EventType.GoSched or EventType.GoPreempt:
                Leave(each, OrderStatus.Runnable);
                break;
            case EventType.GoSysBlock or EventType.GoSleep or EventType.GoBlock or EventType.GoBlockSend or EventType.GoBlockRecv or EventType.GoBlockSelect
                or EventType.GoBlockSync or EventType.GoBlockCond or EventType.GoBlockNet or EventType.GoBlockGC:
                Leave(each, OrderStatus.Waiting);
                break;
            case EventType.GoUnblock:
                CheckUnblock(each, _places.Find(target));
                break;
            case EventType.GoSysCall or EventType.GoSysCallThatBlocked:
                RequireRunning(each);
                Require(each.Goroutine != 0, each, "no goroutine makes a system call");
                break;
            case EventType.GoSysExit:
                Require(_goroutines[each.Goroutine].State == OrderStatus.Waiting, each, "a goroutine leaves a system call that it is not in");
                Become(each.Goroutine, OrderStatus.Runnable);
                break;
        }
    }

    private void CheckProc(in RawEvent each)
    {
        ref ProcState proc = ref _procs[each.Proc];
        if (each.Type == EventType.ProcStart)
        {
            Require(!proc.IsRunning, each, "a P starts that runs already");
            proc.IsRunning = true;
            return;
        }

        Require(proc.IsRunning, each, "a P stops that does not run");
        Require(proc.Goroutine == 0, each, "a P stops while it runs a goroutine");
        proc.IsRunning = false;
    }

    private void CheckRange(in RawEvent each)
    {
        switch (each.Type)
        {
            case EventType.GCStart:
                Begin(ref _isCollecting, each, "a collection begins during another");
                break;
            case EventType.GCDone:
                End(ref _isCollecting, each, "a collection ends that never began");
                break;
            case EventType.STWStart:
                Begin(ref _isWorldStopped, each, "the world is stopped while it stands");
                break;
            case EventType.STWDone:
                End(ref _isWorldStopped, each, "the world is started while it runs");
                break;
            case EventType.GCSweepStart:
                Begin(ref _procs[each.Proc].IsSweeping, each, "a P begins to sweep while it sweeps");
                break;
            case EventType.GCSweepDone:
                End(ref _procs[each.Proc].IsSweeping, each, "a P ends a sweep that never began");
                break;
            case EventType.GCMarkAssistStart:
                Begin(ref _goroutines[each.Goroutine].IsAssisting, each, "a goroutine begins to assist while it assists");
                _goroutines[each.Goroutine].Exists = true;
                break;
            case EventType.GCMarkAssistDone:
                // It may have begun before tracing did.
                _goroutines[each.Goroutine].IsAssisting = false;
                _goroutines[each.Goroutine].Exists = true;
                break;
        }
    }

    private void CheckUnblock(in RawEvent each, int target)
    {
        Require(_goroutines[each.Goroutine].State == OrderStatus.Running, each, "a goroutine that does not run unblocks another");
        bool isTimer = _contents.TimerGoroutines.Count > 0 && _contents.TimerGoroutines.Find(_places.IdAt(each.Goroutine)) >= 0;
        Require(isTimer || _procs[each.Proc].Goroutine == each.Goroutine, each, "a goroutine unblocks another from a P that does not run it");
        Require(_goroutines[target].State == OrderStatus.Waiting, each, "a goroutine is unblocked that does not wait");
        Become(target, OrderStatus.Runnable);
    }

    private void Leave(in RawEvent each, OrderStatus state)
    {
        RequireRunning(each);
        Require(each.Goroutine != 0, each, "no goroutine stops running");
        Become(each.Goroutine, state);
        _procs[each.Proc].Goroutine = 0;
    }

    private void Become(int goroutine, OrderStatus state)
    {
        _goroutines[goroutine].State = state;
        _goroutines[goroutine].Exists = true;
    }

    private void RequireRunning(in RawEvent each)
    {
        Require(_goroutines[each.Goroutine].State == OrderStatus.Running, each, "a goroutine acts that does not run");
        Require(_procs[each.Proc].Goroutine == each.Goroutine, each, "a goroutine acts on a P that does not run it");
    }

    private static void Begin(ref bool isUnderWay, in RawEvent each, string otherwise)
    {
        Require(!isUnderWay, each, otherwise);
        isUnderWay = true;
    }

    private static void End(ref bool isUnderWay, in RawEvent each, string otherwise)
    {
        Require(isUnderWay, each, otherwise);
        isUnderWay = false;
    }

    private static void Require(bool condition, in RawEvent each, string otherwise)
    {
        if (!condition) throw new TraceFormatException($"{otherwise} ({each.Type})", each.Offset);
    }

    private struct GoroutineState
    {
        public OrderStatus State;
        public bool Exists;
        public bool IsAssisting;
    }

    private struct ProcState
    {
        /// <summary>Place of the one it runs; 0: none.</summary>
        public int Goroutine;

        public bool IsRunning;
        public bool IsSweeping;
    }
}
