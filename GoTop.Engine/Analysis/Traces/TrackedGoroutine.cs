using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>A goroutine while it is there. Names and sites are numbers.</summary>
internal sealed class TrackedGoroutine
{
    public long Id;
    public TraceState State;

    /// <summary>When it came into its state; 0 when that was before the trace began.</summary>
    public long Since;

    /// <summary>Why it is in its state.</summary>
    public int Reason;

    /// <summary>Where it stood when it last stopped running.</summary>
    public int Site;

    public int StartFunction;

    /// <summary>What a wait to run is put down to.</summary>
    public RunnableCause Cause;

    /// <summary>What it had waited for before it became runnable.</summary>
    public int WaitedFor;

    public long MadeRunnableBy = TraceEvent.None;
    public int WakerSite;

    /// <summary>Its whole stack when it last stopped running: the generation, and the number there. Likewise its waker's; 0 for none.</summary>
    public long Stack;
    public long WakerStack;

    /// <summary>The P it runs on, or none.</summary>
    public int Proc = TraceEvent.None;

    /// <summary>Runs a GC mark worker, until it stops.</summary>
    public bool IsMarkWorker;

    /// <summary>When its mark assist began; null when it is in none.</summary>
    public long? AssistSince;

    /// <summary>Stops of the world it has under way.</summary>
    public List<(int Name, long Since)>? Stops;

    public List<OpenRegion>? Regions;

    /// <summary>Figures of the place where it waited last.</summary>
    public BlockingTotals.Place? LastPlace;

    public bool WorksForGc => IsMarkWorker || AssistSince is not null;

    public void Reset(long id)
    {
        Id = id;
        State = TraceState.Undetermined;
        Since = 0;
        Reason = Site = StartFunction = WaitedFor = WakerSite = 0;
        Stack = WakerStack = 0;
        Cause = RunnableCause.Unknown;
        MadeRunnableBy = TraceEvent.None;
        Proc = TraceEvent.None;
        IsMarkWorker = false;
        AssistSince = null;
        Stops?.Clear();
        Regions?.Clear();
        LastPlace = null;
    }
}

internal enum RunnableCause : byte
{
    Unknown,
    Created,
    Preempted,
    EndOfSyscall,
    Woken,
}

internal readonly record struct OpenRegion(long Task, int Name, long Since);
