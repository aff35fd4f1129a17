using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources.Pprof;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.Engine.Sources;

/// <summary>What a source may need of its surroundings.</summary>
/// <param name="Settings">The target's own settings; defaults when it is not in the configuration.</param>
public sealed record TargetContext(TargetIdentity Target, IPlatform Platform, TargetSettings Settings, TimeProvider Time)
{
    /// <summary>Of a target that was found, with what the configuration says of all targets.</summary>
    public static TargetContext Of(ResolvedTarget target, GoTopConfig config, IPlatform platform, TimeProvider time) => new(target.Identity, platform, target.Settings, time)
    {
        Profiles = config.Profiles,
        CounterPaths = config.PerformanceCounters,
        Kernel = config.Kernel,
        EtwProviders = config.EtwProviders,
    };

    /// <summary>How often profiles and traces are asked for.</summary>
    public ProfileSettings Profiles { get; init; } = new();

    /// <summary>Paths of the system's counters that are to be read.</summary>
    public ImmutableArray<string> CounterPaths { get; init; } = [];

    /// <summary>Whether the kernel's events are collected.</summary>
    public KernelSettings Kernel { get; init; } = new();

    /// <summary>Providers that the target writes events of its own to.</summary>
    public ImmutableArray<EtwProviderSettings> EtwProviders { get; init; } = [];

    /// <summary>The flight recorder of this process, if one runs.</summary>
    public Func<Reading<IFlightRecorder>> FlightRecorder { get; init; } = static () => Reading.NotSupported<IFlightRecorder>(FlightRecorderHolder.Off);

    /// <summary>Filters whose log lines are counted, those of alert rules: each costs some microseconds a line.</summary>
    public ImmutableArray<LogFilter> WatchedLogFilters { get; init; } = [];

    /// <summary>Whoever asks the target for something dear goes through here.</summary>
    public RequestGate Gate { get; } = new(Time);

    /// <summary>Where its pprof pages are; shared, so that ports are asked once.</summary>
    internal PprofLocator Pprof => field ??= new PprofLocator(this);
}
