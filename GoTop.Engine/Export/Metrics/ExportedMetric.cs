namespace GoTop.Engine.Export.Metrics;

public enum MetricKind : byte
{
    /// <summary>A level that is not to be added up over attributes.</summary>
    Gauge,

    /// <summary>A level that may be added up; for Prometheus a gauge.</summary>
    UpDownCounter,

    /// <summary>It only grows while what it counts lives.</summary>
    Counter,

    /// <summary>Cumulative, in seconds.</summary>
    Histogram,

    /// <summary>Number and sum alone; for Prometheus only.</summary>
    Summary,
}

/// <summary>What a metric is of.</summary>
public enum MetricScope : byte
{
    Target,

    /// <summary>The target as such, whether its process is there or not: its alerts, its watchdog.</summary>
    Standing,

    /// <summary>The machine: told once, however many targets there are.</summary>
    Host,
}

/// <summary>A metric that is exported: one line of <see cref="ExportedMetrics"/>, from which every exporter's names come.</summary>
/// <param name="Otel">Its name in OpenTelemetry, its own semantic conventions' where they have one; null for Prometheus only.</param>
/// <param name="Unit">UCUM's, as OpenTelemetry writes it: <c>s</c>, <c>By</c>, <c>1</c>, <c>{goroutine}</c>.</param>
/// <param name="Prometheus">Its name in Prometheus, client_golang's where it has the same; null for OpenTelemetry only.</param>
/// <param name="Help">What it counts, a phrase.</param>
/// <param name="Read">Its values now; none when nothing is known, never a zero in place of it.</param>
public sealed record ExportedMetric(
    MetricScope Scope, MetricKind Kind, string? Otel, string Unit, string? Prometheus, string Help, Func<ExportedTarget, IEnumerable<MetricPoint>> Read)
{
    /// <summary>The figures that it tells, by their names: they are exported as this and not once more under a name of their own.</summary>
    public string[] Figures { get; init; } = [];

    /// <summary>By the rule for all figures: of the figure that has no line of its own.</summary>
    public bool IsByRule { get; init; }
}
