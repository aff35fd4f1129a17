namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// Tells the events of format 1 as those of format 2 (<c>internal/trace/tracev1.go</c>). What existed before tracing began is
/// told as such; a system call that did not block, which is one event in format 1, as one of a nanosecond.
/// </summary>
internal sealed class Conversion
{
    private readonly Contents _contents;
    private readonly OrderedEvents _events;
    private readonly Consistency _consistency;
    private readonly Context _context;
    private readonly Ranges _ranges;
    private readonly UserEvents _userEvents;
    private readonly BlockReasons _reasons;

    private readonly GoroutinesFound _found;
    private readonly bool[] _isProcKnown;

    public Conversion(int version, Contents contents, OrderedEvents events, Generation generation, TraceNames names, EventBuffer buffer, TraceLimits limits)
    {
        _contents = contents;
        _events = events;
        _consistency = new Consistency(contents, events.Goroutines);
        _context = new Context(contents, events.Goroutines, generation, buffer);
        _ranges = new Ranges(version, _context, names);
        _userEvents = new UserEvents(contents, _context, generation, limits);
        _reasons = new BlockReasons(names);
        _found = new GoroutinesFound(events.Goroutines, buffer);
        _isProcKnown = new bool[contents.Procs.Count];
    }

    /// <summary>Events whose stack the file does not have.</summary>
    public int MissingStacks => _context.MissingStacks;

    /// <exception cref="TraceFormatException">The events contradict one another.</exception>
    public void Run()
    {
        double nanosecondsPerTick = 1e9 / _contents.TicksPerSecond;
        long firstTicks = 0;
        for (int i = 0; i < _events.Count; i++)
        {
            ref readonly RawEvent each = ref _events.Next();
            if (i == 0) firstTicks = each.Ticks;
            Arguments arguments = Arguments.Read(_contents.Bytes, each.Offset);
            _consistency.Check(each, arguments.First);
            Convert(each, arguments, (long)(unchecked(each.Ticks - firstTicks) * nanosecondsPerTick));
        }
    }

    private void Convert(in RawEvent each, in Arguments arguments, long nanoseconds)
    {
        switch (each.Type)
        {
            case EventType.GoStart or EventType.GoStartLabel:
                Start(each, arguments, nanoseconds);
                break;
            case EventType.GoSleep or EventType.GoBlock or EventType.GoBlockSend or EventType.GoBlockRecv or EventType.GoBlockSelect or EventType.GoBlockSync
                or EventType.GoBlockCond or EventType.GoBlockNet or EventType.GoBlockGC or EventType.GoStop:
                AddOwn(each, nanoseconds, TraceState.Running, TraceState.Waiting).Name = _reasons[each.Type];
                break;
            case EventType.GoSched or EventType.GoPreempt:
                AddOwn(each, nanoseconds, TraceState.Running, TraceState.Runnable).Name = _reasons[each.Type];
                break;
            case EventType.GoUnblock:
                AddTransition(each, nanoseconds, (long)arguments.First, TraceState.Waiting, TraceState.Runnable);
                break;
            case EventType.GoEnd:
                AddOwn(each, nanoseconds, TraceState.Running, TraceState.NotExist);
                break;
            case EventType.GoSysCall:
                AddOwn(each, nanoseconds, TraceState.Running, TraceState.Syscall);
                ref TraceEvent returned = ref AddOwn(each, nanoseconds + 1, TraceState.Syscall, TraceState.Running);
                (returned.Stack, returned.TransitionStack) = (0, 0);
                break;
            case EventType.GoSysCallThatBlocked:
                AddOwn(each, nanoseconds, TraceState.Running, TraceState.Syscall);
                break;
            case EventType.GoSysExit:
                // It is written down later, on the P that runs the goroutine again: at this time it has none.
                ref TraceEvent exit = ref AddOwn(each, nanoseconds, TraceState.Syscall, TraceState.Runnable);
                (exit.Proc, exit.Thread) = (TraceEvent.None, TraceEvent.None);
                break;
            case EventType.GoCreate:
                if (_found.IsBeginning) _found.Add(arguments.First);
                else AddTransition(each, nanoseconds, (long)arguments.First, TraceState.NotExist, TraceState.Runnable).TransitionStack = _context.Stack((uint)arguments.Second);
                break;
            case EventType.GoWaiting:
                Found(each, nanoseconds, TraceState.Waiting);
                break;
            case EventType.GoInSyscall:
                Found(each, nanoseconds, TraceState.Syscall);
                break;
            case EventType.Gomaxprocs when _found.IsBeginning:
                _found.End(nanoseconds);
                break;
            case EventType.Gomaxprocs:
                AddMetric(each, nanoseconds, TraceNames.Gomaxprocs, arguments.First);
                break;
            case EventType.HeapAlloc:
                AddMetric(each, nanoseconds, TraceNames.HeapLiveBytes, arguments.First);
                break;
            case EventType.HeapGoal:
                AddMetric(each, nanoseconds, TraceNames.HeapGoalBytes, arguments.First);
                break;
            case EventType.ProcStart:
                StartProc(each, (long)arguments.First, nanoseconds);
                break;
            case EventType.ProcStop:
                StopProc(each, nanoseconds);
                break;
            case EventType.CPUSample:
                _context.AddSample(each, (int)arguments.Second, nanoseconds);
                break;
            case EventType.UserTaskCreate or EventType.UserTaskEnd or EventType.UserRegion or EventType.UserLog:
                _userEvents.Add(each, arguments, nanoseconds);
                break;
            case EventType.GoSysBlock or EventType.FutileWakeup:
                // The one is told by what the call before it has become; the other tells nothing.
                break;
            default:
                _ranges.Add(each, arguments, nanoseconds);
                break;
        }
    }

    private void Start(in RawEvent each, in Arguments arguments, long nanoseconds)
    {
        long goroutine = _context.GoroutineId(each.Goroutine);
        if (each.Type == EventType.GoStart && _found.IsBeginning)
        {
            Found(each, nanoseconds, TraceState.Running);
            return;
        }

        ref TraceEvent start = ref AddTransition(each, nanoseconds, goroutine, TraceState.Runnable, TraceState.Running);
        start.Goroutine = TraceEvent.None;
        if (each.Type != EventType.GoStartLabel) return;
        ref TraceEvent label = ref _context.Add(TraceEventKind.Label, each, nanoseconds);
        label.Resource = TraceResource.Goroutine;
        label.Id = goroutine;
        label.Name = _userEvents.Name(arguments.Third, each.Offset);
    }

    private void Found(in RawEvent each, long nanoseconds, TraceState state)
    {
        if (_found.IsBeginning) _found.Remove(each.Goroutine);
        AddTransition(each, nanoseconds, _context.GoroutineId(each.Goroutine), TraceState.Undetermined, state).Goroutine = TraceEvent.None;
    }

    private void StartProc(in RawEvent each, long thread, long nanoseconds)
    {
        _context.SetThread(each.Proc, thread);
        ref TraceEvent start = ref AddTransition(each, nanoseconds, _context.ProcId(each.Proc), _isProcKnown[each.Proc] ? TraceState.Idle : TraceState.Undetermined, TraceState.Running);
        start.Resource = TraceResource.Proc;
        start.Proc = TraceEvent.None;
        _isProcKnown[each.Proc] = true;
    }

    private void StopProc(in RawEvent each, long nanoseconds)
    {
        AddTransition(each, nanoseconds, _context.ProcId(each.Proc), TraceState.Running, TraceState.Idle).Resource = TraceResource.Proc;
        _context.SetThread(each.Proc, TraceEvent.None);
    }

    private void AddMetric(in RawEvent each, long nanoseconds, int name, ulong value)
    {
        ref TraceEvent metric = ref _context.Add(TraceEventKind.Metric, each, nanoseconds);
        metric.Name = name;
        metric.Value = (long)value;
    }

    /// <summary>A goroutine changes its own state.</summary>
    private ref TraceEvent AddOwn(in RawEvent each, long nanoseconds, TraceState from, TraceState to)
    {
        ref TraceEvent added = ref AddTransition(each, nanoseconds, _context.GoroutineId(each.Goroutine), from, to);
        added.TransitionStack = added.Stack;
        return ref added;
    }

    private ref TraceEvent AddTransition(in RawEvent each, long nanoseconds, long id, TraceState from, TraceState to)
    {
        ref TraceEvent added = ref _context.Add(TraceEventKind.StateTransition, each, nanoseconds);
        added.Resource = TraceResource.Goroutine;
        added.Id = id;
        added.From = from;
        added.To = to;
        return ref added;
    }
}
