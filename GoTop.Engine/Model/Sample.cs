using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;

namespace GoTop.Engine.Model;

/// <summary>
/// The raw facts of one tick, by kind of fact and not by source. This is what a recording holds; rates, groups and
/// joins are derived from two of them by <c>SnapshotBuilder</c>, the same way live, in replay and in tests.
/// </summary>
public sealed record Sample
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>A clock that never jumps, for rates.</summary>
    public required long MonotonicNanoseconds { get; init; }

    public required TargetIdentity Target { get; init; }

    public required SampleFacts Facts { get; init; }

    public required ImmutableArray<SourceStatus> Sources { get; init; }

    /// <summary>Set once the target has ended; facts are then its last ones.</summary>
    public string? TargetEnded { get; init; }
}

/// <summary>What one source contributed, or all of them together. A default reading means "not this source's".</summary>
public sealed record SampleFacts
{
    public static SampleFacts None { get; } = new();

    public Reading<HostCounters> Host { get; init; }

    public Reading<ProcessCounters> Process { get; init; }

    public Reading<ContainerCounters> Container { get; init; }

    /// <summary>The target's OS threads.</summary>
    public Reading<ThreadTable> Threads { get; init; }

    /// <summary>Which of them runs which goroutine.</summary>
    public Reading<GoThreadTable> GoThreads { get; init; }

    /// <summary>What the kernel did since the reading before, while its events are collected.</summary>
    public Reading<KernelReport> Kernel { get; init; }

    /// <summary>Counters of the system that the configuration names, in its order.</summary>
    public Reading<ImmutableArray<SystemCounter>> SystemCounters { get; init; }

    /// <summary>Never absent as a whole: each figure carries its own reason.</summary>
    public RuntimeCounters Runtime { get; init; } = new();

    public Reading<GoroutineTable> Goroutines { get; init; }

    /// <summary>The pprof index: how many entries each profile has, by name.</summary>
    public Reading<ImmutableSortedDictionary<string, long>> Profiles { get; init; }

    /// <summary>What the service counts of itself: its requests.</summary>
    public Reading<ServiceCounters> Service { get; init; }

    /// <summary>The newest profile of each kind, as served.</summary>
    // Source-generated JSON sets what an older recording lacks to null, whatever the initialiser says.
    public ProfileCaptures ProfileCaptures { get => field ?? ProfileCaptures.None; init; }

    /// <summary>The newest execution trace.</summary>
    public Reading<TraceBurst> Trace { get; init; }

    /// <summary>Profiles and traces being asked for, or held back.</summary>
    public Reading<DearRequests> DearRequests { get; init; }

    /// <summary>What all lines of its logs were.</summary>
    public Reading<LogCounters> Logs { get; init; }

    /// <summary>Log lines that arrived since the previous tick.</summary>
    public ImmutableArray<LogLine> LogLines { get; init; } = [];

    /// <summary>Log lines that came faster than they could be kept: counted in <see cref="Logs"/>, and not among the lines.</summary>
    public long LogLinesDropped { get; init; }

    /// <summary>Fact by fact, this or else the other: the order of the source catalogue is the order of precedence.</summary>
    public SampleFacts Or(SampleFacts other) => new()
    {
        Host = Host.Or(other.Host),
        Process = Process.Or(other.Process),
        Container = Container.Or(other.Container),
        Threads = Threads.Or(other.Threads),
        GoThreads = GoThreads.Or(other.GoThreads),
        Kernel = Kernel.Or(other.Kernel),
        // Different ones come from different sources.
        SystemCounters = other.SystemCounters.TryGet(out ImmutableArray<SystemCounter> counters) ? SystemCounters.HasValue ? SystemCounters.Select(own => own.AddRange(counters)) : other.SystemCounters : SystemCounters,
        Runtime = Runtime.Or(other.Runtime),
        Goroutines = Goroutines.Or(other.Goroutines),
        Profiles = Profiles.Or(other.Profiles),
        Service = Service.Or(other.Service),
        ProfileCaptures = ProfileCaptures.Or(other.ProfileCaptures),
        Trace = Trace.Or(other.Trace),
        DearRequests = other.DearRequests.TryGet(out DearRequests? more) ? DearRequests.HasValue ? DearRequests.Select(requests => requests.And(more)) : other.DearRequests : DearRequests,
        Logs = Logs.Or(other.Logs),
        LogLines = LogLines.AddRange(other.LogLines),
        LogLinesDropped = LogLinesDropped + other.LogLinesDropped,
    };

    /// <summary>The same facts, marked as old: their source is late.</summary>
    public SampleFacts AsStale(string reason) => this with
    {
        Host = Host.AsStale(reason),
        Process = Process.AsStale(reason),
        Container = Container.AsStale(reason),
        Threads = Threads.AsStale(reason),
        GoThreads = GoThreads.AsStale(reason),
        Kernel = Kernel.AsStale(reason),
        SystemCounters = SystemCounters.AsStale(reason),
        Runtime = Runtime.AsStale(reason),
        Goroutines = Goroutines.AsStale(reason),
        Profiles = Profiles.AsStale(reason),
        Service = Service.AsStale(reason),
        ProfileCaptures = ProfileCaptures.AsStale(reason),
        Trace = Trace.AsStale(reason),
        DearRequests = DearRequests.AsStale(reason),
        Logs = Logs.AsStale(reason),
    };

    /// <summary>Sets the time of reading where the source has not.</summary>
    public SampleFacts ReadAt(long nanoseconds) => this with
    {
        Host = Host.Select(f => f.ReadAtNanoseconds == 0 ? f with { ReadAtNanoseconds = nanoseconds } : f),
        Process = Process.Select(f => f.ReadAtNanoseconds == 0 ? f with { ReadAtNanoseconds = nanoseconds } : f),
        Container = Container.Select(f => f.ReadAtNanoseconds == 0 ? f with { ReadAtNanoseconds = nanoseconds } : f),
        Threads = Threads.Select(f => f.ReadAtNanoseconds == 0 ? f with { ReadAtNanoseconds = nanoseconds } : f),
        Logs = Logs.Select(f => f.ReadAtNanoseconds == 0 ? f with { ReadAtNanoseconds = nanoseconds } : f),
        Service = Service.Select(f => f.ReadAtNanoseconds == 0 ? f with { ReadAtNanoseconds = nanoseconds } : f),
        Runtime = Runtime with
        {
            ReadAtNanoseconds = Runtime.ReadAtNanoseconds == 0 ? nanoseconds : Runtime.ReadAtNanoseconds,
            GoroutinesReadAtNanoseconds = Runtime.GoroutinesReadAtNanoseconds == 0 ? nanoseconds : Runtime.GoroutinesReadAtNanoseconds,
            SchedulerReadAtNanoseconds = Runtime.SchedulerReadAtNanoseconds == 0 ? nanoseconds : Runtime.SchedulerReadAtNanoseconds,
        },
    };

    /// <summary>What is left of a reading at later ticks: what arrives only once is dropped.</summary>
    public SampleFacts Carried() => LogLines.IsEmpty && LogLinesDropped == 0 ? this : this with { LogLines = [], LogLinesDropped = 0 };
}
