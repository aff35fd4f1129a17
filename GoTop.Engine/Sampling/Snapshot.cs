using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Sampling;

/// <summary>
/// Facts and rates of one tick, derived from two samples. Everything in it is immutable and safe to show.
/// Rates are "not yet" in the first tick.
/// </summary>
public sealed record Snapshot
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>The sample's time on a clock that never jumps; what windows are measured with.</summary>
    public long MonotonicNanoseconds { get; init; }

    /// <summary>Seconds since the sample that rates were taken against; null in the first tick.</summary>
    public required double? ElapsedSeconds { get; init; }

    public required TargetIdentity Target { get; init; }

    /// <summary>The raw facts, for panes that list them (goroutine rows, profiles).</summary>
    public required SampleFacts Facts { get; init; }

    public required ProcessFigures Process { get; init; }

    public required HostFigures Host { get; init; }

    public required ContainerFigures Container { get; init; }

    public required GoFigures Go { get; init; }

    /// <summary>The target's OS threads, and which goroutine each runs.</summary>
    public Reading<ImmutableArray<ThreadFigures>> Threads { get; init; }

    /// <summary>What the kernel did for and against the target; there only while its events are collected.</summary>
    public Reading<KernelFigures> Kernel { get; init; }

    /// <summary>Groups by creation site, start function, state and wait reason; largest first.</summary>
    public required Reading<ImmutableArray<GoroutineGroup>> Groups { get; init; }

    /// <summary>What the service's own metrics tell of its requests.</summary>
    public required ServiceFigures Service { get; init; }

    /// <summary>What its logs tell.</summary>
    public LogFigures Log { get; init; } = new();

    /// <summary>The newest profile of each kind that was asked for.</summary>
    public ProfileFigures Profiles { get; init; } = ProfileFigures.None;

    public required ImmutableArray<SourceStatus> Sources { get; init; }

    public string? TargetEnded { get; init; }
}

public sealed record ProcessFigures
{
    /// <summary>100 is one core used whole.</summary>
    public Reading<double> CpuPercent { get; init; }

    public Reading<double> UserPercent { get; init; }

    public Reading<double> SystemPercent { get; init; }

    public Reading<long> ResidentBytes { get; init; }

    public Reading<long> PrivateBytes { get; init; }

    public Reading<int> Threads { get; init; }

    public Reading<int> Handles { get; init; }

    public Reading<long> HandleLimit { get; init; }

    public Reading<double> PageFaultsPerSecond { get; init; }

    public Reading<double> HardFaultsPerSecond { get; init; }

    public Reading<double> ReadBytesPerSecond { get; init; }

    public Reading<double> WrittenBytesPerSecond { get; init; }

    /// <summary>All context switches; on Linux the next two together, on Windows the only one told.</summary>
    public Reading<double> ContextSwitchesPerSecond { get; init; }

    public Reading<double> VoluntarySwitchesPerSecond { get; init; }

    public Reading<double> InvoluntarySwitchesPerSecond { get; init; }

    /// <summary>Thread-time spent ready without a core, per cent of one thread's time; may exceed 100.</summary>
    public Reading<double> RunQueueDelayPercent { get; init; }

    public Reading<CoreSet> AllowedCores { get; init; }

    public Reading<string> Priority { get; init; }
}

public sealed record HostFigures
{
    /// <summary>0–100 over all cores.</summary>
    public Reading<double> CpuPercent { get; init; }

    public Reading<ImmutableArray<CoreLoad>> Cores { get; init; }

    public Reading<long> MemoryTotalBytes { get; init; }

    public Reading<long> MemoryAvailableBytes { get; init; }

    public Reading<ImmutableArray<NumaMemory>> NumaNodes { get; init; }

    public Reading<LoadAverage> Load { get; init; }

    public Reading<Pressure> Pressure { get; init; }
}

/// <summary>How one logical processor spent the time since the previous tick; parts in per cent, together at most 100.</summary>
public sealed record CoreLoad(
    LogicalCore Core, double UserPercent, double SystemPercent, double IoWaitPercent, double InterruptPercent, double StealPercent)
{
    public double BusyPercent => UserPercent + SystemPercent + InterruptPercent + StealPercent;
}

public sealed record ContainerFigures
{
    public Reading<string> Group { get; init; }

    public Reading<double> CpuQuotaCores { get; init; }

    /// <summary>Share of enforcement periods in which the group was throttled, 0–100.</summary>
    public Reading<double> ThrottledPeriodsPercent { get; init; }

    /// <summary>Time throttled, per cent of wall time.</summary>
    public Reading<double> ThrottledPercent { get; init; }

    public Reading<long> MemoryLimitBytes { get; init; }

    public Reading<long> MemoryUsedBytes { get; init; }
}

public sealed record GoFigures
{
    /// <summary>The raw counters, each with its own reason where absent.</summary>
    public required RuntimeCounters Counters { get; init; }

    public Reading<double> GoroutinesChangePerSecond { get; init; }

    public Reading<double> GcCyclesPerSecond { get; init; }

    public Reading<double> AllocBytesPerSecond { get; init; }

    public Reading<double> MallocsPerSecond { get; init; }

    /// <summary>Share of GOMAXPROCS × time that GC used since the previous tick, 0–100.</summary>
    public Reading<double> GcCpuPercent { get; init; }

    /// <summary>Part of it spent by goroutines that had to help (mark assist).</summary>
    public Reading<double> GcAssistPercent { get; init; }

    /// <summary>Stop-the-world time for GC since the previous tick, per cent of wall time.</summary>
    public Reading<double> PausePercent { get; init; }

    /// <summary>Lengths of the pauses since the previous tick, oldest first; each is a cycle's sum.</summary>
    public Reading<ImmutableArray<long>> NewPausesNanoseconds { get; init; }

    /// <summary>Scheduling latencies since the previous tick.</summary>
    public Reading<TimeHistogram> SchedulingLatency { get; init; }

    public Reading<double> SchedulingLatencyP50Nanoseconds { get; init; }

    public Reading<double> SchedulingLatencyP99Nanoseconds { get; init; }

    /// <summary>
    /// Time slices started per second on all Ps (schedtick). A goroutine readied by the one before it inherits its slice
    /// and is not counted.
    /// </summary>
    public Reading<double> SchedulesPerSecond { get; init; }

    public Reading<int> RunningProcs { get; init; }

    public Reading<int> IdleProcs { get; init; }

    /// <summary>Goroutines ready to run but not running: global and local run queues together.</summary>
    public Reading<long> RunQueue { get; init; }

    /// <summary>
    /// Resident memory that the Go runtime did not ask for (cgo, mapped files): at least this much, since not all that Go
    /// asked for need be resident.
    /// </summary>
    public Reading<long> NonGoResidentBytes { get; init; }
}

/// <summary>Goroutines made at the same place that now do the same thing.</summary>
/// <param name="ChangePerSecond">Against the previous reading; not yet in the first.</param>
/// <param name="OldestSeconds">At least this long waiting; absent while no GC cycle has marked any of them.</param>
/// <param name="Stacks">Distinct stacks seen, most frequent first. Only one of one goroutine unless the group is open.</param>
public sealed record GoroutineGroup(
    GroupKey Key, int Count, Reading<double> ChangePerSecond, Reading<double> OldestSeconds, ImmutableArray<StackShape> Stacks)
{
    /// <summary>How many there were in the previous reading; null in the first.</summary>
    public int? CountBefore { get; init; }

    /// <summary>Profiler labels among them, most frequent first; at most <see cref="GroupDerivation.LabelsPerGroup"/>.</summary>
    public ImmutableArray<LabelCount> Labels { get; init; } = [];

    public ImmutableArray<CodeLocation> Stack => Stacks.IsDefaultOrEmpty ? [] : Stacks[0].Frames;
}

/// <param name="Count">Goroutines that carry it.</param>
public readonly record struct LabelCount(GoroutineLabel Label, int Count);

/// <param name="Count">Goroutines seen with exactly this stack.</param>
/// <param name="Frames">Innermost first.</param>
public sealed record StackShape(int Count, ImmutableArray<CodeLocation> Frames);
