using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using static GoTop.Engine.Export.Metrics.Rows;

namespace GoTop.Engine.Export.Metrics;

/// <summary>The machine that the agent runs on.</summary>
internal static class HostRows
{
    public static ImmutableArray<ExportedMetric> All { get; } =
    [
        // Counted since the machine booted; its start is not told.
        Host(MetricKind.Counter, "system.cpu.time", "s", "gotop_host_cpu_seconds_total", "CPU time of all cores by mode", CpuTime, "host.cpuPercent"),
        Host(MetricKind.UpDownCounter, "system.cpu.logical.count", "{cpu}", "gotop_host_cpus", "logical cores", s => Of(s, host => host.Topology.Cores.Length)),
        Host(MetricKind.UpDownCounter, "system.memory.limit", "By", "gotop_host_memory_total_bytes", "memory", s => Of(s, host => host.MemoryTotalBytes)),
        Host(MetricKind.UpDownCounter, "system.memory.linux.available", "By", null, "memory that the machine can still give (Linux)", s => OperatingSystem.IsLinux() ? Of(s, host => host.MemoryAvailableBytes) : []),
        Host(MetricKind.Gauge, "gotop.host.memory.available", "By", "gotop_host_memory_available_bytes", "memory that the machine can still give", s => Of(s, host => host.MemoryAvailableBytes), "host.memoryAvailableBytes"),
    ];

    private static IEnumerable<MetricPoint> Of(Snapshot snapshot, Func<HostCounters, long> select) =>
        ExportedTarget.Present(snapshot.Facts.Host, out HostCounters host) ? [new MetricPoint(select(host))] : [];

    private static IEnumerable<MetricPoint> CpuTime(Snapshot snapshot)
    {
        if (!ExportedTarget.Present(snapshot.Facts.Host, out HostCounters host)) return [];
        return
        [
            Mode("user", core => core.UserNanoseconds), Mode("system", core => core.SystemNanoseconds), Mode("idle", core => core.IdleNanoseconds),
            Mode("iowait", core => core.IoWaitNanoseconds), Mode("interrupt", core => core.InterruptNanoseconds), Mode("steal", core => core.StealNanoseconds),
        ];

        MetricPoint Mode(string mode, Func<CoreTimes, long> select) => new MetricPoint(host.Cores.Sum(select) / 1e9).With("cpu.mode", mode);
    }
}
