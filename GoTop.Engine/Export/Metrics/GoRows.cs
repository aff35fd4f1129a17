using System.Collections.Immutable;
using GoTop.Engine.Model;
using static GoTop.Engine.Export.Metrics.Rows;

namespace GoTop.Engine.Export.Metrics;

/// <summary>
/// Go's runtime, under the names of OpenTelemetry's semantic conventions (go.*) and of client_golang's collectors, where they mean the same.
/// Live heap is none of those: client_golang's go_memstats_heap_alloc_bytes also holds what is dead and not swept yet.
/// </summary>
internal static class GoRows
{
    public static ImmutableArray<ExportedMetric> All { get; } =
    [
        UpDown("go.goroutine.count", "{goroutine}", "go_goroutines", "goroutines, without the runtime's own", s => Number(s.Go.Counters.Goroutines), "go.goroutines"),
        UpDown("gotop.go.thread.count", "{thread}", "go_threads", "OS threads that the runtime has made", s => Number(s.Go.Counters.Threads), "go.threads"),
        UpDown("go.processor.limit", "{thread}", "go_sched_gomaxprocs_threads", "GOMAXPROCS", s => Number(s.Go.Counters.Gomaxprocs), "go.gomaxprocs"),
        UpDown("go.config.gogc", "%", "go_gc_gogc_percent", "GOGC; absent when it is off", s => Number(s.Go.Counters.GcPercent) is { HasValue: true, Value: < 0 } ? Reading.NotSupported<double>("GOGC is off") : Number(s.Go.Counters.GcPercent), "go.gogcPercent"),
        UpDown("go.memory.limit", "By", "go_gc_gomemlimit_bytes", "GOMEMLIMIT; absent when there is none", s => s.Go.Counters.MemoryLimitBytes is { HasValue: true, Value: long.MaxValue } ? Reading.NotSupported<double>("there is none") : Number(s.Go.Counters.MemoryLimitBytes), "go.memoryLimitBytes"),
        Many(MetricKind.UpDownCounter, "go.memory.used", "By", null, "memory that Go has of the system, without what it gave back", MemoryUsed, "go.sysBytes"),
        Memory("go_memstats_sys_bytes", "memory obtained from the system, given back or not", memory => memory.Sys),
        Memory("go_memstats_heap_sys_bytes", "heap obtained from the system", memory => memory.HeapSys),
        Memory("go_memstats_heap_idle_bytes", "heap in idle spans", memory => memory.HeapIdle),
        Memory("go_memstats_heap_inuse_bytes", "heap in spans in use", memory => memory.HeapInUse),
        Memory("go_memstats_heap_released_bytes", "idle heap given back to the system", memory => memory.HeapReleased),
        Memory("go_memstats_stack_inuse_bytes", "stacks of goroutines", memory => memory.StackInUse),
        UpDown("gotop.go.heap.objects", "{object}", "go_memstats_heap_objects", "objects on the heap", s => Flat(s.Go.Counters.Memory, memory => Number(memory.HeapObjects))),
        Counter("go.memory.allocated", "By", "go_memstats_alloc_bytes_total", "bytes allocated, garbage included", s => Number(s.Go.Counters.TotalAllocBytes), "go.allocBytesPerSecond"),
        Counter("go.memory.allocations", "{allocation}", "go_memstats_mallocs_total", "objects allocated", s => Number(s.Go.Counters.Mallocs), "go.mallocsPerSecond"),
        Counter("gotop.go.memory.frees", "{object}", "go_memstats_frees_total", "objects freed", s => Number(s.Go.Counters.Frees)),
        UpDown("go.memory.gc.goal", "By", "go_memstats_next_gc_bytes", "heap size at which the next GC cycle is to end", s => Number(s.Go.Counters.HeapGoalBytes), "go.heapGoalBytes"),
        Counter("go.memory.gc.cycles", "{gc_cycle}", "go_gc_cycles_total_gc_cycles_total", "GC cycles that ended", s => Number(s.Go.Counters.GcCycles), "go.gcCyclesPerSecond"),
        Many(MetricKind.Counter, "go.cpu.time", "s", null, "CPU time of GC, as the runtime estimates it", target => target.Now is { } now
            ? Point(Seconds(now.Go.Counters.GcCpuNanoseconds), target.StartedAt).Select(point => point.With("go.cpu.state", "gc")) : [], "go.gcCpuPercent"),
        Counter(null, "s", "go_cpu_classes_gc_total_cpu_seconds_total", "CPU time of GC, as the runtime estimates it", s => Seconds(s.Go.Counters.GcCpuNanoseconds)),
        Counter("gotop.go.gc.assist.time", "s", "go_cpu_classes_gc_mark_assist_cpu_seconds_total", "the part of it that allocating goroutines spent helping GC", s => Seconds(s.Go.Counters.GcAssistCpuNanoseconds), "go.gcAssistPercent"),
        Counter("gotop.go.gc.pause.time", "s", null, "time that the world was stopped for GC", s => Seconds(s.Go.Counters.PauseTotalNanoseconds), "go.pausePercent"),
        Many(MetricKind.Summary, null, "s", "go_gc_duration_seconds", "time that the world was stopped for GC, and in how many cycles", GcDuration),
        Many(MetricKind.Histogram, "go.memory.gc.pause.duration", "s", "go_sched_pauses_total_gc_seconds", "stops of the world for GC (Go 1.22 and later)", target => Histogram(target, go => go.GcStopTheWorld)),
        Gauge(null, "s", "go_memstats_last_gc_time_seconds", "when the last GC cycle ended, in seconds since 1970", s => s.Go.Counters.LastGcAt.Select(at => at.ToUnixTimeMilliseconds() / 1e3)),
        Many(MetricKind.Histogram, "go.schedule.duration", "s", "go_sched_latencies_seconds", "time that goroutines waited to run", target => Histogram(target, go => go.SchedulingLatency),
            "go.schedulingLatencyP99Nanoseconds", "go.schedulingLatencyP50Nanoseconds"),
        Many(MetricKind.Gauge, null, "1", "go_info", "version of Go, in a label", target => target.Now is { } now && now.Target.Build.TryGet(out GoBuildInfo? build)
            ? [new MetricPoint(1).With("version", PlainText.Clean(build.GoVersion, 60))] : []),
    ];

    private static ExportedMetric Memory(string prometheus, string help, Func<MemoryClasses, long> select) =>
        Gauge(null, "By", prometheus, help, s => s.Go.Counters.Memory.Select(memory => (double)select(memory)));

    private static IEnumerable<MetricPoint> MemoryUsed(ExportedTarget target)
    {
        if (target.Now is not { } now || !ExportedTarget.Present(now.Go.Counters.Memory, out MemoryClasses memory)) return [];
        return
        [
            new MetricPoint(memory.StackInUse).With("go.memory.type", "stack"),
            new MetricPoint(memory.Sys - memory.HeapReleased - memory.StackInUse).With("go.memory.type", "other"),
        ];
    }

    private static IEnumerable<MetricPoint> GcDuration(ExportedTarget target) =>
        target.Now is { } now && ExportedTarget.Present(now.Go.Counters.GcCycles, out long cycles) && ExportedTarget.Present(now.Go.Counters.PauseTotalNanoseconds, out long pauses)
            ? [new MetricPoint(0) { Since = target.StartedAt, Histogram = MetricHistogram.SummaryOf(cycles, pauses / 1e9) }]
            : [];

    private static IEnumerable<MetricPoint> Histogram(ExportedTarget target, Func<RuntimeCounters, Reading<TimeHistogram>> select) =>
        target.Now is { } now && ExportedTarget.Present(select(now.Go.Counters), out TimeHistogram histogram)
            ? [new MetricPoint(0) { Since = target.StartedAt, Histogram = MetricHistogram.Of(histogram, sum: null) }]
            : [];
}
