using GoTop.Engine.Export;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Reports;

/// <summary>A page of metrics as text for people.</summary>
internal static class MetricsText
{
    private const int FamilyRows = 15;

    public static void Write(TextWriter output, MetricsDocument page)
    {
        TextTable table = new("figure", "what");
        MetricsGoPart go = page.Go;
        if (page.GoVersion is { } version) table.Add(version, "Go version");
        Add(go.Goroutines, "goroutines", Figures.Count);
        Add(go.Threads, "threads", Figures.Count);
        Add(go.Gomaxprocs, "GOMAXPROCS", Figures.Count);
        if (go.GcPercent is { } percent) table.Add(percent < 0 ? "off" : Figures.Invariant($"{percent}"), "GOGC");
        if (go.MemoryLimitBytes is { } limit) table.Add(limit == long.MaxValue ? "none" : Figures.Bytes(limit), "GOMEMLIMIT");
        Add(go.HeapLiveBytes, "heap in use by objects, live or not yet swept", Figures.Bytes);
        Add(go.HeapGoalBytes, "heap goal", Figures.Bytes);
        Add(go.TotalAllocBytes, "allocated since the start", Figures.Bytes);
        Add(go.GcCycles, "GC cycles", Figures.Count);
        Add(go.PauseTotalNanoseconds, "world stopped for GC since the start", Figures.Nanoseconds);
        Add(go.SchedulingLatencyP50Nanoseconds, "scheduling latency since the start, median", Figures.Nanoseconds);
        Add(go.SchedulingLatencyP99Nanoseconds, "scheduling latency since the start, p99", Figures.Nanoseconds);
        Add(page.Process.CpuNanoseconds, "CPU time since the start", Figures.Nanoseconds);
        Add(page.Process.ResidentBytes, "resident memory", Figures.Bytes);
        Add(page.Process.Handles, "open file descriptors", Figures.Count);
        Requests("HTTP requests", page.Http);
        Requests("gRPC calls", page.Grpc);
        table.Write(output, "A page of Prometheus metrics");

        TextTable families = new("series", "type", "family");
        foreach (MetricFamily family in page.Families.Take(FamilyRows)) families.Add(Figures.Count(family.Series), family.Type ?? "–", family.Name);
        families.Write(output, $"What it is made of: {Figures.Count(page.Series)} series, most first");

        void Add(long? value, string what, Func<long, string> words)
        {
            if (value is { } known) table.Add(words(known), what);
        }

        void Requests(string what, MetricsRequestPart requests)
        {
            if (requests.Metric is null) return;
            Add(requests.Total, $"{what} since the start ({requests.Metric})", Figures.Count);
            if (requests.FailedPercent is { } failed) table.Add(Figures.Percent(failed), $"of these failed by the service's own fault");
            if (requests.MeanNanoseconds is { } mean) table.Add(Figures.Nanoseconds(mean), $"mean time ({requests.TimesMetric})");
            Add(requests.P50Nanoseconds, "median time", Figures.Nanoseconds);
            Add(requests.P99Nanoseconds, "p99 of the times", Figures.Nanoseconds);
        }
    }
}
