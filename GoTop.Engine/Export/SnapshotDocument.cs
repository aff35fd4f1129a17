using System.Collections.Immutable;

namespace GoTop.Engine.Export;

/// <summary>
/// What <c>gotop snapshot --json</c> prints. The names are a contract with other tools: see docs/json.md. A figure that
/// could not be read is null, and <see cref="Absent"/> says why under the same path.
/// </summary>
public sealed record SnapshotDocument
{
    public required DateTimeOffset Time { get; init; }

    public required TargetPart Target { get; init; }

    public required ProcessPart Process { get; init; }

    public required GoPart Go { get; init; }

    public required ServicePart Service { get; init; }

    public required LogsPart Logs { get; init; }

    public required ContainerPart Container { get; init; }

    public required HostPart Host { get; init; }

    public required ImmutableArray<GroupPart> GoroutineGroups { get; init; }

    /// <summary>What goroutines wait on, most waiters first; null when it was not read.</summary>
    public required ImmutableArray<WaitPart>? Waits { get; init; }

    public required ImmutableArray<CorePart> Cores { get; init; }

    /// <summary>The system's counters that the configuration names.</summary>
    public required ImmutableArray<SystemCounterPart> SystemCounters { get; init; }

    public required ImmutableArray<FindingPart> Findings { get; init; }

    public required ImmutableArray<SourcePart> Sources { get; init; }

    /// <summary>Path of a null figure, e.g. <c>go.gcPercent</c>, and why it is null.</summary>
    public required ImmutableSortedDictionary<string, string> Absent { get; init; }

    /// <summary>How the target ended, when it did.</summary>
    public string? TargetEnded { get; init; }
}

public sealed record TargetPart(
    string Name, int? Pid, string? Path, string? GoVersion, string? Module, string? ModuleVersion, string? VcsRevision,
    string? User, DateTimeOffset? StartedAt, string? Service, string? PprofUrl);

public sealed record ProcessPart
{
    public double? CpuPercent { get; init; }

    public double? UserPercent { get; init; }

    public double? SystemPercent { get; init; }

    public long? ResidentBytes { get; init; }

    public long? PrivateBytes { get; init; }

    public int? Threads { get; init; }

    public int? Handles { get; init; }

    public long? HandleLimit { get; init; }

    public double? PageFaultsPerSecond { get; init; }

    public double? HardFaultsPerSecond { get; init; }

    public double? ReadBytesPerSecond { get; init; }

    public double? WrittenBytesPerSecond { get; init; }

    public double? ContextSwitchesPerSecond { get; init; }

    public double? VoluntarySwitchesPerSecond { get; init; }

    public double? InvoluntarySwitchesPerSecond { get; init; }

    public double? RunQueueDelayPercent { get; init; }

    /// <summary>In the kernel's list format, <c>0-3,8</c>.</summary>
    public string? AllowedCores { get; init; }

    public string? Priority { get; init; }
}

public sealed record GoPart
{
    public string? Version { get; init; }

    public long? Goroutines { get; init; }

    public int? SystemGoroutines { get; init; }

    public int? TornGoroutines { get; init; }

    public double? GoroutinesChangePerSecond { get; init; }

    public int? Gomaxprocs { get; init; }

    public int? Threads { get; init; }

    public long? HeapLiveBytes { get; init; }

    public long? HeapGoalBytes { get; init; }

    public int? GcPercent { get; init; }

    /// <summary>Null with a reason when there is no limit.</summary>
    public long? MemoryLimitBytes { get; init; }

    public long? GcCycles { get; init; }

    public double? GcCyclesPerSecond { get; init; }

    public double? GcCpuPercent { get; init; }

    public double? GcAssistPercent { get; init; }

    public double? GcCpuFraction { get; init; }

    public DateTimeOffset? LastGcAt { get; init; }

    public long? TotalAllocBytes { get; init; }

    public double? AllocBytesPerSecond { get; init; }

    public long? SysBytes { get; init; }

    public long? HeapSysBytes { get; init; }

    public long? HeapInUseBytes { get; init; }

    public long? HeapIdleBytes { get; init; }

    public long? HeapReleasedBytes { get; init; }

    public long? StackInUseBytes { get; init; }

    public long? PauseTotalNanoseconds { get; init; }

    public ImmutableArray<long>? RecentPausesNanoseconds { get; init; }

    public double? SchedulingLatencyP50Nanoseconds { get; init; }

    public double? SchedulingLatencyP99Nanoseconds { get; init; }

    public long? RunQueue { get; init; }

    public double? SchedulesPerSecond { get; init; }

    public ImmutableArray<ProcPart>? Procs { get; init; }
}

/// <summary>What the service's own metrics tell of its requests.</summary>
public sealed record ServicePart(RequestPart Http, RequestPart Grpc);

/// <param name="Metric">The metric that counts them, and which one times them.</param>
public sealed record RequestPart(
    string? Metric, double? PerSecond, double? FailedPerSecond, double? FailedPercent, string? TimesMetric, double? MeanNanoseconds, double? P50Nanoseconds, double? P99Nanoseconds);

public sealed record ProcPart(int Id, string Status, int RunQueue);

public sealed record ContainerPart(
    string? Group, double? CpuQuotaCores, double? ThrottledPercent, double? ThrottledPeriodsPercent, long? MemoryLimitBytes, long? MemoryUsedBytes);

public sealed record HostPart(double? CpuPercent, long? MemoryTotalBytes, long? MemoryAvailableBytes, double? LoadOneMinute);

public sealed record CorePart(
    int Id, int NumaNode, int Package, int PhysicalCore, bool? Allowed, double BusyPercent, double UserPercent, double SystemPercent,
    double IoWaitPercent, double InterruptPercent, double StealPercent);

/// <param name="Value">In the counter's own unit.</param>
public sealed record SystemCounterPart(string Path, double? Value, string? Absent);

public sealed record GroupPart(
    int Count, string State, string? WaitReason, FramePart? CreatedBy, string? StartFunction, ImmutableArray<FramePart> Stack,
    double? OldestSeconds, double? ChangePerSecond, ImmutableArray<LabelPart> Labels);

public sealed record LabelPart(string Key, string Value, int Count);

/// <param name="Address">Hexadecimal, e.g. <c>0xc000012345</c>.</param>
/// <param name="Count">Channel: values buffered; WaitGroup: calls of Done missing; RWMutex: readers that hold it; else null.</param>
public sealed record WaitPart(
    string Kind, string Address, int Waiters, int? Count, int? Capacity, bool? Closed, bool? Locked, bool? SendersWait, bool? ReceiversWait, string? ElementType, double? OldestSeconds,
    ImmutableArray<WaitSitePart> Sites);

public sealed record WaitSitePart(int Count, string? WaitReason, FramePart? Where);

public sealed record FramePart(string Function, string? File, int? Line);

public sealed record FindingPart(string Rule, string Severity, string Title, string Detail, string Advice);

public sealed record SourcePart(string Name, string State, string? Reason, double? CostMilliseconds);
