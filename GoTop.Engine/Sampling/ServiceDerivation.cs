using GoTop.Engine.Model;
using GoTop.Engine.Sources.Metrics;

namespace GoTop.Engine.Sampling;

internal static class ServiceDerivation
{
    private const string NeedsTwo = "a rate needs two readings";
    private const string NoRequests = "no request since the last reading";

    /// <summary>Without a source that reads them, "not yet" would be a promise that nobody keeps; older recordings have none either.</summary>
    public static Reading<ServiceCounters> Told(Sample sample) => sample.Facts.Service.State == ReadingState.NotYet && sample.Sources.All(source => source.Name != MetricsSource.SourceName)
        ? Reading.NotSupported<ServiceCounters>("no page of metrics is read of this target")
        : sample.Facts.Service;

    public static ServiceFigures Derive(Reading<ServiceCounters> previous, ServiceFigures? derived, Reading<ServiceCounters> current)
    {
        ServiceCounters? now = current.ValueOr(null), then = previous.ValueOr(null);
        Reading<RequestCounters> http = now is null ? current.Absent<RequestCounters>() : now.Http, grpc = now is null ? current.Absent<RequestCounters>() : now.Grpc;
        if (derived is not null && now is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds)
        {
            return current.State == ReadingState.Stale ? new ServiceFigures { Http = AsStale(derived.Http, current.Reason!), Grpc = AsStale(derived.Grpc, current.Reason!) } : derived;
        }

        Rates? rates = now is null ? null : Rates.Between(then?.ReadAtNanoseconds, now.ReadAtNanoseconds);
        return new ServiceFigures { Http = Requests(then?.Http ?? default, http, rates), Grpc = Requests(then?.Grpc ?? default, grpc, rates) };
    }

    private static RequestFigures Requests(Reading<RequestCounters> then, Reading<RequestCounters> now, Rates? rates)
    {
        if (!now.TryGet(out RequestCounters? counters))
        {
            Reading<double> absent = now.Absent<double>();
            return new RequestFigures
            {
                Metric = now.Absent<string>(),
                PerSecond = absent,
                FailedPerSecond = absent,
                FailedPercent = absent,
                TimesMetric = now.Absent<string>(),
                MeanNanoseconds = absent,
                P50Nanoseconds = absent,
                P99Nanoseconds = absent,
            };
        }

        // Another metric than before counts something else.
        RequestCounters? earlier = then.ValueOr(null) is { } before && before.Metric == counters.Metric ? before : null;
        Reading<double> perSecond = earlier is null || rates is not { } over ? Rates.NotYet() : over.PerSecond(Reading.Of(earlier.Total), Reading.Of(counters.Total));
        Reading<double> failed = !counters.Failed.HasValue ? counters.Failed.Absent<double>()
            : earlier is null || rates is not { } time ? Rates.NotYet()
            : time.PerSecond(earlier.Failed, counters.Failed);
        RequestFigures figures = new()
        {
            Metric = Reading.Of(counters.Metric),
            PerSecond = perSecond,
            FailedPerSecond = failed,
            FailedPercent = !failed.HasValue ? failed
                : !perSecond.HasValue ? perSecond
                : perSecond.Value > 0 ? Reading.Of(Math.Min(100, failed.Value / perSecond.Value * 100))
                : Reading.NotYet<double>(NoRequests),
        };
        return WithTimes(figures, earlier?.Times ?? default, counters.Times);
    }

    private static RequestFigures WithTimes(RequestFigures figures, Reading<RequestTimes> then, Reading<RequestTimes> now)
    {
        if (!now.TryGet(out RequestTimes? times))
        {
            return figures with
            {
                TimesMetric = now.Absent<string>(),
                MeanNanoseconds = now.Absent<double>(),
                P50Nanoseconds = now.Absent<double>(),
                P99Nanoseconds = now.Absent<double>(),
            };
        }

        RequestTimes? earlier = then.ValueOr(null) is { } before && before.Metric == times.Metric ? before : null;
        Reading<TimeHistogram> added = !times.Histogram.TryGet(out TimeHistogram? histogram) ? times.Histogram
            : earlier?.Histogram.ValueOr(null) is { } old && histogram.Since(old) is { } since ? Reading.Of(since)
            : Reading.NotYet<TimeHistogram>(NeedsTwo);
        return figures with
        {
            TimesMetric = Reading.Of(times.Metric),
            MeanNanoseconds = earlier is null || times.Count < earlier.Count || times.SumNanoseconds < earlier.SumNanoseconds ? Rates.NotYet()
                : times.Count == earlier.Count ? Reading.NotYet<double>(NoRequests)
                : Reading.Of((times.SumNanoseconds - earlier.SumNanoseconds) / (double)(times.Count - earlier.Count)),
            P50Nanoseconds = Quantile(added, 0.5),
            P99Nanoseconds = Quantile(added, 0.99),
        };
    }

    private static Reading<double> Quantile(Reading<TimeHistogram> added, double quantile)
    {
        if (!added.TryGet(out TimeHistogram? histogram)) return added.Absent<double>();
        if (histogram.Total == 0) return Reading.NotYet<double>(NoRequests);
        // The last bucket has no end, so a quantile in it is at least its beginning, which is no bound above.
        long rank = Math.Max(1, (long)Math.Ceiling(quantile * histogram.Total));
        return histogram.Total - histogram.Counts[^1] < rank
            ? Reading.NotSupported<double>($"longer than the metric's last bucket begins ({histogram.LowerBoundsNanoseconds[^1] / 1e9:0.###} s)")
            : Reading.Of((double)histogram.QuantileNanoseconds(quantile)!.Value);
    }

    private static RequestFigures AsStale(RequestFigures figures, string reason) => new()
    {
        Metric = figures.Metric.AsStale(reason),
        PerSecond = figures.PerSecond.AsStale(reason),
        FailedPerSecond = figures.FailedPerSecond.AsStale(reason),
        FailedPercent = figures.FailedPercent.AsStale(reason),
        TimesMetric = figures.TimesMetric.AsStale(reason),
        MeanNanoseconds = figures.MeanNanoseconds.AsStale(reason),
        P50Nanoseconds = figures.P50Nanoseconds.AsStale(reason),
        P99Nanoseconds = figures.P99Nanoseconds.AsStale(reason),
    };
}
