using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Overview;

/// <summary>The vital figures by subject, each block's most telling ones first, since what does not fit is cut below.</summary>
public sealed record OverviewBlocks(
    FigureBlock Process, FigureBlock Runtime, FigureBlock Gc, FigureBlock Scheduler, FigureBlock Host, FigureBlock Container)
{
    public static OverviewBlocks Of(Snapshot now) =>
        new(OfProcess(now), OfRuntime(now), OfGc(now.Go), OfScheduler(now.Go), OfHost(now.Host, now.Facts.SystemCounters), OfContainer(now.Container));

    private static FigureBlock OfProcess(Snapshot now)
    {
        ProcessFigures process = now.Process;
        return new FigureBlock("Process",
        [
            new("CPU", Figure.Of(process.CpuPercent, Figures.Percent), SeriesCatalog.Cpu),
            new("resident", Figure.Of(process.ResidentBytes, Figures.Bytes), SeriesCatalog.Resident),
            new("run-queue delay", Figure.Of(process.RunQueueDelayPercent, Figures.Percent, delay => delay >= 20 ? Tone.Warning : Tone.Normal), SeriesCatalog.RunQueueDelay),
            new("threads", Figure.Of(process.Threads, Figures.Count), SeriesCatalog.Threads),
            new("handles", Figure.Of(process.Handles, Figures.Count, handles => NearLimit(handles, process.HandleLimit)), SeriesCatalog.Handles, Limit(process.HandleLimit)),
            new("disk read", Figure.Of(process.ReadBytesPerSecond, Figures.BytesPerSecond), SeriesCatalog.ReadBytes),
            new("disk written", Figure.Of(process.WrittenBytesPerSecond, Figures.BytesPerSecond), SeriesCatalog.WrittenBytes),
            new("user / system", UserSystem(process)),
            new("private", Figure.Of(process.PrivateBytes, Figures.Bytes)),
            new("hard faults", Figure.Of(process.HardFaultsPerSecond, Figures.PerSecond)),
            new("switches, own", Figure.Of(process.VoluntarySwitchesPerSecond, Figures.PerSecond)),
            new("switches, forced", Figure.Of(process.InvoluntarySwitchesPerSecond, Figures.PerSecond)),
            new("allowed cores", Figure.Of(process.AllowedCores, cores => cores.ToString())),
            new("priority", Figure.Of(process.Priority, priority => priority)),
            new("started", Figure.Of(now.Target.StartedAt, started => Figures.Age((now.Time - started).TotalSeconds) + " ago")),
        ]);
    }

    private static FigureBlock OfRuntime(Snapshot now)
    {
        GoFigures go = now.Go;
        return new FigureBlock("Go runtime",
        [
            new("goroutines", Figure.Of(go.Counters.Goroutines, Figures.Count), SeriesCatalog.Goroutines),
            new("change", Figure.Of(go.GoroutinesChangePerSecond, Figures.ChangePerSecond)),
            new("heap live", Figure.Of(go.Counters.HeapLiveBytes, Figures.Bytes), SeriesCatalog.HeapLive),
            new("heap goal", Figure.Of(go.Counters.HeapGoalBytes, Figures.Bytes), SeriesCatalog.HeapGoal),
            new("allocation", Figure.Of(go.AllocBytesPerSecond, Figures.BytesPerSecond), SeriesCatalog.AllocRate),
            new("Go memory", Figure.Of(go.Counters.Memory, memory => Figures.Bytes(memory.Sys - memory.HeapReleased)), SeriesCatalog.GoMemory),
            new("not Go's", Figure.Of(go.NonGoResidentBytes, bytes => bytes < 0 ? "none" : Figures.Bytes(bytes)), Note: "of the resident memory"),
            new("version", Figure.Of(go.Counters.GoVersion.Or(now.Target.Build.Select(build => build.GoVersion)), version => version)),
            new("module", Figure.Of(now.Target.Build, build => $"{build.Module} {build.ModuleVersion}")),
        ]);
    }

    private static FigureBlock OfGc(GoFigures go) => new("GC",
    [
        new("CPU", Figure.Of(go.GcCpuPercent, Figures.Percent, share => share >= 25 ? Tone.Warning : Tone.Normal), SeriesCatalog.GcCpu),
        new("cycles", Figure.Of(go.GcCyclesPerSecond, Figures.PerSecond), SeriesCatalog.GcCycles),
        new("assist", Figure.Of(go.GcAssistPercent, Figures.Percent, share => share >= 5 ? Tone.Warning : Tone.Normal)),
        new("stopped world", Figure.Of(go.PausePercent, Figures.Percent), SeriesCatalog.Pause),
        new("last pause", LastPause(go.Counters.RecentPausesNanoseconds)),
    ]);

    private static FigureBlock OfScheduler(GoFigures go) => new("Scheduler",
    [
        new("latency p99", Figure.Of(go.SchedulingLatencyP99Nanoseconds, Figures.Nanoseconds, late => late >= 10e6 ? Tone.Warning : Tone.Normal), SeriesCatalog.SchedulingLatencyP99),
        new("latency p50", Figure.Of(go.SchedulingLatencyP50Nanoseconds, Figures.Nanoseconds)),
        new("run queue", Figure.Of(go.RunQueue, Figures.Count), SeriesCatalog.RunQueue),
        new("Ps running", Figure.Of(go.RunningProcs, Figures.Count), Note: Of(go.Counters.Gomaxprocs)),
        new("schedules", Figure.Of(go.SchedulesPerSecond, Figures.PerSecond), SeriesCatalog.Schedules),
    ]);

    private static FigureBlock OfHost(HostFigures host, Reading<ImmutableArray<SystemCounter>> counters) => new("Host",
    [
        new("CPU", Figure.Of(host.CpuPercent, Figures.Percent, busy => busy >= 90 ? Tone.Warning : Tone.Normal), SeriesCatalog.HostCpu),
        new("memory free", Figure.Of(host.MemoryAvailableBytes, Figures.Bytes), SeriesCatalog.HostMemoryAvailable),
        new("memory", Figure.Of(host.MemoryTotalBytes, Figures.Bytes), Note: Cores(host.Cores)),
        new("load 1 min", Figure.Of(host.Load, load => Figures.Invariant($"{load.OneMinute:0.00}")), Note: host.Load.HasValue ? Figures.Invariant($"{host.Load.Value.FiveMinutes:0.00} in 5, {host.Load.Value.FifteenMinutes:0.00} in 15") : null),
        new("pressure CPU", Figure.Of(host.Pressure, pressure => Figures.Percent(pressure.CpuPercent), pressure => pressure.CpuPercent >= 20 ? Tone.Warning : Tone.Normal), Note: "of the last 10 s"),
        new("pressure mem", Figure.Of(host.Pressure, pressure => Figures.Percent(pressure.MemoryPercent), pressure => pressure.MemoryPercent >= 5 ? Tone.Warning : Tone.Normal)),
        new("pressure I/O", Figure.Of(host.Pressure, pressure => Figures.Percent(pressure.IoPercent))),
        .. counters.TryGet(out ImmutableArray<SystemCounter> configured) ? configured.Select(CounterRow) : [],
    ]);

    private static FigureBlock OfContainer(ContainerFigures container) => new("Container limits",
    [
        new("throttled", Figure.Of(container.ThrottledPercent, Figures.Percent, share => share >= 5 ? Tone.Warning : Tone.Normal), SeriesCatalog.Throttled),
        new("CPU quota", Figure.Of(container.CpuQuotaCores, Figures.Cores), Note: "cores"),
        new("memory used", Figure.Of(container.MemoryUsedBytes, Figures.Bytes)),
        new("memory limit", Figure.Of(container.MemoryLimitBytes, Figures.Bytes)),
        new("group", Figure.Of(container.Group, group => group)),
    ]);

    /// <summary>Under its own name alone, since the object is the longer part; its unit is the counter's own.</summary>
    private static FigureRow CounterRow(SystemCounter counter) =>
        new(PlainText.Clean(counter.Path.AsSpan(counter.Path.LastIndexOf('\\') + 1).ToString(), 100), Figure.Of(counter.Value, Figures.Plain), Note: PlainText.Clean(counter.Path, 200));

    private static Tone NearLimit(int handles, Reading<long> limit) =>
        limit.TryGet(out long most) && handles >= most * 0.8 ? Tone.Warning : Tone.Normal;

    private static string? Limit(Reading<long> limit) => limit.TryGet(out long most) ? $"of {Figures.Count(most)}" : null;

    private static string? Of(Reading<int> procs) => procs.TryGet(out int count) ? $"of GOMAXPROCS {Figures.Count(count)}" : null;

    private static string? Cores(Reading<ImmutableArray<CoreLoad>> cores) => cores.TryGet(out ImmutableArray<CoreLoad> all) ? $"{Figures.Counted(all.Length, "core")}" : null;

    private static Figure UserSystem(ProcessFigures process)
    {
        if (!process.UserPercent.HasValue) return Figure.Of(process.UserPercent, Figures.Percent);
        return Figure.Of(process.SystemPercent, system => $"{Figures.Percent(process.UserPercent.Value)} {Figures.Percent(system)}");
    }

    private static Figure LastPause(Reading<ImmutableArray<long>> pauses) => pauses.TryGet(out ImmutableArray<long> all) && all.IsEmpty
        ? Figure.Missing(ReadingState.NotYet, "no cycle has run")
        : Figure.Of(pauses, recent => Figures.Nanoseconds(recent[^1]));
}
