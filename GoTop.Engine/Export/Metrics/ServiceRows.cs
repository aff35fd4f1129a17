using System.Collections.Immutable;
using GoTop.Engine.Model;
using static GoTop.Engine.Export.Metrics.Rows;

namespace GoTop.Engine.Export.Metrics;

/// <summary>What the service counts of its requests, and what its logs tell.</summary>
internal static class ServiceRows
{
    private const string Protocol = "gotop.protocol";

    public static ImmutableArray<ExportedMetric> All { get; } =
    [
        Many(MetricKind.Counter, "gotop.service.requests", "{request}", "gotop_service_requests_total", "requests served, by the service's own metrics", target => Requests(target, requests => Reading.Of((double)requests.Total)),
            "service.http.perSecond", "service.grpc.perSecond"),
        Many(MetricKind.Counter, "gotop.service.requests.failed", "{request}", "gotop_service_requests_failed_total", "requests that failed by the service's own fault", target => Requests(target, requests => Number(requests.Failed)),
            "service.http.failedPerSecond", "service.grpc.failedPerSecond", "service.http.failedPercent", "service.grpc.failedPercent"),
        Many(MetricKind.Histogram, "gotop.service.request.duration", "s", "gotop_service_request_duration_seconds", "time of requests, by the service's own metrics", Durations,
            "service.http.p99Nanoseconds", "service.grpc.p99Nanoseconds", "service.http.meanNanoseconds", "service.grpc.meanNanoseconds"),
        Many(MetricKind.Counter, "gotop.log.lines", "{line}", "gotop_log_lines_total", "lines in its logs, by level, since the agent follows them", LogLines,
            "log.linesPerSecond", "log.errorsPerSecond", "log.warningsPerSecond"),
        Many(MetricKind.Counter, "gotop.log.crashes", "{crash}", "gotop_log_crashes_total", "panics and fatal errors in its logs since the agent follows them, recovered ones included", Crashes, "log.panics"),
    ];

    private static IEnumerable<(string Protocol, RequestCounters Requests)> Protocols(ExportedTarget target)
    {
        if (target.Now is not { } now || !ExportedTarget.Present(now.Facts.Service, out ServiceCounters service)) yield break;
        if (ExportedTarget.Present(service.Http, out RequestCounters http)) yield return ("http", http);
        if (ExportedTarget.Present(service.Grpc, out RequestCounters grpc)) yield return ("grpc", grpc);
    }

    private static IEnumerable<MetricPoint> Requests(ExportedTarget target, Func<RequestCounters, Reading<double>> select) =>
        Protocols(target).SelectMany(one => Point(select(one.Requests), target.StartedAt).Select(point => Labelled(point, one.Protocol)));

    private static IEnumerable<MetricPoint> Durations(ExportedTarget target)
    {
        foreach ((string protocol, RequestCounters requests) in Protocols(target))
        {
            if (!ExportedTarget.Present(requests.Times, out RequestTimes times)) continue;
            double sum = times.SumNanoseconds / 1e9;
            // A summary has no buckets: number and sum are still true.
            MetricHistogram told = ExportedTarget.Present(times.Histogram, out TimeHistogram histogram) ? MetricHistogram.Of(histogram, sum) : MetricHistogram.SummaryOf(times.Count, sum);
            yield return Labelled(new MetricPoint(0) { Since = target.StartedAt, Histogram = told }, protocol);
        }
    }

    private static MetricPoint Labelled(MetricPoint point, string protocol) => point with { Labels = [new MetricLabel(Protocol, "protocol", protocol)] };

    private static IEnumerable<MetricPoint> LogLines(ExportedTarget target)
    {
        if (target.Now is not { } now || !ExportedTarget.Present(now.Facts.Logs, out LogCounters logs)) yield break;
        foreach (LineLevel level in Enum.GetValues<LineLevel>())
            yield return new MetricPoint(logs[level]) { Since = logs.Since, Labels = [new MetricLabel("gotop.log.level", "level", level.ToString().ToLowerInvariant())] };
    }

    private static IEnumerable<MetricPoint> Crashes(ExportedTarget target) =>
        target.Now is { } now && ExportedTarget.Present(now.Facts.Logs, out LogCounters logs) ? [new MetricPoint(logs.CrashTotal) { Since = logs.Since }] : [];
}
