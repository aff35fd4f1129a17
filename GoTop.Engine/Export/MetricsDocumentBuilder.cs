using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary>Turns a page of metrics into the document that other tools read.</summary>
public static class MetricsDocumentBuilder
{
    private const int MostFamilies = 200;

    public static MetricsDocument Build(ExposedMetrics page)
    {
        AbsenceList absent = new();
        return new MetricsDocument
        {
            GoVersion = absent.Text("goVersion", page.Runtime.GoVersion),
            Series = page.Series,
            Go = Go(page.Runtime, absent),
            Process = Process(page.Service.Process, absent),
            Http = Requests("http", page.Service.Http, absent),
            Grpc = Requests("grpc", page.Service.Grpc, absent),
            Families = [.. page.Families.Take(MostFamilies)],
            Absent = absent.ToDictionary(),
        };
    }

    private static MetricsGoPart Go(RuntimeCounters go, AbsenceList absent) => new(
        absent.Value("go.goroutines", go.Goroutines),
        absent.Value("go.threads", go.Threads),
        absent.Value("go.gomaxprocs", go.Gomaxprocs),
        absent.Value("go.gcPercent", go.GcPercent),
        absent.Value("go.memoryLimitBytes", go.MemoryLimitBytes),
        absent.Value("go.heapLiveBytes", go.HeapLiveBytes),
        absent.Value("go.heapGoalBytes", go.HeapGoalBytes),
        absent.Value("go.totalAllocBytes", go.TotalAllocBytes),
        absent.Value("go.gcCycles", go.GcCycles),
        absent.Value("go.pauseTotalNanoseconds", go.PauseTotalNanoseconds),
        absent.Value("go.gcCpuNanoseconds", go.GcCpuNanoseconds),
        Quantile("go.schedulingLatencyP50Nanoseconds", go.SchedulingLatency, 0.5, absent),
        Quantile("go.schedulingLatencyP99Nanoseconds", go.SchedulingLatency, 0.99, absent));

    private static MetricsProcessPart Process(Reading<ExportedProcess> reading, AbsenceList absent)
    {
        ExportedProcess? process = reading.ValueOr(null);
        return new MetricsProcessPart(
            absent.Value("process.cpuNanoseconds", process?.CpuNanoseconds ?? reading.Absent<long>()),
            absent.Value("process.residentBytes", process?.ResidentBytes ?? reading.Absent<long>()),
            absent.Value("process.handles", process?.Handles ?? reading.Absent<int>()),
            absent.Value("process.handleLimit", process?.HandleLimit ?? reading.Absent<long>()));
    }

    private static MetricsRequestPart Requests(string path, Reading<RequestCounters> reading, AbsenceList absent)
    {
        if (!reading.TryGet(out RequestCounters? requests)) return new MetricsRequestPart(absent.Text(path, reading.Absent<string>()), null, null, null, null, null, null, null);
        long? failed = absent.Value($"{path}.failed", requests.Failed);
        RequestTimes? times = requests.Times.ValueOr(null);
        if (times is null) absent.Text($"{path}.timesMetric", requests.Times.Absent<string>());
        return new MetricsRequestPart(
            requests.Metric,
            requests.Total,
            failed,
            failed is { } count && requests.Total > 0 ? 100.0 * count / requests.Total : null,
            times?.Metric,
            times is { Count: > 0 } ? (double)times.SumNanoseconds / times.Count : null,
            times is null ? null : Quantile($"{path}.p50Nanoseconds", times.Histogram, 0.5, absent),
            times is null ? null : Quantile($"{path}.p99Nanoseconds", times.Histogram, 0.99, absent));
    }

    private static long? Quantile(string path, Reading<TimeHistogram> histogram, double quantile, AbsenceList absent)
    {
        if (!histogram.TryGet(out TimeHistogram? times)) return absent.Value(path, histogram.Absent<long>());
        return times.QuantileNanoseconds(quantile) ?? absent.Value(path, Reading.NotYet<long>("nothing was measured yet"));
    }
}
