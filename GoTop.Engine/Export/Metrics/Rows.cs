using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Export.Metrics;

/// <summary>How lines of the table are written.</summary>
internal static class Rows
{
    public static ExportedMetric Gauge(string? otel, string unit, string? prometheus, string help, Func<Snapshot, Reading<double>> read, params string[] figures) =>
        Level(MetricKind.Gauge, otel, unit, prometheus, help, read, figures);

    public static ExportedMetric UpDown(string? otel, string unit, string? prometheus, string help, Func<Snapshot, Reading<double>> read, params string[] figures) =>
        Level(MetricKind.UpDownCounter, otel, unit, prometheus, help, read, figures);

    public static ExportedMetric Counter(string? otel, string unit, string? prometheus, string help, Func<Snapshot, Reading<double>> read, params string[] figures) =>
        new(MetricScope.Target, MetricKind.Counter, otel, unit, prometheus, help, target => target.Now is { } now ? Point(read(now), target.StartedAt) : []) { Figures = figures };

    /// <summary>One with several points.</summary>
    public static ExportedMetric Many(MetricKind kind, string? otel, string unit, string? prometheus, string help, Func<ExportedTarget, IEnumerable<MetricPoint>> read, params string[] figures) =>
        new(MetricScope.Target, kind, otel, unit, prometheus, help, read) { Figures = figures };

    public static ExportedMetric Host(MetricKind kind, string? otel, string unit, string? prometheus, string help, Func<Snapshot, IEnumerable<MetricPoint>> read, params string[] figures) =>
        new(MetricScope.Host, kind, otel, unit, prometheus, help, target => target.Now is { } now ? read(now) : []) { Figures = figures };

    public static IEnumerable<MetricPoint> Point(Reading<double> reading, DateTimeOffset? since = null) =>
        ExportedTarget.Present(reading, out double value) ? [new MetricPoint(value) { Since = since }] : [];

    public static Reading<double> Number(Reading<long> reading) => reading.Select(value => (double)value);

    public static Reading<double> Number(Reading<int> reading) => reading.Select(value => (double)value);

    /// <summary>From nanoseconds.</summary>
    public static Reading<double> Seconds(Reading<long> nanoseconds) => nanoseconds.Select(value => value / 1e9);

    public static Reading<double> Flat<T>(Reading<T> outer, Func<T, Reading<double>> select) =>
        outer.State == ReadingState.Present ? select(outer.Value) : Reading.NotYet<double>();

    private static ExportedMetric Level(MetricKind kind, string? otel, string unit, string? prometheus, string help, Func<Snapshot, Reading<double>> read, string[] figures) =>
        new(MetricScope.Target, kind, otel, unit, prometheus, help, target => target.Now is { } now ? Point(read(now)) : []) { Figures = figures };
}
