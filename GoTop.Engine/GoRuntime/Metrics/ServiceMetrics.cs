using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>What a page of metrics told, as facts with reasons for what it lacks.</summary>
public static class ServiceMetrics
{
    /// <param name="page">What it was read from, for reasons: <c>/metrics</c>.</param>
    public static ServiceCounters Service(ServiceMetricsReader read, string page) => new()
    {
        Http = Requests(read, RequestProtocol.Http, page),
        Grpc = Requests(read, RequestProtocol.Grpc, page),
        Process = Process(read, page),
    };

    /// <summary>Figures that are not on the page are absent; all of them "not yet" for a page that tells nothing of a Go runtime.</summary>
    public static RuntimeCounters Runtime(ServiceMetricsReader read, string page)
    {
        if (!read.HasRuntime) return new RuntimeCounters();
        return MemStatsCounters.From(MemStats(read, page)) with
        {
            GoVersion = read.GoVersion is { } version ? Reading.Of(version) : Lacks<string>("go_info"),
            Goroutines = Number(RuntimeMetric.Goroutines, "go_goroutines"),
            Threads = Count(RuntimeMetric.Threads, "go_threads"),
            Gomaxprocs = Count(RuntimeMetric.Gomaxprocs, "go_sched_gomaxprocs_threads"),
            GcPercent = GcPercent(),
            MemoryLimitBytes = MemoryLimit(),
            GcCpuNanoseconds = Nanoseconds(RuntimeMetric.GcCpuSeconds, "go_cpu_classes_gc_total_cpu_seconds_total"),
            GcAssistCpuNanoseconds = Nanoseconds(RuntimeMetric.GcAssistCpuSeconds, "go_cpu_classes_gc_mark_assist_cpu_seconds_total"),
            SchedulingLatency = Histogram(RuntimeHistogram.SchedulingLatency, "go_sched_latencies_seconds"),
            GcStopTheWorld = Histogram(RuntimeHistogram.GcStopTheWorld, "go_sched_pauses_total_gc_seconds"),
            OtherStopTheWorld = Histogram(RuntimeHistogram.OtherStopTheWorld, "go_sched_pauses_total_other_seconds"),
            Procs = Reading.NotSupported<ImmutableArray<ProcCounters>>($"{page} does not tell of Ps; reading the process's memory does"),
            GlobalRunQueue = Reading.NotSupported<int>($"{page} does not tell the run queue; reading the process's memory does"),
            GcRunning = Reading.NotSupported<bool>($"{page} does not tell whether GC runs; reading the process's memory does"),
            ReadSeldom = true,
        };

        Reading<T> Lacks<T>(string name) => Reading.NotSupported<T>($"{page} has no {name}");

        Reading<long> Number(RuntimeMetric metric, string name) => Whole(read[metric]) is { } value ? Reading.Of(value) : Lacks<long>(name);

        Reading<int> Count(RuntimeMetric metric, string name) => Whole(read[metric]) is <= int.MaxValue and { } value ? Reading.Of((int)value) : Lacks<int>(name);

        Reading<long> Nanoseconds(RuntimeMetric metric, string name) => Whole(read[metric] * 1e9) is { } value ? Reading.Of(value) : Lacks<long>(name);

        Reading<TimeHistogram> Histogram(RuntimeHistogram histogram, string name) =>
            read[histogram].ToTimes(1e9) is { } times ? Reading.Of(times)
            : read[histogram].HasBuckets ? Reading.Failed<TimeHistogram>($"{page}: the buckets of {name} contradict one another")
            : Lacks<TimeHistogram>(name);

        // −1 is off, which exporters tell as a very large number: runtime/metrics gives MaxUint64 then.
        Reading<int> GcPercent() => read[RuntimeMetric.GcPercent] switch
        {
            >= int.MaxValue => Reading.Of(-1),
            { } percent and >= -1 => Reading.Of((int)percent),
            _ => Lacks<int>("go_gc_gogc_percent"),
        };

        // The largest number means none; as a floating-point number it is one more than a long holds.
        Reading<long> MemoryLimit() => read[RuntimeMetric.MemoryLimit] switch
        {
            >= long.MaxValue => Reading.Of(long.MaxValue),
            { } bytes and >= 0 => Reading.Of((long)bytes),
            _ => Lacks<long>("go_gc_gomemlimit_bytes"),
        };
    }

    private static MemStats MemStats(ServiceMetricsReader read, string page)
    {
        MemStats stats = new(page);
        foreach ((MemStat stat, RuntimeMetric metric) in new[]
        {
            (MemStat.TotalAlloc, RuntimeMetric.TotalAlloc), (MemStat.Sys, RuntimeMetric.Sys), (MemStat.Mallocs, RuntimeMetric.Mallocs), (MemStat.Frees, RuntimeMetric.Frees),
            (MemStat.HeapSys, RuntimeMetric.HeapSys), (MemStat.HeapIdle, RuntimeMetric.HeapIdle), (MemStat.HeapInuse, RuntimeMetric.HeapInuse),
            (MemStat.HeapReleased, RuntimeMetric.HeapReleased), (MemStat.HeapObjects, RuntimeMetric.HeapObjects), (MemStat.StackInuse, RuntimeMetric.StackInuse),
            (MemStat.NextGC, RuntimeMetric.NextGc), (MemStat.NumGC, RuntimeMetric.GcCycles), (MemStat.NumForcedGC, RuntimeMetric.ForcedGcCycles),
        })
        {
            stats[stat] = Whole(read[metric]);
        }

        stats[MemStat.HeapAlloc] = Whole(read[RuntimeMetric.HeapAlloc] ?? read[RuntimeMetric.Alloc]);
        stats[MemStat.PauseTotalNs] = Whole(read[RuntimeMetric.PauseTotalSeconds] * 1e9);
        stats[MemStat.LastGC] = Whole(read[RuntimeMetric.LastGcSeconds] * 1e9);
        stats.GcCpuFraction = read[RuntimeMetric.GcCpuFraction] is { } fraction and >= 0 and <= 1 ? fraction : null;
        return stats;
    }

    private static Reading<ExportedProcess> Process(ServiceMetricsReader read, string page)
    {
        ExportedProcess process = new()
        {
            CpuNanoseconds = Told<long>(Whole(read[RuntimeMetric.ProcessCpuSeconds] * 1e9), "process_cpu_seconds_total"),
            ResidentBytes = Told<long>(Whole(read[RuntimeMetric.ProcessResident]), "process_resident_memory_bytes"),
            Handles = Told<int>(Whole(read[RuntimeMetric.ProcessOpenFds]) is <= int.MaxValue and { } open ? (int)open : null, "process_open_fds"),
            HandleLimit = Told<long>(Whole(read[RuntimeMetric.ProcessMaxFds]), "process_max_fds"),
        };
        return process.CpuNanoseconds.HasValue || process.ResidentBytes.HasValue || process.Handles.HasValue
            ? Reading.Of(process)
            : Reading.NotSupported<ExportedProcess>($"{page} has no process_… metrics");

        Reading<T> Told<T>(T? value, string name)
            where T : struct => value is { } told ? Reading.Of(told) : Reading.NotSupported<T>($"{page} has no {name}");
    }

    /// <summary>Of the metrics that count the protocol's requests the surest one; of equals the first by name, so that it stays the same.</summary>
    private static Reading<RequestCounters> Requests(ServiceMetricsReader read, RequestProtocol protocol, string page)
    {
        RequestFamily[] families =
        [
            .. read.Families.Where(family => family.Form.Protocol == protocol && family.IsSound)
                .OrderBy(family => family.Pattern).ThenBy(family => family.Name, StringComparer.Ordinal),
        ];
        if (families.Length == 0) return Reading.NotSupported<RequestCounters>($"{page} has no metric that counts {(protocol == RequestProtocol.Http ? "HTTP requests" : "gRPC calls")} under a usual name");
        RequestFamily counted = families[0];
        RequestFamily? timed = families.FirstOrDefault(family => family.Form.NanosecondsOfUnit > 0);
        return Reading.Of(new RequestCounters
        {
            Metric = counted.Form.NanosecondsOfUnit > 0 ? counted.Name + "_count" : counted.Name,
            Total = counted.Total,
            Failed = counted.HasStatus ? Reading.Of(counted.Failed) : Reading.NotSupported<long>($"{counted.Name} has no label with the status"),
            Times = timed is null ? Reading.NotSupported<RequestTimes>($"{page} has no metric with the requests' durations under a usual name") : Times(timed),
        });
    }

    private static Reading<RequestTimes> Times(RequestFamily family)
    {
        if (Whole(family.Sum * family.Form.NanosecondsOfUnit) is not { } sum) return Reading.Failed<RequestTimes>($"{family.Name}_sum is no sum of durations");
        Reading<TimeHistogram> histogram = family.Histogram.ToTimes(family.Form.NanosecondsOfUnit) is { } times
            ? Reading.Of(times)
            : Reading.NotSupported<TimeHistogram>(family.Histogram.HasBuckets ? $"{family.Name} has series with different buckets" : $"{family.Name} has no buckets");
        return Reading.Of(new RequestTimes(family.Name, family.Total, sum, histogram));
    }

    /// <summary>Null for what is no count, or more than a number holds.</summary>
    private static long? Whole(double? value) => value is { } number && number >= 0 && number <= long.MaxValue / 2 ? (long)Math.Round(number) : null;
}
