using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>Every figure that rules and exports can name; <c>docs/figures.md</c> is made from it. A new one is a line here.</summary>
public static class FigureCatalog
{
    private static readonly FrozenDictionary<string, NamedFigure> ByName;

    static FigureCatalog()
    {
        All =
        [
            .. SeriesCatalog.All,
            new("target.up", "Up", Unit.Count, "1 while its process lives, else 0", s => Reading.Of(s.TargetEnded is null ? 1.0 : 0)),

            new("process.cpuOfCoresPercent", "CPU of its cores", Unit.Percent, "CPU time as a share of the cores it may use: allowed cores or quota, 0 to 100", CpuOfCores),
            new("process.userPercent", "User", Unit.Percent, "part of its CPU time outside the kernel", s => s.Process.UserPercent),
            new("process.systemPercent", "System", Unit.Percent, "part of its CPU time in the kernel", s => s.Process.SystemPercent),
            new("process.privateBytes", "Private", Unit.Bytes, "memory that no other process shares", s => Number(s.Process.PrivateBytes)),
            new("process.memoryOfLimitPercent", "Memory of limit", Unit.Percent, "resident memory as a share of the container's limit, or of the machine's memory", MemoryOfLimit),
            new("process.handlesOfLimitPercent", "Handles of limit", Unit.Percent, "open file descriptors as a share of the soft limit (Linux)", HandlesOfLimit),
            new("process.pageFaultsPerSecond", "Page faults", Unit.PerSecond, "page faults", s => s.Process.PageFaultsPerSecond),
            new("process.hardFaultsPerSecond", "Hard faults", Unit.PerSecond, "page faults that waited for a disk", s => s.Process.HardFaultsPerSecond),
            new("process.contextSwitchesPerSecond", "Switches", Unit.PerSecond, "context switches of its threads", s => s.Process.ContextSwitchesPerSecond),
            new("process.involuntarySwitchesPerSecond", "Preemptions", Unit.PerSecond, "context switches that it did not ask for (Linux)", s => s.Process.InvoluntarySwitchesPerSecond),
            new("process.allowedCores", "Allowed cores", Unit.Count, "cores that its affinity allows", s => s.Process.AllowedCores.Select(set => (double)set.Count)),

            new("host.memoryUsedPercent", "Host memory", Unit.Percent, "memory of the machine that is not available, 0 to 100", HostMemoryUsed),
            new("host.loadOneMinute", "Load", Unit.Count, "load average of one minute (Linux)", s => s.Host.Load.Select(load => load.OneMinute)),
            new("host.cpuPressurePercent", "CPU pressure", Unit.Percent, "share of 10 s in which some task waited for a core (Linux)", s => s.Host.Pressure.Select(p => p.CpuPercent)),
            new("host.memoryPressurePercent", "Memory pressure", Unit.Percent, "share of 10 s in which some task waited for memory (Linux)", s => s.Host.Pressure.Select(p => p.MemoryPercent)),
            new("host.ioPressurePercent", "I/O pressure", Unit.Percent, "share of 10 s in which some task waited for I/O (Linux)", s => s.Host.Pressure.Select(p => p.IoPercent)),

            new("container.cpuQuotaCores", "Quota", Unit.Count, "cores that the quota allows", s => s.Container.CpuQuotaCores),
            new("container.throttledPeriodsPercent", "Throttled periods", Unit.Percent, "share of the quota's periods in which it was throttled, 0 to 100", s => s.Container.ThrottledPeriodsPercent),
            new("container.memoryUsedBytes", "Container memory", Unit.Bytes, "memory used in the container", s => Number(s.Container.MemoryUsedBytes)),
            new("container.memoryOfLimitPercent", "Container memory of limit", Unit.Percent, "memory used in the container as a share of its limit, 0 to 100", ContainerMemoryOfLimit),

            new("go.gomaxprocs", "GOMAXPROCS", Unit.Count, "GOMAXPROCS", s => s.Go.Counters.Gomaxprocs.Select(v => (double)v)),
            new("go.threads", "Ms", Unit.Count, "OS threads that the runtime has made", s => s.Go.Counters.Threads.Select(v => (double)v)),
            new("go.gogcPercent", "GOGC", Unit.Percent, "GOGC; -1 is off", s => s.Go.Counters.GcPercent.Select(v => (double)v)),
            new("go.memoryLimitBytes", "GOMEMLIMIT", Unit.Bytes, "GOMEMLIMIT; absent when there is none", GoMemoryLimit),
            new("go.memoryOfLimitPercent", "Go memory of limit", Unit.Percent, "memory that Go has as a share of GOMEMLIMIT", GoMemoryOfLimit),
            new("go.goroutinesChangePerSecond", "Goroutines' growth", Unit.PerSecond, "change of the number of goroutines", s => s.Go.GoroutinesChangePerSecond),
            new("go.largestGroup", "Largest group", Unit.Count, "goroutines of the largest group", s => s.Groups.Select(groups => groups.IsEmpty ? 0.0 : groups[0].Count)),
            new("go.mallocsPerSecond", "Mallocs", Unit.PerSecond, "objects allocated", s => s.Go.MallocsPerSecond),
            new("go.gcAssistPercent", "Mark assist", Unit.Percent, "share of GOMAXPROCS × time that allocating goroutines spent helping GC, 0 to 100", s => s.Go.GcAssistPercent),
            new("go.longestPauseNanoseconds", "Longest STW", Unit.Nanoseconds, "longest stop of the world for GC since the reading before, both stops of a cycle together", LongestPause),
            new("go.sinceGcNanoseconds", "Since GC", Unit.Nanoseconds, "time since the last GC cycle ended", SinceGc),
            new("go.schedulingLatencyP50Nanoseconds", "Sched latency p50", Unit.Nanoseconds, "median of the time goroutines waited to run", s => s.Go.SchedulingLatencyP50Nanoseconds),
            new("go.runningProcs", "Running Ps", Unit.Count, "Ps that run goroutines", s => s.Go.RunningProcs.Select(v => (double)v)),
            new("go.idleProcs", "Idle Ps", Unit.Count, "Ps without work", s => s.Go.IdleProcs.Select(v => (double)v)),
            new("go.nonGoResidentBytes", "Not Go's", Unit.Bytes, "resident memory that the runtime did not ask for, at least: cgo, mapped files", s => Number(s.Go.NonGoResidentBytes)),

            new("service.http.failedPerSecond", "HTTP failures", Unit.PerSecond, "HTTP requests that failed (5xx)", s => s.Service.Http.FailedPerSecond),
            new("service.http.meanNanoseconds", "HTTP time", Unit.Nanoseconds, "mean time of HTTP requests", s => s.Service.Http.MeanNanoseconds),
            new("service.grpc.failedPerSecond", "gRPC failures", Unit.PerSecond, "gRPC calls that failed", s => s.Service.Grpc.FailedPerSecond),
            new("service.grpc.meanNanoseconds", "gRPC time", Unit.Nanoseconds, "mean time of gRPC calls", s => s.Service.Grpc.MeanNanoseconds),

            new("log.warningsPerSecond", "Log warnings", Unit.PerSecond, "lines of level warning in its logs", s => s.Log.WarningsPerSecond),
            new("log.panics", "Panics", Unit.Count, "panics and fatal errors in its logs since GoTop follows them, recovered ones included", s => Number(s.Log.Crashes)),
            new("log.gctrace.cycles", "GC cycles (log)", Unit.Count, "number of the newest GC cycle that GODEBUG=gctrace=1 printed", s => GcTrace(s, gc => gc.Cycle)),
            new("log.gctrace.cpuPercent", "GC CPU (log)", Unit.Percent, "share of CPU time for GC since its start, as gctrace=1 printed", s => GcTrace(s, gc => gc.CpuPercent)),
            new("log.gctrace.pauseNanoseconds", "STW (log)", Unit.Nanoseconds, "both stops of the world of that cycle together", s => GcTrace(s, gc => gc.PauseNanoseconds)),
            new("log.gctrace.liveBytes", "Heap live (log)", Unit.Bytes, "heap that was live after that cycle", s => GcTrace(s, gc => gc.LiveBytes)),
            new("log.gctrace.goalBytes", "Heap goal (log)", Unit.Bytes, "heap goal of that cycle", s => GcTrace(s, gc => gc.GoalBytes)),
            new("log.schedtrace.runQueue", "Run queue (log)", Unit.Count, "goroutines in the global and local run queues, as GODEBUG=schedtrace=N printed last", s => SchedTrace(s, sched => sched.RunQueue)),
            new("log.schedtrace.idleProcs", "Idle Ps (log)", Unit.Count, "Ps without work, as schedtrace printed last", s => SchedTrace(s, sched => sched.IdleProcs)),
            new("log.schedtrace.threads", "Ms (log)", Unit.Count, "OS threads that the runtime has made, as schedtrace printed last", s => SchedTrace(s, sched => sched.Threads)),

            new("kernel.onCpuPercent", "On cores", Unit.Percent, "its time on cores by the kernel's events; 100 is one core", s => Flat(s.Kernel, k => k.OnCpuPercent)),
            new("kernel.readyPercent", "Ready", Unit.Percent, "its threads' time ready without a core; 100 is one thread that always waits", s => Flat(s.Kernel, k => k.ReadyPercent)),
            new("kernel.preemptionsPerSecond", "Preemptions", Unit.PerSecond, "times that a thread of it lost its core", s => Flat(s.Kernel, k => k.PreemptionsPerSecond)),
            new("kernel.coreMigrationsPerSecond", "Migrations", Unit.PerSecond, "moves of its threads between cores", s => Flat(s.Kernel, k => k.CoreMigrationsPerSecond)),
            new("kernel.diskReadBytesPerSecond", "Disk reads", Unit.BytesPerSecond, "read from disks by it", s => Flat(s.Kernel, k => k.DiskReadBytesPerSecond)),
            new("kernel.diskWrittenBytesPerSecond", "Disk writes", Unit.BytesPerSecond, "written to disks by it", s => Flat(s.Kernel, k => k.DiskWrittenBytesPerSecond)),
            new("kernel.networkReceivedBytesPerSecond", "Received", Unit.BytesPerSecond, "received from the network by it", s => Flat(s.Kernel, k => k.NetworkReceivedBytesPerSecond)),
            new("kernel.networkSentBytesPerSecond", "Sent", Unit.BytesPerSecond, "sent to the network by it", s => Flat(s.Kernel, k => k.NetworkSentBytesPerSecond)),
        ];
        ByName = All.ToFrozenDictionary(figure => figure.Name, StringComparer.Ordinal);
    }

    public static ImmutableArray<NamedFigure> All { get; }

    /// <returns>Null when there is none of this name.</returns>
    public static NamedFigure? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The name most like a mistyped one, for the message about it.</summary>
    public static string? Nearest(string name) => NearestName.Find(name, All.Select(figure => figure.Name));

    /// <summary>The table of <c>docs/figures.md</c>.</summary>
    public static string ToMarkdown()
    {
        StringBuilder table = new("| name | unit | meaning |\n|---|---|---|\n");
        foreach (NamedFigure figure in All) table.Append(CultureInfo.InvariantCulture, $"| `{figure.Name}` | {UnitText(figure.Unit)} | {figure.Meaning} |\n");
        return table.ToString();
    }

    public static string UnitText(Unit unit) => unit switch
    {
        Unit.Percent => "%",
        Unit.Bytes => "bytes",
        Unit.BytesPerSecond => "bytes/s",
        Unit.PerSecond => "per second",
        Unit.Nanoseconds => "ns",
        _ => "count",
    };

    private static Reading<double> Number(Reading<long> reading) => reading.Select(value => (double)value);

    private static Reading<double> GcTrace(Snapshot s, Func<GcTraceLine, double> select) =>
        !s.Facts.Logs.TryGet(out LogCounters? logs) ? s.Log.LinesPerSecond.Absent<double>()
        : logs.GcTrace is { } gc ? Reading.Of(select(gc)) : Reading.NotYet<double>("no line of gctrace=1 in its logs yet");

    private static Reading<double> SchedTrace(Snapshot s, Func<SchedTraceLine, double> select) =>
        !s.Facts.Logs.TryGet(out LogCounters? logs) ? s.Log.LinesPerSecond.Absent<double>()
        : logs.SchedTrace is { } sched ? Reading.Of(select(sched)) : Reading.NotYet<double>("no line of schedtrace in its logs yet");

    private static Reading<double> Flat<T>(Reading<T> outer, Func<T, Reading<double>> select) =>
        outer.TryGet(out T? value) ? select(value) : outer.Absent<double>();

    private static Reading<double> Share(Reading<long> part, Reading<long> whole) =>
        !part.TryGet(out long value) ? part.Absent<double>()
        : whole.TryGet(out long limit) && limit > 0 ? part.Select(_ => 100.0 * value / limit)
        : whole.HasValue ? Reading.NotSupported<double>("there is no limit") : whole.Absent<double>();

    private static Reading<double> CpuOfCores(Snapshot s)
    {
        if (!s.Process.CpuPercent.HasValue) return s.Process.CpuPercent;
        double? cores = s.Process.AllowedCores.TryGet(out CoreSet? allowed) && allowed.Count > 0 ? allowed.Count : null;
        if (s.Container.CpuQuotaCores.TryGet(out double quota) && quota > 0) cores = Math.Min(cores ?? quota, quota);
        return cores is { } count
            ? s.Process.CpuPercent.Select(percent => percent / count)
            : s.Process.AllowedCores.Absent<double>();
    }

    private static Reading<double> MemoryOfLimit(Snapshot s) =>
        Share(s.Process.ResidentBytes, s.Container.MemoryLimitBytes.HasValue ? s.Container.MemoryLimitBytes : s.Host.MemoryTotalBytes);

    private static Reading<double> HandlesOfLimit(Snapshot s) =>
        Share(s.Process.Handles.Select(handles => (long)handles), s.Process.HandleLimit);

    private static Reading<double> HostMemoryUsed(Snapshot s) =>
        Share(s.Host.MemoryAvailableBytes, s.Host.MemoryTotalBytes).Select(percent => 100 - percent);

    private static Reading<double> ContainerMemoryOfLimit(Snapshot s) => Share(s.Container.MemoryUsedBytes, s.Container.MemoryLimitBytes);

    private static Reading<double> GoMemoryLimit(Snapshot s) => s.Go.Counters.MemoryLimitBytes is { HasValue: true, Value: long.MaxValue }
        ? Reading.NotSupported<double>("GOMEMLIMIT is not set")
        : Number(s.Go.Counters.MemoryLimitBytes);

    private static Reading<double> GoMemoryOfLimit(Snapshot s) => GoMemoryLimit(s) is not { HasValue: true } limit
        ? GoMemoryLimit(s)
        : Share(s.Go.Counters.Memory.Select(memory => memory.Sys - memory.HeapReleased), limit.Select(bytes => (long)bytes));

    private static Reading<double> LongestPause(Snapshot s) =>
        s.Go.NewPausesNanoseconds.Select(pauses => pauses.IsEmpty ? 0.0 : pauses.Max());

    private static Reading<double> SinceGc(Snapshot s) =>
        s.Go.Counters.LastGcAt.Select(at => Math.Max(0, (s.Time - at).TotalMilliseconds) * 1e6);
}
