using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>
/// What a kernel did for and against the target in an interval, of bounded size however busy the machine. Times of states
/// (on a core, waiting) are cut at the interval's ends; delays and counts belong to the interval in which they end.
/// Names are as the system has them: clean them before they are drawn.
/// </summary>
public sealed record KernelReport
{
    /// <summary>On the system's monotonic clock.</summary>
    public required long StartNanoseconds { get; init; }

    public required long DurationNanoseconds { get; init; }

    public required KernelCoverage Coverage { get; init; }

    public required long Events { get; init; }

    /// <summary>
    /// Events that were lost. Not 0: the figures are partial, and whatever was under way when some were lost is not counted.
    /// </summary>
    public required long LostEvents { get; init; }

    /// <summary>All of the target's threads together; of its parts <see cref="ThreadActivity.Thread"/> is unknown.</summary>
    public required ThreadActivity Target { get; init; }

    /// <summary>From ready to run (woken, made, preempted) to running, of all the target's threads.</summary>
    public required Reading<DurationSummary> RunQueueDelay { get; init; }

    /// <summary>A bucket for each doubling; empty when there is no delay.</summary>
    public required TimeHistogram RunQueueDelayHistogram { get; init; }

    /// <summary>The longest of these delays, longest first.</summary>
    public required ImmutableArray<RunQueueWait> LongestWaits { get; init; }

    /// <summary>Who had the core while the target's threads waited for it, by time.</summary>
    public required Reading<ImmutableArray<RanInstead>> RanInstead { get; init; }

    /// <summary>The target's threads that did or awaited anything: most time on a core or waiting for one first.</summary>
    public required ImmutableArray<ThreadActivity> Threads { get; init; }

    /// <summary>Threads beyond those that are listed; they are in <see cref="Target"/>.</summary>
    public required int OmittedThreads { get; init; }

    /// <summary>By number. Those on which nothing was seen are missing.</summary>
    public required ImmutableArray<CoreActivity> Cores { get; init; }

    /// <summary>All processes, the target among them, by time on a core.</summary>
    public required Reading<ImmutableArray<ProcessActivity>> Processes { get; init; }

    /// <summary>Where the target's CPU time goes.</summary>
    public required Reading<CpuSamples> Samples { get; init; }

    public required Reading<long> DiskReadBytes { get; init; }

    public required Reading<long> DiskWrittenBytes { get; init; }

    public required Reading<long> NetworkReceivedBytes { get; init; }

    public required Reading<long> NetworkSentBytes { get; init; }

    /// <summary>Pages that the target had to wait for a disk for.</summary>
    public required Reading<long> HardFaults { get; init; }
}

/// <summary>A thread of the target.</summary>
public sealed record ThreadActivity
{
    /// <summary>Its system-wide number.</summary>
    public required int Thread { get; init; }

    public required long OnCpuNanoseconds { get; init; }

    /// <summary>Ready to run, but without a core; cut at the interval's ends. Part of no other time.</summary>
    public required long ReadyNanoseconds { get; init; }

    /// <summary>Not ready, by what for; most time first. Includes waiting for a core where <see cref="KernelFacts.Ready"/> is not told.</summary>
    public required ImmutableArray<OffCpuTime> OffCpu { get; init; }

    /// <summary>Delays that ended; count 0 where they are not told.</summary>
    public required DurationSummary RunQueueDelay { get; init; }

    /// <summary>A bucket for each doubling; empty when there is no delay.</summary>
    public required TimeHistogram RunQueueDelayHistogram { get; init; }

    /// <summary>It could go on, but another one got its core.</summary>
    public required long Preemptions { get; init; }

    /// <summary>It gave up its core to wait.</summary>
    public required long VoluntarySwitches { get; init; }

    /// <summary>It went on on another core than before.</summary>
    public required long CoreMigrations { get; init; }

    /// <summary>Part of them: to a core of another NUMA node.</summary>
    public required long NodeMigrations { get; init; }

    /// <summary>Its CPU samples.</summary>
    public required long Samples { get; init; }

    /// <summary>The core it last ran on; unknown when it has not run.</summary>
    public required int LastCpu { get; init; }

    /// <summary>How long it has been ready without a core at the interval's end; 0 when it is not.</summary>
    public required long WaitsSinceNanoseconds { get; init; }

    /// <summary>Who had the core meanwhile, by time; the first few.</summary>
    public required ImmutableArray<RanInstead> RanInstead { get; init; }
}

/// <summary>Time not on a core for one reason.</summary>
/// <param name="WaitReason">As <see cref="KernelEvent.WaitReason"/>.</param>
/// <param name="Reason">In the system's words.</param>
/// <param name="Count">Waits that ended.</param>
/// <param name="MaxNanoseconds">Of those that ended, in whole.</param>
public readonly record struct OffCpuTime(int WaitReason, string Reason, long Count, long TotalNanoseconds, long MaxNanoseconds);

/// <param name="AtNanoseconds">When it began, on the system's monotonic clock.</param>
/// <param name="Cpu">Where it then ran.</param>
/// <param name="Preempted">It had been running; else it was woken or new.</param>
/// <param name="RanInstead">Who had that core meanwhile, by time; the first few.</param>
public sealed record RunQueueWait(int Thread, long AtNanoseconds, long DurationNanoseconds, int Cpu, bool Preempted, ImmutableArray<RanInstead> RanInstead);

/// <summary>Who had the core that a thread of the target waited for: process 0 is nobody, the core was idle and had to wake up.</summary>
/// <param name="Thread">Unknown where several of the process did.</param>
public readonly record struct RanInstead(int Process, string? Name, int Thread, long Nanoseconds);

/// <summary>A logical processor. Its times together are the interval.</summary>
/// <param name="BusyNanoseconds">Somebody's thread ran, interrupts not counted.</param>
/// <param name="TargetNanoseconds">The target's part of it.</param>
/// <param name="InterruptNanoseconds">Null where interrupts are not told; then they are in the times of whom they interrupted.</param>
/// <param name="UnknownNanoseconds">Who ran is not known: before the first switch, around lost events, or other processes' switches are not told.</param>
/// <param name="Switches">Context switches seen on it.</param>
/// <param name="Samples">How often it was found at work, and <paramref name="TargetSamples"/> how often for the target.</param>
/// <param name="Processes">By time, or by samples where times are not told; the first few.</param>
public sealed record CoreActivity(
    int Cpu, int NumaNode, long BusyNanoseconds, long TargetNanoseconds, long IdleNanoseconds, long? InterruptNanoseconds, long UnknownNanoseconds, long Switches,
    long Samples, long TargetSamples, ImmutableArray<ProcessActivity> Processes)
{
    /// <summary>In which functions the target was found on it, most often first; the first few.</summary>
    public ImmutableArray<CoreFunction> Functions { get; init; } = [];
}

/// <param name="Samples">How often the target was found in it, on one core.</param>
public readonly record struct CoreFunction(string Function, FrameKind Kind, long Samples);

/// <param name="OnCpuNanoseconds">0 where other processes' switches are not told.</param>
/// <param name="Samples">How often it was found at work.</param>
public readonly record struct ProcessActivity(int Process, string? Name, long OnCpuNanoseconds, long Samples);

/// <summary>CPU samples of the target. A sample belongs to the function it was found in, and to all that called it.</summary>
/// <param name="Count">All of the target's.</param>
/// <param name="Unlisted">Part of them whose stacks were too many to be kept.</param>
/// <param name="Functions">By own samples, then by all.</param>
/// <param name="Lines">Likewise.</param>
/// <param name="Stacks">Most frequent first; the first hundred.</param>
public sealed record CpuSamples(
    long Count, long Unlisted, ImmutableArray<SampledFunction> Functions, ImmutableArray<SampledLine> Lines, ImmutableArray<StackSamples> Stacks)
{
    public static CpuSamples None { get; } = new(0, 0, [], [], []);
}

/// <param name="Self">Found in it itself.</param>
/// <param name="SelfAndKernel">The same and in the kernel on its behalf: what a service's own CPU profile counts as its own.</param>
/// <param name="Total">Found in it or in what it called.</param>
public sealed record SampledFunction(string Function, FrameKind Kind, long Self, long SelfAndKernel, long Total);

/// <inheritdoc cref="SampledFunction"/>
public sealed record SampledLine(CodeLocation Location, FrameKind Kind, long Self, long SelfAndKernel, long Total);

/// <param name="Frames">Innermost first.</param>
public sealed record StackSamples(ImmutableArray<SampledFrame> Frames, long Samples);

/// <param name="Location">Function, file and line; of the kernel and of C code the function or module alone.</param>
public readonly record struct SampledFrame(CodeLocation Location, FrameKind Kind);

public enum FrameKind : byte
{
    Go,
    Kernel,

    /// <summary>Code that is neither: C libraries, vDSO. Named by its module.</summary>
    Native,
}
