using System.Collections.Immutable;

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

    /// <summary>Never absent as a whole: each figure carries its own reason.</summary>
    public RuntimeCounters Runtime { get; init; } = new();

    public Reading<GoroutineTable> Goroutines { get; init; }

    /// <summary>The pprof index: how many entries each profile has, by name.</summary>
    public Reading<ImmutableSortedDictionary<string, long>> Profiles { get; init; }

    /// <summary>Log lines that arrived since the previous tick.</summary>
    public ImmutableArray<LogLine> LogLines { get; init; } = [];

    /// <summary>Log lines that came faster than they could be kept.</summary>
    public long LogLinesDropped { get; init; }

    /// <summary>Fact by fact, this or else the other: the order of the source catalogue is the order of precedence.</summary>
    public SampleFacts Or(SampleFacts other) => new()
    {
        Host = Host.Or(other.Host),
        Process = Process.Or(other.Process),
        Container = Container.Or(other.Container),
        Runtime = Runtime.Or(other.Runtime),
        Goroutines = Goroutines.Or(other.Goroutines),
        Profiles = Profiles.Or(other.Profiles),
        LogLines = LogLines.AddRange(other.LogLines),
        LogLinesDropped = LogLinesDropped + other.LogLinesDropped,
    };
}
