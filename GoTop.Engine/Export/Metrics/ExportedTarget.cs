using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Export.Metrics;

/// <summary>A target as exporters see it at one moment.</summary>
/// <param name="Name">The same in all its lives.</param>
/// <param name="Labels">Those of gotop.toml.</param>
/// <param name="Observation">Null while it is not there, or nothing new has been read of it for long.</param>
public sealed record ExportedTarget(string Name, ImmutableSortedDictionary<string, string> Labels, Observation? Observation)
{
    public WatchdogStanding? Watchdog { get; init; }

    /// <summary>How the rules stand that watch it.</summary>
    public ImmutableArray<RuleStatus> Alerts { get; init; } = [];

    public Snapshot? Now => Observation?.Now;

    /// <summary>When its process began: that of its counters.</summary>
    public DateTimeOffset? StartedAt => Now is { } now && now.Target.StartedAt.TryGet(out DateTimeOffset at) ? at : null;

    /// <summary>A fact of this moment: an old one under a new time would be untrue.</summary>
    public static bool Present<T>(Reading<T> reading, out T value)
    {
        value = reading.State == ReadingState.Present ? reading.Value : default!;
        return reading.State == ReadingState.Present;
    }
}

/// <summary>The machine that exports.</summary>
/// <param name="Os">OpenTelemetry's word: <c>linux</c>, <c>windows</c>.</param>
public sealed record ExportedHost(string Name, string Os)
{
    public static ExportedHost OfThisMachine() => new(
        Environment.MachineName, OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : "other");
}

/// <summary>All that is exported of one moment.</summary>
/// <param name="Targets">By name; also those that are not there.</param>
public sealed record ExportView(DateTimeOffset Time, ExportedHost Host, string ToolVersion, ImmutableArray<ExportedTarget> Targets)
{
    /// <summary>The machine's facts, by the target that read them last, whichever was observed last; null while there is none.</summary>
    public required ExportedTarget? HostFacts { get; init; }

    /// <summary>Told of a metric that cannot be read of a target.</summary>
    public Action<ExportedMetric, ExportedTarget, Exception> Failed { get; init; } = (_, _, _) => { };

    /// <summary>A metric's values now. One that fails has none and is told of: it must not take all others away.</summary>
    public IReadOnlyList<MetricPoint> Read(ExportedMetric metric, ExportedTarget target)
    {
        try
        {
            return [.. metric.Read(target)];
        }
        catch (Exception bug)
        {
            Failed(metric, target, bug);
            return [];
        }
    }
}
