using GoTop.Engine.Export.Metrics;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>
/// A moment as OpenTelemetry's metrics. A target is two resources: its process, and the target as such, whose series (whether it is up, its
/// alerts, its watchdog) must not change with each process.
/// </summary>
internal static class OtlpMetrics
{
    public static ExportMetricsServiceRequest Of(ExportView view)
    {
        ExportMetricsServiceRequest request = new();
        foreach (ExportedTarget target in view.Targets)
        {
            Add(request, view, OtlpResources.OfTarget(target), target, MetricScope.Standing);
            if (target.Now is not null) Add(request, view, OtlpResources.OfProcess(target, view.Host), target, MetricScope.Target);
        }

        if (view.HostFacts is { } host) Add(request, view, OtlpResources.OfHost(view.Host), host, MetricScope.Host);
        return request;
    }

    /// <summary>One gauge, to try a receiver.</summary>
    public static ExportMetricsServiceRequest ForTest(ExportedHost host, string toolVersion, DateTimeOffset time)
    {
        Gauge gauge = new();
        gauge.DataPoints.Add(new NumberDataPoint { TimeUnixNano = Nanoseconds(time), AsDouble = 1 });
        ExportMetricsServiceRequest request = new();
        Add(request, OtlpResources.OfHost(host), toolVersion, [new Metric { Name = "gotop.export.test", Unit = "1", Description = "sent by gotop export test", Gauge = gauge }]);
        return request;
    }

    public static long PointsOf(ExportMetricsServiceRequest request) => request.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics).Sum(PointsOf);

    internal static ulong Nanoseconds(DateTimeOffset time) => (ulong)Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks) * 100;

    private static int PointsOf(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Count,
        Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Count,
        _ => metric.Histogram.DataPoints.Count,
    };

    private static void Add(ExportMetricsServiceRequest request, ExportView view, OpenTelemetry.Proto.Resource.V1.Resource resource, ExportedTarget target, MetricScope scope)
    {
        DateTimeOffset time = scope == MetricScope.Standing ? view.Time : target.Now!.Time;
        Add(request, resource, view.ToolVersion, ExportedMetrics.All.Where(metric => metric.Scope == scope && metric.Otel is not null).Select(metric => Of(metric, view.Read(metric, target), time)).OfType<Metric>());
    }

    private static void Add(ExportMetricsServiceRequest request, OpenTelemetry.Proto.Resource.V1.Resource resource, string toolVersion, IEnumerable<Metric> metrics)
    {
        ScopeMetrics scope = new() { Scope = OtlpResources.Scope(toolVersion) };
        scope.Metrics.AddRange(metrics);
        if (scope.Metrics.Count == 0) return;
        ResourceMetrics all = new() { Resource = resource };
        all.ScopeMetrics.Add(scope);
        request.ResourceMetrics.Add(all);
    }

    /// <returns>Null when nothing is known of it.</returns>
    private static Metric? Of(ExportedMetric exported, IReadOnlyList<MetricPoint> points, DateTimeOffset time)
    {
        Metric metric = new() { Name = exported.Otel, Unit = exported.Unit, Description = exported.Help };
        ulong now = Nanoseconds(time);
        if (points.Count == 0) return null;
        switch (exported.Kind)
        {
            case MetricKind.Histogram:
                metric.Histogram = new Histogram { AggregationTemporality = AggregationTemporality.Cumulative };
                metric.Histogram.DataPoints.AddRange(points.Where(point => point.Histogram is not null).Select(point => Distribution(point, now)));
                break;
            case MetricKind.Counter or MetricKind.UpDownCounter:
                metric.Sum = new Sum { AggregationTemporality = AggregationTemporality.Cumulative, IsMonotonic = exported.Kind == MetricKind.Counter };
                metric.Sum.DataPoints.AddRange(points.Select(point => Number(point, now)));
                break;
            default:
                metric.Gauge = new Gauge();
                metric.Gauge.DataPoints.AddRange(points.Select(point => Number(point, now)));
                break;
        }

        return metric;
    }

    private static NumberDataPoint Number(MetricPoint point, ulong now)
    {
        // Without a start it is 0: not known.
        NumberDataPoint number = new() { TimeUnixNano = now, StartTimeUnixNano = point.Since is { } since ? Nanoseconds(since) : 0, AsDouble = point.Value };
        number.Attributes.AddRange(point.Labels.Select(Attribute));
        return number;
    }

    private static HistogramDataPoint Distribution(MetricPoint point, ulong now)
    {
        MetricHistogram histogram = point.Histogram!;
        HistogramDataPoint distribution = new() { TimeUnixNano = now, StartTimeUnixNano = point.Since is { } since ? Nanoseconds(since) : 0, Count = (ulong)histogram.Count };
        if (histogram.Sum is { } sum) distribution.Sum = sum;
        distribution.ExplicitBounds.AddRange(histogram.UpperBounds);
        distribution.BucketCounts.AddRange(histogram.Counts.Select(count => (ulong)count));
        distribution.Attributes.AddRange(point.Labels.Select(Attribute));
        return distribution;
    }

    private static KeyValue Attribute(MetricLabel label) => OtlpResources.Attribute(label.Otel, label.Value);
}
