using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// What an execution trace says of a program, of bounded size however long the trace. Only intervals whose begin and end are
/// both in the trace count. Texts are as the trace has them: clean them before they are drawn.
/// </summary>
public sealed record TraceReport
{
    /// <summary>As the header has it, e.g. <c>go1.23</c>: the first version that writes this format (1.24 says 1.23, 1.27 says 1.26).</summary>
    public required string GoVersion { get; init; }

    /// <summary>From the first event to the last.</summary>
    public required long DurationNanoseconds { get; init; }

    /// <summary>Of the first event, on the trace's clock; what the times below count from.</summary>
    public required long StartNanoseconds { get; init; }

    /// <summary>The same on the wall clock; null before Go 1.25.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public required long Bytes { get; init; }

    public required int Generations { get; init; }

    public required long Events { get; init; }

    /// <summary>Goroutines that ever were there.</summary>
    public required long Goroutines { get; init; }

    /// <summary>Where and why the trace could not be read to its end; null when it was.</summary>
    public string? EndedEarly { get; init; }

    /// <summary>From runnable to running.</summary>
    public required DurationSummary SchedulingLatency { get; init; }

    public required TimeHistogram SchedulingLatencyHistogram { get; init; }

    /// <summary>The longest waits to run, longest first.</summary>
    public required ImmutableArray<SchedulingWait> WorstSchedulingWaits { get; init; }

    public required DurationSummary Running { get; init; }

    public required DurationSummary Syscalls { get; init; }

    /// <summary>By total time, most first.</summary>
    public required ImmutableArray<SiteDurations> SyscallSites { get; init; }

    /// <summary>By the reason Go gives, e.g. <c>chan receive</c>; by total time, most first.</summary>
    public required ImmutableArray<NamedDurations> Blocked { get; init; }

    /// <summary>By reason and place; by total time, most first.</summary>
    public required ImmutableArray<BlockedSite> BlockedSites { get; init; }

    /// <summary>Who made others runnable, most often first.</summary>
    public required ImmutableArray<Waker> Wakers { get; init; }

    /// <summary>By Go's full name, e.g. <c>stop-the-world (GC mark termination)</c>.</summary>
    public required ImmutableArray<NamedDurations> StopTheWorld { get; init; }

    /// <summary>The longest ones, in order of time.</summary>
    public required ImmutableArray<WorldStop> LongestStops { get; init; }

    /// <summary>GC mark phases, assists and sweeps by Go's full name.</summary>
    public required ImmutableArray<NamedDurations> Ranges { get; init; }

    /// <summary>User regions by type.</summary>
    public required ImmutableArray<NamedDurations> Regions { get; init; }

    /// <summary>User tasks by type.</summary>
    public required ImmutableArray<TaskDurations> Tasks { get; init; }

    /// <summary>By id.</summary>
    public required ImmutableArray<ProcTime> Procs { get; init; }

    public required TraceTimeline Timeline { get; init; }

    public required HeapRange Heap { get; init; }

    /// <summary>The last that was told; null when it was not.</summary>
    public long? Gomaxprocs { get; init; }

    /// <summary>CPU profile samples, which are there when a CPU profile ran beside the trace.</summary>
    public required long CpuSamples { get; init; }

    /// <summary>Innermost functions of the samples, most often first.</summary>
    public required ImmutableArray<FunctionSamples> CpuFunctions { get; init; }

    /// <summary>What stands out, in one paragraph.</summary>
    public required string Verdict { get; init; }
}

/// <summary>
/// Durations of one kind. Quantiles are of the nearest rank, within 0.8 % of the exact value.
/// </summary>
public readonly record struct DurationSummary(long Count, long TotalNanoseconds, long MaxNanoseconds, long P50Nanoseconds, long P99Nanoseconds);

public readonly record struct NamedDurations(string Name, DurationSummary Durations);

/// <param name="Count">Tasks that began.</param>
/// <param name="Latency">Of those that also ended.</param>
public readonly record struct TaskDurations(string Type, long Count, DurationSummary Latency);

/// <param name="AtNanoseconds">When it became runnable, from the start of the trace.</param>
/// <param name="StartFunction">The function it began with; empty when the trace does not tell.</param>
/// <param name="Reason">Why it was runnable and not running: what it had waited for, or <c>created</c>, <c>preempted</c>, <c>syscall</c>.</param>
/// <param name="Site">Where it stood; empty when the trace does not tell.</param>
/// <param name="MadeRunnableBy">The goroutine that woke or made it; null when none did.</param>
/// <param name="WakerSite">Where that one stood; empty when none is known, as for timers and the network.</param>
public sealed record SchedulingWait(
    long Goroutine, long AtNanoseconds, long DurationNanoseconds, string StartFunction, string Reason, ImmutableArray<CodeLocation> Site,
    long? MadeRunnableBy, ImmutableArray<CodeLocation> WakerSite)
{
    /// <summary>All of its stack, innermost first; empty where the trace does not tell any more.</summary>
    public ImmutableArray<CodeLocation> Stack { get; init; } = [];

    /// <summary>Likewise of the one that woke or made it.</summary>
    public ImmutableArray<CodeLocation> WakerStack { get; init; } = [];
}

/// <summary>A place with its durations, without quantiles.</summary>
/// <param name="Site">Innermost first, to the first function that is not of the standard library.</param>
public sealed record SiteDurations(ImmutableArray<CodeLocation> Site, long Count, long TotalNanoseconds, long MaxNanoseconds)
{
    public SiteCallers Callers { get; init; } = SiteCallers.None;
}

/// <summary>Who calls a place.</summary>
/// <param name="Frames">The frames beyond it, of the first stack that was seen; empty where there are none.</param>
/// <param name="HasOthers">It was also called from elsewhere.</param>
public sealed record SiteCallers(ImmutableArray<CodeLocation> Frames, bool HasOthers)
{
    public static SiteCallers None { get; } = new([], false);
}

/// <param name="WokenBy">Who ended these waits, most often first; a place that is empty stands for the runtime: timers, network, GC.</param>
public sealed record BlockedSite(
    string Reason, ImmutableArray<CodeLocation> Site, long Count, long TotalNanoseconds, long MaxNanoseconds, ImmutableArray<WokenBy> WokenBy)
{
    public SiteCallers Callers { get; init; } = SiteCallers.None;
}

public sealed record WokenBy(ImmutableArray<CodeLocation> Site, long Count);

/// <param name="Site">Empty for the runtime itself.</param>
/// <param name="WaitedNanoseconds">What those it woke had waited in all.</param>
public sealed record Waker(ImmutableArray<CodeLocation> Site, long Count, long WaitedNanoseconds);

/// <param name="AtNanoseconds">From the start of the trace.</param>
/// <param name="Goroutine">That stopped it.</param>
public readonly record struct WorldStop(string Kind, long AtNanoseconds, long DurationNanoseconds, long Goroutine);

/// <param name="RunningNanoseconds">What the P was in use; the next three are parts of it, the rest is scheduling.</param>
/// <param name="GoNanoseconds">Running goroutines other than for GC.</param>
/// <param name="GcNanoseconds">Mark workers, assists and sweeps.</param>
/// <param name="SyscallNanoseconds">Held by a goroutine in a syscall.</param>
public readonly record struct ProcTime(int Id, long RunningNanoseconds, long GoNanoseconds, long GcNanoseconds, long SyscallNanoseconds);

/// <summary>What Ps did over time, in buckets of equal length; the last one may be cut short by the end of the trace.</summary>
/// <param name="OmittedProcs">Ps beyond those that are kept.</param>
public sealed record TraceTimeline(
    long BucketNanoseconds, int Buckets, ImmutableArray<ProcLane> Procs, int OmittedProcs, ImmutableArray<byte> MarkPhasePercent, ImmutableArray<byte> StopTheWorldPercent);

public sealed record ProcLane(int Id, ImmutableArray<ProcShare> Shares);

/// <summary>Parts of a bucket, in percent; what is missing to 100 is idle.</summary>
/// <param name="Scheduling">In use, but without a goroutine.</param>
public readonly record struct ProcShare(byte Go, byte Gc, byte Syscall, byte Scheduling);

/// <summary>Each null when the trace does not tell.</summary>
public sealed record HeapRange(long? FirstGoalBytes, long? LastGoalBytes, long? FirstLiveBytes, long? LastLiveBytes, long? MaxLiveBytes);

public readonly record struct FunctionSamples(string Function, long Samples);
