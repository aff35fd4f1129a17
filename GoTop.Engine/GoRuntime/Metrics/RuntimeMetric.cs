using System.Collections.Frozen;

namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>The single figures of a Go runtime and its process that exporters serve; several names may mean one.</summary>
internal enum RuntimeMetric : byte
{
    Goroutines,
    Threads,
    Gomaxprocs,
    GcPercent,
    MemoryLimit,
    Alloc,
    TotalAlloc,
    Sys,
    Mallocs,
    Frees,
    HeapAlloc,
    HeapSys,
    HeapIdle,
    HeapInuse,
    HeapReleased,
    HeapObjects,
    StackInuse,
    NextGc,
    LastGcSeconds,
    GcCpuFraction,
    GcCycles,
    ForcedGcCycles,
    PauseTotalSeconds,
    GcCpuSeconds,
    GcAssistCpuSeconds,
    ProcessCpuSeconds,
    ProcessResident,
    ProcessOpenFds,
    ProcessMaxFds,
    ProcessMaxVirtual,
    ProcessStartSeconds,
}

internal static class RuntimeMetricNames
{
    /// <summary>
    /// client_golang's collectors (go_memstats_… and those of runtime/metrics), then OpenTelemetry's runtime
    /// instrumentation, then the library metrics of VictoriaMetrics. Only what means the same as Go's own figure.
    /// </summary>
    public static FrozenDictionary<string, RuntimeMetric> All { get; } = new Dictionary<string, RuntimeMetric>(StringComparer.Ordinal)
    {
        ["go_goroutines"] = RuntimeMetric.Goroutines,
        ["go_threads"] = RuntimeMetric.Threads,
        ["go_sched_gomaxprocs_threads"] = RuntimeMetric.Gomaxprocs,
        ["go_gc_gogc_percent"] = RuntimeMetric.GcPercent,
        ["go_gc_gomemlimit_bytes"] = RuntimeMetric.MemoryLimit,
        ["go_memstats_alloc_bytes"] = RuntimeMetric.Alloc,
        ["go_memstats_alloc_bytes_total"] = RuntimeMetric.TotalAlloc,
        ["go_gc_heap_allocs_bytes_total"] = RuntimeMetric.TotalAlloc,
        ["go_memstats_sys_bytes"] = RuntimeMetric.Sys,
        ["go_memory_classes_total_bytes"] = RuntimeMetric.Sys,
        ["go_memstats_mallocs_total"] = RuntimeMetric.Mallocs,
        ["go_memstats_frees_total"] = RuntimeMetric.Frees,
        ["go_memstats_heap_alloc_bytes"] = RuntimeMetric.HeapAlloc,
        ["go_memory_classes_heap_objects_bytes"] = RuntimeMetric.HeapAlloc,
        ["go_memstats_heap_sys_bytes"] = RuntimeMetric.HeapSys,
        ["go_memstats_heap_idle_bytes"] = RuntimeMetric.HeapIdle,
        ["go_memstats_heap_inuse_bytes"] = RuntimeMetric.HeapInuse,
        ["go_memstats_heap_released_bytes"] = RuntimeMetric.HeapReleased,
        ["go_memstats_heap_objects"] = RuntimeMetric.HeapObjects,
        ["go_gc_heap_objects_objects"] = RuntimeMetric.HeapObjects,
        ["go_memstats_stack_inuse_bytes"] = RuntimeMetric.StackInuse,
        ["go_memstats_next_gc_bytes"] = RuntimeMetric.NextGc,
        ["go_gc_heap_goal_bytes"] = RuntimeMetric.NextGc,
        ["go_memstats_last_gc_time_seconds"] = RuntimeMetric.LastGcSeconds,
        ["go_memstats_gc_cpu_fraction"] = RuntimeMetric.GcCpuFraction,
        ["go_gc_duration_seconds_count"] = RuntimeMetric.GcCycles,
        ["go_gc_cycles_total_gc_cycles_total"] = RuntimeMetric.GcCycles,
        ["go_gc_cycles_forced_gc_cycles_total"] = RuntimeMetric.ForcedGcCycles,
        ["go_gc_duration_seconds_sum"] = RuntimeMetric.PauseTotalSeconds,
        ["go_cpu_classes_gc_total_cpu_seconds_total"] = RuntimeMetric.GcCpuSeconds,
        ["go_cpu_classes_gc_mark_assist_cpu_seconds_total"] = RuntimeMetric.GcAssistCpuSeconds,
        ["process_cpu_seconds_total"] = RuntimeMetric.ProcessCpuSeconds,
        ["process_resident_memory_bytes"] = RuntimeMetric.ProcessResident,
        ["process_open_fds"] = RuntimeMetric.ProcessOpenFds,
        ["process_max_fds"] = RuntimeMetric.ProcessMaxFds,
        ["process_virtual_memory_max_bytes"] = RuntimeMetric.ProcessMaxVirtual,
        ["process_start_time_seconds"] = RuntimeMetric.ProcessStartSeconds,

        ["go_goroutine_count"] = RuntimeMetric.Goroutines,
        ["go_processor_limit"] = RuntimeMetric.Gomaxprocs,
        ["go_config_gogc_percent"] = RuntimeMetric.GcPercent,
        ["go_memory_limit_bytes"] = RuntimeMetric.MemoryLimit,
        ["go_memory_allocated_bytes_total"] = RuntimeMetric.TotalAlloc,
        ["go_memory_gc_goal_bytes"] = RuntimeMetric.NextGc,

        // What gotop's own agent tells of a heap that it has read from memory.
        ["gotop_go_heap_live_bytes"] = RuntimeMetric.HeapAlloc,

        ["go_gomaxprocs"] = RuntimeMetric.Gomaxprocs,
        ["go_memlimit_bytes"] = RuntimeMetric.MemoryLimit,
        ["go_gc_cpu_seconds_total"] = RuntimeMetric.GcCpuSeconds,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}

/// <summary>The runtime's histograms of durations in seconds.</summary>
internal enum RuntimeHistogram : byte
{
    SchedulingLatency,
    GcStopTheWorld,
    OtherStopTheWorld,
}

internal static class RuntimeHistogramNames
{
    /// <summary>By the name of their buckets.</summary>
    public static FrozenDictionary<string, RuntimeHistogram> All { get; } = new Dictionary<string, RuntimeHistogram>(StringComparer.Ordinal)
    {
        ["go_sched_latencies_seconds_bucket"] = RuntimeHistogram.SchedulingLatency,
        ["go_sched_pauses_total_gc_seconds_bucket"] = RuntimeHistogram.GcStopTheWorld,
        ["go_sched_pauses_total_other_seconds_bucket"] = RuntimeHistogram.OtherStopTheWorld,
        ["go_schedule_duration_seconds_bucket"] = RuntimeHistogram.SchedulingLatency,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
