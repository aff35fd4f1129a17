using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using static GoTop.Engine.Export.Metrics.Rows;

namespace GoTop.Engine.Export.Metrics;

/// <summary>
/// The process and its container. Context switches and run-queue delay are summed over living threads and go back when one ends, so that
/// they are no counters: their rates are exported, by the rule for figures.
/// </summary>
internal static class ProcessRows
{
    public static ImmutableArray<ExportedMetric> All { get; } =
    [
        Many(MetricKind.Counter, "process.cpu.time", "s", null, "CPU time by mode", target => Two(
            target, "cpu.mode", ("user", p => Reading.Of(p.UserNanoseconds / 1e9)), ("system", p => Reading.Of(p.SystemNanoseconds / 1e9))),
            "process.cpuPercent", "process.userPercent", "process.systemPercent"),
        Counter(null, "s", "process_cpu_seconds_total", "CPU time, user and system together", s => Process(s, p => Reading.Of((p.UserNanoseconds + p.SystemNanoseconds) / 1e9))),
        UpDown("process.memory.usage", "By", "process_resident_memory_bytes", "resident set (Linux), working set (Windows)", s => Process(s, p => Reading.Of((double)p.ResidentBytes)), "process.residentBytes"),
        UpDown("process.memory.virtual", "By", "process_virtual_memory_bytes", "virtual memory", s => Process(s, p => Number(p.VirtualBytes))),
        UpDown("process.thread.count", "{thread}", "gotop_process_threads", "OS threads", s => Process(s, p => Reading.Of((double)p.Threads)), "process.threads"),
        UpDown("process.unix.file_descriptor.count", "{file_descriptor}", null, "open file descriptors", s => OperatingSystem.IsWindows() ? Reading.NotSupported<double>("on Windows: handles") : Process(s, p => Number(p.Handles)), "process.handles"),
        UpDown("process.windows.handle.count", "{handle}", null, "open handles", s => OperatingSystem.IsWindows() ? Process(s, p => Number(p.Handles)) : Reading.NotSupported<double>("on Windows only")),
        Gauge(null, "1", "process_open_fds", "open file descriptors (Linux), handles (Windows)", s => Process(s, p => Number(p.Handles))),
        UpDown("gotop.process.file_descriptor.limit", "{file_descriptor}", "process_max_fds", "soft limit of open file descriptors", s => Process(s, p => Number(p.HandleLimit))),
        Many(MetricKind.Counter, "process.disk.io", "By", "gotop_process_disk_io_bytes_total", "read from and written to storage", target => Two(
            target, "disk.io.direction", ("read", p => Number(p.ReadBytes)), ("write", p => Number(p.WrittenBytes))),
            "process.readBytesPerSecond", "process.writtenBytesPerSecond"),
        Many(MetricKind.Counter, "process.paging.faults", "{fault}", "gotop_process_paging_faults_total", "page faults; major ones waited for a disk", target => Two(
            target, "system.paging.fault.type", ("minor", MinorFaults), ("major", p => Number(p.HardFaults))),
            "process.pageFaultsPerSecond", "process.hardFaultsPerSecond"),
        Gauge("process.uptime", "s", null, "time since it started", s => s.Target.StartedAt.Select(at => Math.Max(0, (s.Time - at).TotalSeconds))),
        Gauge(null, "s", "process_start_time_seconds", "when it started, in seconds since 1970", s => s.Target.StartedAt.Select(at => at.ToUnixTimeMilliseconds() / 1e3)),

        // Counted since the group was made, which nobody tells.
        Many(MetricKind.Counter, "gotop.container.cpu.throttled.time", "s", "gotop_container_cpu_throttled_seconds_total", "time throttled by the quota, summed over cores", target => Container(target, c => Seconds(c.ThrottledNanoseconds)), "container.throttledPercent"),
        Many(MetricKind.Counter, "gotop.container.cpu.periods", "{period}", "gotop_container_cpu_periods_total", "periods of the quota", target => Container(target, c => Number(c.Periods))),
        Many(MetricKind.Counter, "gotop.container.cpu.throttled.periods", "{period}", "gotop_container_cpu_throttled_periods_total", "periods of the quota in which it was throttled", target => Container(target, c => Number(c.ThrottledPeriods)), "container.throttledPeriodsPercent"),
        Many(MetricKind.UpDownCounter, "gotop.container.memory.limit", "By", "gotop_container_memory_limit_bytes", "limit of the container's memory", target => Container(target, c => Number(c.MemoryLimitBytes))),
    ];

    private static Reading<double> Process(Snapshot snapshot, Func<ProcessCounters, Reading<double>> select) => Flat(snapshot.Facts.Process, select);

    private static Reading<double> MinorFaults(ProcessCounters process) =>
        process.PageFaults.State == ReadingState.Present && process.HardFaults.State == ReadingState.Present
            ? Reading.Of((double)Math.Max(0, process.PageFaults.Value - process.HardFaults.Value))
            : Reading.NotYet<double>();

    private static IEnumerable<MetricPoint> Two(
        ExportedTarget target, string label, (string Value, Func<ProcessCounters, Reading<double>> Select) one, (string Value, Func<ProcessCounters, Reading<double>> Select) other) =>
        target.Now is { } now
            ? new[] { one, other }.SelectMany(part => Point(Process(now, part.Select), target.StartedAt).Select(point => point.With(label, part.Value)))
            : [];

    private static IEnumerable<MetricPoint> Container(ExportedTarget target, Func<ContainerCounters, Reading<double>> select) =>
        target.Now is { } now ? Point(Flat(now.Facts.Container, select)) : [];
}
