using System.Collections.Immutable;

namespace GoTop.Engine.Config;

/// <summary>The <c>[fleet]</c> table: many targets on one screen.</summary>
public sealed record FleetSettings
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(10);

    /// <summary>From one reading of all targets to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many pages of metrics are read at the same time.</summary>
    public int AtOnce { get; init; } = 16;

    /// <summary>Prometheus-compatible engines.</summary>
    public ImmutableArray<PrometheusSettings> Engines { get; init; } = [];
}
