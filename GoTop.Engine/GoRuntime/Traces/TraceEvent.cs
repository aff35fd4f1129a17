namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>
/// One event of an execution trace, in the order in which things happened. Kinds and meanings are those of
/// golang.org/x/exp/trace's Event, whichever format the trace is in. What <see cref="Id"/>, <see cref="Name"/> and
/// <see cref="Value"/> stand for depends on the kind: see <see cref="TraceEventKind"/>. 64 bytes.
/// </summary>
public struct TraceEvent
{
    /// <summary>Stands for "no goroutine", "no P" and "no M".</summary>
    public const int None = -1;

    /// <summary>Stands for "no parent task".</summary>
    public const long NoTask = -1;

    public TraceEventKind Kind { get; internal set; }

    /// <summary>What a state transition, a range or a label is about; <see cref="Id"/> says which one.</summary>
    public TraceResource Resource { get; internal set; }

    /// <summary>Of a state transition. Equal to <see cref="To"/> where a generation states anew what was known.</summary>
    public TraceState From { get; internal set; }

    public TraceState To { get; internal set; }

    /// <summary>Of a range.</summary>
    public TraceRange Range { get; internal set; }

    /// <summary>Number in <see cref="TraceReader.Names"/>, the same through the whole trace; 0 is the empty text.</summary>
    public int Name { get; internal set; }

    /// <summary>The P that <see cref="Thread"/> held before the event, or <see cref="None"/>.</summary>
    public int Proc { get; internal set; }

    /// <summary>On the trace's own monotonic clock, in nanoseconds. Each event is later than the one before.</summary>
    public long TimeNanoseconds { get; internal set; }

    /// <summary>The M it happened on, or <see cref="None"/>.</summary>
    public long Thread { get; internal set; }

    /// <summary>The goroutine that <see cref="Thread"/> ran before the event, or <see cref="None"/>.</summary>
    public long Goroutine { get; internal set; }

    /// <summary>The goroutine or P of a transition, a range or a label; the task of a task, region or log event.</summary>
    public long Id { get; internal set; }

    /// <summary>See <see cref="TraceEventKind"/>.</summary>
    public long Value { get; internal set; }

    /// <summary>Stack of the running context, from 1 to <see cref="TraceGeneration.StackCount"/> of the generation at hand; 0: none.</summary>
    public int Stack { get; internal set; }

    /// <summary>
    /// Of a transition: the goroutine's own stack, where it is known. The same as <see cref="Stack"/> when a goroutine changes
    /// its own state; where a new one will start when it is made by another.
    /// </summary>
    public int TransitionStack { get; internal set; }
}

public enum TraceEventKind : byte
{
    None,

    /// <summary>A generation begins, or the trace ends. Value: how many there have been.</summary>
    Sync,

    /// <summary>Name: as in runtime/metrics. Value: the metric's.</summary>
    Metric,

    /// <summary>Name: the label of goroutine Id.</summary>
    Label,

    /// <summary>A CPU profile sample: Stack.</summary>
    StackSample,

    /// <summary>Name, Range; Resource and Id: what it is bound to.</summary>
    RangeBegin,

    /// <summary>A range that was under way already when the generation began.</summary>
    RangeActive,

    /// <summary>Value: of a sweep, the bytes it swept.</summary>
    RangeEnd,

    /// <summary>Id: the task. Name: its type. Value: its parent, or <see cref="TraceEvent.NoTask"/>.</summary>
    TaskBegin,

    /// <summary>As <see cref="TaskBegin"/>; without name and parent when the begin is not in the trace.</summary>
    TaskEnd,

    /// <summary>Id: the task, 0 for none. Name: the region's type.</summary>
    RegionBegin,

    RegionEnd,

    /// <summary>Id: the task. Name: the category. Value: the message, for <see cref="TraceGeneration.ReadText"/>.</summary>
    Log,

    /// <summary>Resource, Id, From, To; Name: the reason. Goroutines and Ps have them.</summary>
    StateTransition,

    /// <summary>An event of a trace experiment of Go's own. Id: its first argument.</summary>
    Experimental,
}

public enum TraceResource : byte
{
    None,
    Goroutine,
    Proc,
    Thread,
}

/// <summary>State of a goroutine or a P, in Go's words.</summary>
public enum TraceState : byte
{
    /// <summary>Not yet told: it was there before the trace began.</summary>
    Undetermined,
    NotExist,
    Runnable,
    Running,
    Waiting,
    Syscall,

    /// <summary>Of Ps only.</summary>
    Idle,
}

/// <summary>The kinds of ranges. Their names are in <see cref="TraceEvent.Name"/>.</summary>
public enum TraceRange : byte
{
    None,

    /// <summary>Bound to the goroutine that stopped the world; the name tells why.</summary>
    StopTheWorld,

    /// <summary>Bound to nothing.</summary>
    GcMarkPhase,

    /// <summary>Bound to a P.</summary>
    GcSweep,

    /// <summary>Bound to a goroutine, which may lose its P meanwhile.</summary>
    GcMarkAssist,
}
