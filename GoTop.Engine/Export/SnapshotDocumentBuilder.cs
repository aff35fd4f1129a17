using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Export;

/// <summary>Turns an observation into the document that other tools read.</summary>
public static class SnapshotDocumentBuilder
{
    /// <summary>Things waited on that are listed; a crowd of goroutines that wait on one each would make the document huge.</summary>
    private const int MaximumWaits = 200;

    public static SnapshotDocument Build(Observation observation)
    {
        Snapshot now = observation.Now;
        AbsenceList absent = new();
        return new SnapshotDocument
        {
            Time = now.Time,
            Target = Target(now.Target),
            Process = Process(now.Process, absent),
            Go = Go(now, absent),
            Service = new ServicePart(Requests("service.http", now.Service.Http, absent), Requests("service.grpc", now.Service.Grpc, absent)),
            Logs = LogsPart.Of(now, absent),
            Container = Container(now.Container, absent),
            Host = new HostPart(
                absent.Value("host.cpuPercent", now.Host.CpuPercent),
                absent.Value("host.memoryTotalBytes", now.Host.MemoryTotalBytes),
                absent.Value("host.memoryAvailableBytes", now.Host.MemoryAvailableBytes),
                absent.Value("host.loadOneMinute", now.Host.Load.Select(load => load.OneMinute))),
            GoroutineGroups = Groups(now, absent),
            Waits = Waits(now, absent),
            Cores = Cores(now, absent),
            SystemCounters = now.Facts.SystemCounters.TryGet(out ImmutableArray<SystemCounter> counters)
                ? [.. counters.Select(counter => new SystemCounterPart(counter.Path, counter.Value.HasValue ? counter.Value.Value : null, counter.Value.Reason))]
                : [],
            Findings =
            [
                .. observation.Findings.Select(f => new FindingPart(f.Rule, JsonNames.Of(f.Severity), f.Title, f.Detail, f.Advice)),
            ],
            Sources = [.. now.Sources.Select(JsonNames.Part)],
            Absent = absent.ToDictionary(),
            TargetEnded = now.TargetEnded,
        };
    }

    private static TargetPart Target(TargetIdentity target) => new(
        target.Name,
        target.Process?.ProcessId,
        target.Path.ValueOr(null),
        target.Build.ValueOr(null)?.GoVersion,
        target.Build.ValueOr(null)?.Module,
        target.Build.ValueOr(null)?.ModuleVersion,
        target.Build.ValueOr(null)?.VcsRevision,
        target.User.ValueOr(null),
        target.StartedAt.HasValue ? target.StartedAt.Value : null,
        target.Service.ValueOr(null),
        target.PprofUrl.ValueOr(null));

    private static ProcessPart Process(ProcessFigures figures, AbsenceList absent) => new()
    {
        CpuPercent = absent.Value("process.cpuPercent", figures.CpuPercent),
        UserPercent = absent.Value("process.userPercent", figures.UserPercent),
        SystemPercent = absent.Value("process.systemPercent", figures.SystemPercent),
        ResidentBytes = absent.Value("process.residentBytes", figures.ResidentBytes),
        PrivateBytes = absent.Value("process.privateBytes", figures.PrivateBytes),
        Threads = absent.Value("process.threads", figures.Threads),
        Handles = absent.Value("process.handles", figures.Handles),
        HandleLimit = absent.Value("process.handleLimit", figures.HandleLimit),
        PageFaultsPerSecond = absent.Value("process.pageFaultsPerSecond", figures.PageFaultsPerSecond),
        HardFaultsPerSecond = absent.Value("process.hardFaultsPerSecond", figures.HardFaultsPerSecond),
        ReadBytesPerSecond = absent.Value("process.readBytesPerSecond", figures.ReadBytesPerSecond),
        WrittenBytesPerSecond = absent.Value("process.writtenBytesPerSecond", figures.WrittenBytesPerSecond),
        ContextSwitchesPerSecond = absent.Value("process.contextSwitchesPerSecond", figures.ContextSwitchesPerSecond),
        VoluntarySwitchesPerSecond = absent.Value("process.voluntarySwitchesPerSecond", figures.VoluntarySwitchesPerSecond),
        InvoluntarySwitchesPerSecond = absent.Value("process.involuntarySwitchesPerSecond", figures.InvoluntarySwitchesPerSecond),
        RunQueueDelayPercent = absent.Value("process.runQueueDelayPercent", figures.RunQueueDelayPercent),
        AllowedCores = absent.Text("process.allowedCores", figures.AllowedCores.Select(cores => cores.ToString())),
        Priority = absent.Text("process.priority", figures.Priority),
    };

    private static GoPart Go(Snapshot now, AbsenceList absent)
    {
        RuntimeCounters counters = now.Go.Counters;
        Reading<long> limit = counters.MemoryLimitBytes.HasValue && counters.MemoryLimitBytes.Value == long.MaxValue
            ? Reading.NotSupported<long>("GOMEMLIMIT is not set")
            : counters.MemoryLimitBytes;
        return new GoPart
        {
            Version = absent.Text("go.version", counters.GoVersion.Or(now.Target.Build.Select(build => build.GoVersion))),
            Goroutines = absent.Value("go.goroutines", counters.Goroutines),
            SystemGoroutines = absent.Value("go.systemGoroutines", now.Facts.Goroutines.Select(table => table.SystemGoroutines)),
            TornGoroutines = absent.Value("go.tornGoroutines", now.Facts.Goroutines.Select(table => table.Torn)),
            GoroutinesChangePerSecond = absent.Value("go.goroutinesChangePerSecond", now.Go.GoroutinesChangePerSecond),
            Gomaxprocs = absent.Value("go.gomaxprocs", counters.Gomaxprocs),
            Threads = absent.Value("go.threads", counters.Threads),
            HeapLiveBytes = absent.Value("go.heapLiveBytes", counters.HeapLiveBytes),
            HeapGoalBytes = absent.Value("go.heapGoalBytes", counters.HeapGoalBytes),
            GcPercent = absent.Value("go.gcPercent", counters.GcPercent),
            MemoryLimitBytes = absent.Value("go.memoryLimitBytes", limit),
            GcCycles = absent.Value("go.gcCycles", counters.GcCycles),
            GcCyclesPerSecond = absent.Value("go.gcCyclesPerSecond", now.Go.GcCyclesPerSecond),
            GcCpuPercent = absent.Value("go.gcCpuPercent", now.Go.GcCpuPercent),
            GcAssistPercent = absent.Value("go.gcAssistPercent", now.Go.GcAssistPercent),
            GcCpuFraction = absent.Value("go.gcCpuFraction", counters.GcCpuFraction),
            LastGcAt = absent.Value("go.lastGcAt", counters.LastGcAt),
            TotalAllocBytes = absent.Value("go.totalAllocBytes", counters.TotalAllocBytes),
            AllocBytesPerSecond = absent.Value("go.allocBytesPerSecond", now.Go.AllocBytesPerSecond),
            SysBytes = absent.Value("go.sysBytes", counters.Memory.Select(m => m.Sys)),
            HeapSysBytes = absent.Value("go.heapSysBytes", counters.Memory.Select(m => m.HeapSys)),
            HeapInUseBytes = absent.Value("go.heapInUseBytes", counters.Memory.Select(m => m.HeapInUse)),
            HeapIdleBytes = absent.Value("go.heapIdleBytes", counters.Memory.Select(m => m.HeapIdle)),
            HeapReleasedBytes = absent.Value("go.heapReleasedBytes", counters.Memory.Select(m => m.HeapReleased)),
            StackInUseBytes = absent.Value("go.stackInUseBytes", counters.Memory.Select(m => m.StackInUse)),
            PauseTotalNanoseconds = absent.Value("go.pauseTotalNanoseconds", counters.PauseTotalNanoseconds),
            RecentPausesNanoseconds = absent.Value("go.recentPausesNanoseconds", counters.RecentPausesNanoseconds),
            SchedulingLatencyP50Nanoseconds = absent.Value("go.schedulingLatencyP50Nanoseconds", now.Go.SchedulingLatencyP50Nanoseconds),
            SchedulingLatencyP99Nanoseconds = absent.Value("go.schedulingLatencyP99Nanoseconds", now.Go.SchedulingLatencyP99Nanoseconds),
            RunQueue = absent.Value("go.runQueue", now.Go.RunQueue),
            SchedulesPerSecond = absent.Value("go.schedulesPerSecond", now.Go.SchedulesPerSecond),
            Procs = absent.Value("go.procs", counters.Procs.Select(
                procs => procs.Select(p => new ProcPart(p.Id, JsonNames.Of(p.Status), p.RunQueue)).ToImmutableArray())),
        };
    }

    private static RequestPart Requests(string path, RequestFigures figures, AbsenceList absent) => new(
        absent.Text($"{path}.metric", figures.Metric),
        absent.Value($"{path}.perSecond", figures.PerSecond),
        absent.Value($"{path}.failedPerSecond", figures.FailedPerSecond),
        absent.Value($"{path}.failedPercent", figures.FailedPercent),
        absent.Text($"{path}.timesMetric", figures.TimesMetric),
        absent.Value($"{path}.meanNanoseconds", figures.MeanNanoseconds),
        absent.Value($"{path}.p50Nanoseconds", figures.P50Nanoseconds),
        absent.Value($"{path}.p99Nanoseconds", figures.P99Nanoseconds));

    private static ContainerPart Container(ContainerFigures figures, AbsenceList absent) => new(
        absent.Text("container.group", figures.Group),
        absent.Value("container.cpuQuotaCores", figures.CpuQuotaCores),
        absent.Value("container.throttledPercent", figures.ThrottledPercent),
        absent.Value("container.throttledPeriodsPercent", figures.ThrottledPeriodsPercent),
        absent.Value("container.memoryLimitBytes", figures.MemoryLimitBytes),
        absent.Value("container.memoryUsedBytes", figures.MemoryUsedBytes));

    /// <summary>
    /// A row per distinct stack of a group, since the document has one stack in each row, and one without a stack for
    /// those whose stack is not known: it moved while it was read, or is one of too many.
    /// </summary>
    private static ImmutableArray<GroupPart> Groups(Snapshot now, AbsenceList absent)
    {
        if (absent.Value("goroutineGroups", now.Groups) is not { } groups) return [];
        ImmutableArray<GroupPart>.Builder parts = ImmutableArray.CreateBuilder<GroupPart>();
        foreach (GoroutineGroup group in groups)
        {
            int withoutStack = group.Count - group.Stacks.Sum(stack => stack.Count);
            // With one stack known, or only a few read of many, the group stays one row.
            if (group.Stacks.Length <= 1 || withoutStack > group.Count / 2)
            {
                parts.Add(Part(group, group.Count, group.Stack));
                continue;
            }

            foreach (StackShape stack in group.Stacks) parts.Add(Part(group, stack.Count, stack.Frames));
            if (withoutStack > 0) parts.Add(Part(group, withoutStack, []));
        }

        return [.. parts.OrderByDescending(part => part.Count)];
    }

    private static GroupPart Part(GoroutineGroup group, int count, ImmutableArray<CodeLocation> stack) => new(
        count,
        JsonNames.Of(group.Key.State),
        group.Key.WaitReason.Length == 0 ? null : group.Key.WaitReason,
        group.Key.CreatedBy.Function.Length == 0 ? null : Frame(group.Key.CreatedBy),
        group.Key.StartFunction.Length == 0 ? null : group.Key.StartFunction,
        [.. stack.Select(Frame)],
        group.OldestSeconds.HasValue ? group.OldestSeconds.Value : null,
        group.ChangePerSecond.HasValue ? group.ChangePerSecond.Value : null,
        [.. group.Labels.Select(label => new LabelPart(label.Label.Key, label.Label.Value, label.Count))]);

    private static ImmutableArray<WaitPart>? Waits(Snapshot now, AbsenceList absent)
    {
        Reading<GoroutineTable> goroutines = now.Facts.Goroutines;
        Reading<GoroutineWaits> reading = goroutines.TryGet(out GoroutineTable? table) ? table.Waits : goroutines.Absent<GoroutineWaits>();
        return absent.Value("waits", reading.Select(waits => Waits(new WaitIndex(table!, waits), table!)));
    }

    private static ImmutableArray<WaitPart> Waits(WaitIndex index, GoroutineTable table) =>
        [.. index.ByWaiters().Take(MaximumWaits).Select(thing => Wait(index, thing, table))];

    private static WaitPart Wait(WaitIndex index, int number, GoroutineTable table)
    {
        WaitObject thing = index.Objects[number];
        bool isChannel = thing.Kind == WaitObjectKind.Channel, wasRead = thing.Count >= 0;
        string elementType = index.ElementType(number);
        long since = index.OldestSince(number);
        return new WaitPart(
            JsonNames.Of(thing.Kind),
            string.Create(CultureInfo.InvariantCulture, $"0x{thing.Address:x}"),
            index.Waiters(number),
            wasRead && thing.Kind is WaitObjectKind.Channel or WaitObjectKind.WaitGroup or WaitObjectKind.RWMutex ? thing.Count : null,
            isChannel && wasRead ? thing.Capacity : null,
            isChannel && wasRead ? thing.IsClosedOrLocked : null,
            wasRead && thing.Kind is WaitObjectKind.Mutex or WaitObjectKind.RWMutex ? thing.IsClosedOrLocked : null,
            isChannel && wasRead ? thing.SendersWait : null,
            isChannel && wasRead ? thing.ReceiversWait : null,
            elementType.Length == 0 ? null : elementType,
            since > 0 ? Math.Max(0, (table.NowNanoseconds - since) / 1e9) : null,
            [
                .. index.SitesOf(number).Select(site => new WaitSitePart(
                    site.Count, site.WaitReason.Length == 0 ? null : site.WaitReason, site.Where.Function.Length == 0 ? null : Frame(site.Where))),
            ]);
    }

    private static FramePart Frame(CodeLocation location) => new(
        location.Function, location.File.Length == 0 ? null : location.File, location.Line == 0 ? null : location.Line);

    private static ImmutableArray<CorePart> Cores(Snapshot now, AbsenceList absent)
    {
        if (absent.Value("cores", now.Host.Cores) is not { } cores) return [];
        CoreSet? allowed = now.Process.AllowedCores.ValueOr(null);
        return
        [
            .. cores.Select(core => new CorePart(
                core.Core.Id, core.Core.NumaNode, core.Core.Package, core.Core.PhysicalCore, allowed?.Contains(core.Core.Id), core.BusyPercent,
                core.UserPercent, core.SystemPercent, core.IoWaitPercent, core.InterruptPercent, core.StealPercent)),
        ];
    }
}
