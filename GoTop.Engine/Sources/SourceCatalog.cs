using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Container;
using GoTop.Engine.Sources.Host;
using GoTop.Engine.Sources.Kernel;
using GoTop.Engine.Sources.Logs;
using GoTop.Engine.Sources.Metrics;
using GoTop.Engine.Sources.PerformanceCounters;
using GoTop.Engine.Sources.Pprof;
using GoTop.Engine.Sources.Process;
using GoTop.Engine.Sources.Profiles;
using GoTop.Engine.Sources.ProviderEvents;
using GoTop.Engine.Sources.RuntimeMemory;
using GoTop.Engine.Sources.Traces;

namespace GoTop.Engine.Sources;

/// <summary>
/// Every source, in order of precedence: where two supply the same fact, the earlier one's stands.
/// A new source is a folder beside this file and a line here.
/// </summary>
public static class SourceCatalog
{
    public static ImmutableArray<SourceEntry> All { get; } =
    [
        new(RuntimeMemorySource.SourceName, RuntimeMemorySource.Check, RuntimeMemorySource.Create),
        new("process", ProcessSource.Check, ProcessSource.Create),
        new("container", ContainerSource.Check, ContainerSource.Create),
        new("host", HostSource.Check, HostSource.Create),
        new("pprof", PprofSource.Check, PprofSource.Create),
        new("profiles", null, ProfileSource.Create),
        new("traces", null, TraceSource.Create),
        new(MetricsSource.SourceName, null, MetricsSource.Create),
        new("perfmon", null, PerformanceCounterSource.Create),
        new(KernelSource.SourceName, KernelSource.Check, KernelSource.Create),
        new(ProviderEventSource.SourceName, null, ProviderEventSource.Create),
        new(LogSource.SourceName, LogSource.Check, LogSource.Create),
    ];
}

/// <summary>A source's name, whether it could serve a target, and how to make it for one.</summary>
/// <param name="Check">
/// Cheap, without a reading: for lists of processes. Says what stands in the way and what would help. Null for a source that
/// asks the same pages as another, which says it for both.
/// </param>
/// <param name="Create">Null when the source can never serve this kind of target, e.g. a local source and a remote URL.</param>
public sealed record SourceEntry(string Name, Func<TargetContext, SourceStatus>? Check, Func<TargetContext, ISource?> Create);
