using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Tests.Support;

/// <summary>
/// Observations made by hand, the same on every machine: samples go through the real derivation and history, so that
/// curves, rates, groups and trends are what they would be; findings are fixed, so that a rule may change its words.
/// </summary>
internal static class Observations
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 0, TimeSpan.Zero);

    public static TargetIdentity OrderApi { get; } = new()
    {
        Name = "order-api",
        Process = new ProcessKey(4242, 881_231),
        Path = Reading.Of("/opt/acme/bin/order-api"),
        Build = Reading.Of(new GoBuildInfo(
            "go1.25.1", "github.com/acme/order-api/cmd/order-api", "github.com/acme/order-api", "v1.8.2",
            ImmutableSortedDictionary<string, string>.Empty.Add("GOARCH", "amd64"))),
        User = Reading.Of("acme"),
        StartedAt = Reading.Of(Start.AddHours(-51)),
        Service = Reading.Of("order-api.service"),
        Ports = Reading.Of<ImmutableArray<int>>([8080, 9090]),
        PprofUrl = Reading.NotSupported<string>("no port answers /debug/pprof/"),
    };

    /// <summary>Handlers leak goroutines in a channel send; the quota throttles; GC works hard.</summary>
    public static Observation Leak { get; } = Build(130, LeakTick, LeakFindings, LeakLog());

    /// <summary>The same at the second tick: no rate before it, hardly a past.</summary>
    public static Observation LeakJustAttached { get; } = Build(2, LeakTick, [], []);

    /// <summary>Little to see, on Windows, and nothing wrong.</summary>
    public static Observation Healthy { get; } = Build(90, HealthyTick, [], []);

    /// <summary>The process's counters can be read, its memory cannot.</summary>
    public static Observation Denied { get; } = Build(30, DeniedTick, [], []);

    /// <summary>Nothing at all could be read.</summary>
    public static Observation AllMissing { get; } = Build(3, MissingTick, [], []);

    public static Observation Ended { get; } = Leak with
    {
        Now = Leak.Now with { TargetEnded = "exit code 2 at 09:28:09" },
        Findings =
        [
            new Finding(
                "target-ended", Severity.Critical, "order-api has ended", "exit code 2 at 09:28:09; the figures are its last ones",
                "Look at its log for a panic; choose it again once it has been started."),
            .. Leak.Findings,
        ],
    };

    /// <summary>With a reading of goroutines that is late.</summary>
    public static Observation Stale { get; } = Leak with
    {
        Now = Leak.Now with
        {
            Groups = Leak.Now.Groups.AsStale("memory is 7 s late"),
            Facts = Leak.Now.Facts with { Goroutines = Leak.Now.Facts.Goroutines.AsStale("memory is 7 s late") },
        },
    };

    public static Reading<ImmutableArray<GoProcess>> Processes { get; } = Reading.Of<ImmutableArray<GoProcess>>(
    [
        new GoProcess(OrderApi, [new("memory", SourceState.Ok, null, 3.1), new("process", SourceState.Ok, null, 0.2), new("pprof", SourceState.NotSupported, "no port answers /debug/pprof/", 1.2)]),
        new GoProcess(
            new TargetIdentity
            {
                Name = "prometheus",
                Process = new ProcessKey(1187, 10_002),
                Path = Reading.Of("/usr/bin/prometheus"),
                Build = Reading.Of(new GoBuildInfo("go1.24.6", "github.com/prometheus/prometheus/cmd/prometheus", "github.com/prometheus/prometheus", "v0.305.0", ImmutableSortedDictionary<string, string>.Empty)),
                User = Reading.Of("prometheus"),
                StartedAt = Reading.Of(Start.AddDays(-12)),
                Service = Reading.Of("prometheus.service"),
                Ports = Reading.Of<ImmutableArray<int>>([9091]),
                PprofUrl = Reading.Of("http://127.0.0.1:9091/debug/pprof/"),
            },
            [new("memory", SourceState.Denied, "ptrace of uid 998 is not allowed: run gotop as prometheus or with CAP_SYS_PTRACE", 0.1), new("process", SourceState.Ok, null, 0.2), new("pprof", SourceState.Ok, null, 4.5)]),
        new GoProcess(
            new TargetIdentity { Name = "node_exporter", Process = new ProcessKey(933, 9_311), User = Reading.Denied<string>("open /proc/933: permission denied") },
            [new("memory", SourceState.Denied, "ptrace of uid 0 is not allowed", null), new("process", SourceState.Denied, "open /proc/933/stat: permission denied", null)]),
    ]);

    public static ImmutableArray<LogEntry> OwnLog { get; } =
    [
        Line(Start, "gotop", "INFO attached to order-api, pid 4242"),
        Line(Start.AddSeconds(1), "gotop", "INFO memory: go1.25.1, 8 Ps, goroutines read without a stop"),
        Line(Start.AddSeconds(61), "gotop", "WARN pprof: no port answers /debug/pprof/"),
    ];

    private static ImmutableArray<Finding> LeakFindings =>
    [
        new(
            "goroutine-leak", Severity.Critical, "Goroutine leak: main.(*OrderHandler).Create.func1 +41/s, 5,629 now",
            "all [chan send], made in github.com/acme/order-api/internal/orders.(*Handler).Create; +4,920 in 120 s",
            "Open the group in Goroutines: its stack shows what they wait for and never get."),
        new(
            "cpu-throttled", Severity.Warning, "CPU quota throttles: 31.0% of the time",
            "quota 4 cores, GOMAXPROCS 8: the runtime starts more threads than the quota can feed",
            "Raise the quota, or set GOMAXPROCS to it (Go 1.25 does so by itself unless it was set by hand)."),
        new(
            "gc-pressure", Severity.Notice, "GC uses 12.5% of the CPU",
            "2.0 cycles/s, allocating 180 MiB/s", "Look at the allocation profile, or raise GOGC."),
    ];

    public static Observation Build(
        int ticks, Func<int, (SampleFacts Facts, ImmutableArray<SourceStatus> Sources)> tick, ImmutableArray<Finding> findings, ImmutableArray<LogEntry> log)
    {
        History history = new();
        HistoryView past = HistoryView.Empty;
        Sample? before = null;
        Snapshot? now = null;
        for (int i = 0; i < ticks; i++)
        {
            (SampleFacts facts, ImmutableArray<SourceStatus> sources) = tick(i);
            Sample sample = new()
            {
                Time = Start.AddSeconds(i),
                MonotonicNanoseconds = Second * (1000L + i),
                Target = OrderApi,
                Facts = facts.ReadAt(Second * (1000L + i)),
                Sources = sources,
            };
            now = SnapshotBuilder.Build(before, now, sample);
            past = history.Add(now);
            before = sample;
        }

        return new Observation { Now = now!, History = past, Findings = findings, LogLines = log, Tick = ticks, TickMilliseconds = 4.2 };
    }

    private const long Second = 1_000_000_000;
    private const long MiB = 1 << 20;

    /// <summary>Up and down between 0 and the height, by whole numbers.</summary>
    private static int Wave(int tick, int period, int height)
    {
        int at = tick % period;
        return (at < period / 2 ? at : period - at) * 2 * height / period;
    }

    /// <summary>The sum of the wave up to a tick: a counter whose rate is the wave.</summary>
    private static long Sum(int tick, int period, int height, int foot)
    {
        long sum = 0;
        for (int i = 1; i <= tick; i++) sum += foot + Wave(i, period, height);
        return sum;
    }

    private static (SampleFacts, ImmutableArray<SourceStatus>) LeakTick(int tick) => (
        new SampleFacts
        {
            Host = Reading.Of(Host(tick)),
            Process = Reading.Of(new ProcessCounters
            {
                UserNanoseconds = Sum(tick, 40, 1200, 2600) * 1_000_000,
                SystemNanoseconds = Sum(tick, 26, 200, 350) * 1_000_000,
                ResidentBytes = (420 + (tick * 3 / 2)) * MiB,
                PrivateBytes = Reading.Of((401 + (tick * 3 / 2)) * MiB),
                Threads = 23,
                Handles = Reading.Of(5_800 + (tick * 7)),
                HandleLimit = Reading.Of(8_192L),
                PageFaults = Reading.Of(100_000L + (tick * 410)),
                HardFaults = Reading.Of(17L),
                ReadBytes = Reading.Of(0L),
                WrittenBytes = Reading.Of(Sum(tick, 10, 900_000, 120_000)),
                VoluntarySwitches = Reading.Of(tick * 21_400L),
                InvoluntarySwitches = Reading.Of(tick * 3_120L),
                RunQueueDelayNanoseconds = Reading.Of(Sum(tick, 30, 400, 180) * 1_000_000),
                AllowedCores = Reading.Of(CoreSet.Parse("0-7")),
                Priority = Reading.Of("nice 0"),
            }),
            Container = Reading.Of(new ContainerCounters
            {
                Group = "/system.slice/order-api.service (v2)",
                CpuQuotaCores = Reading.Of(4.0),
                Periods = Reading.Of(tick * 10L),
                ThrottledPeriods = Reading.Of(tick * 6L),
                ThrottledNanoseconds = Reading.Of(tick * 310_000_000L),
                MemoryLimitBytes = Reading.Of(1024 * MiB),
                MemoryUsedBytes = Reading.Of((433 + (tick * 3 / 2)) * MiB),
            }),
            Runtime = LeakRuntime(tick),
            Goroutines = Reading.Of(GoroutineTables.Leak(300 + (41 * tick), Second * (500_000L + tick))),
            Threads = Reading.Of(KernelReports.Threads(tick)),
            GoThreads = Reading.Of(KernelReports.GoThreads(GoroutineTables.Leak(0, Second * (500_000L + tick)))),
            Kernel = Reading.Of(KernelReports.Throttled),
        },
        [
            new("memory", SourceState.Ok, null, 3.1) { AgeSeconds = 0.1, CostToTarget = "no pause", PeriodSeconds = 1 },
            new("process", SourceState.Ok, null, 0.21) { AgeSeconds = 0.1, CostToTarget = "nothing", PeriodSeconds = 1 },
            new("container", SourceState.Ok, null, 0.08) { AgeSeconds = 0.1, CostToTarget = "nothing", PeriodSeconds = 1 },
            new("host", SourceState.Ok, null, 0.4) { AgeSeconds = 0.1, CostToTarget = "nothing", PeriodSeconds = 1 },
            new("pprof", SourceState.NotSupported, "no port answers /debug/pprof/", 1.2) { CostToTarget = "stops the world ~0.1 ms", PeriodSeconds = 30 },
            new("logs", SourceState.Ok, null, 0.02) { AgeSeconds = 0.1, CostToTarget = "nothing", PeriodSeconds = 1 },
        ]);

    private static HostCounters Host(int tick) => new()
    {
        Topology = new HostTopology([.. Enumerable.Range(0, 8).Select(core => new LogicalCore(core, core % 4, core / 4, core / 4, 0))]),
        Cores =
        [
            .. Enumerable.Range(0, 8).Select(core =>
            {
                long user = Sum(tick, 20 + core, 300, 300 + (40 * core)) * 1_000_000, system = tick * (40 + (core * 5)) * 1_000_000L;
                long wait = core == 2 ? tick * 90_000_000L : 0, interrupt = core == 0 ? tick * 60_000_000L : 0, steal = tick * 10_000_000L;
                return new CoreTimes(core, user, system, Math.Max(0, (tick * Second) - user - system - wait - interrupt - steal), wait, interrupt, steal);
            }),
        ],
        MemoryTotalBytes = 16_384 * MiB,
        MemoryAvailableBytes = (6_100 - tick) * MiB,
        SwapTotalBytes = Reading.Of(0L),
        SwapFreeBytes = Reading.Of(0L),
        NumaNodes = [new NumaMemory(0, Reading.Of(8_192 * MiB), 2_310 * MiB), new NumaMemory(1, Reading.Of(8_192 * MiB), 3_660 * MiB)],
        Load = Reading.Of(new LoadAverage(9.41, 7.2, 3.05)),
        Pressure = Reading.Of(new Pressure(24.6, 0.3, 1.1)),
    };

    private static RuntimeCounters LeakRuntime(int tick)
    {
        // A saw: half a second from the live heap after a cycle up to the goal.
        long live = (180 + tick + Wave(tick, 8, 120)) * MiB;
        return new RuntimeCounters
        {
            GoVersion = Reading.Of("go1.25.1"),
            Goroutines = Reading.Of(300L + (41 * tick) + GoroutineTables.OthersInLeak),
            Gomaxprocs = Reading.Of(8),
            Threads = Reading.Of(21),
            HeapLiveBytes = Reading.Of(live),
            HeapGoalBytes = Reading.Of((330 + (tick * 3 / 2)) * MiB),
            GcPercent = Reading.Of(100),
            MemoryLimitBytes = Reading.Of(900 * MiB),
            GcCycles = Reading.Of(400L + (tick * 2)),
            ForcedGcCycles = Reading.Of(0L),
            TotalAllocBytes = Reading.Of(Sum(tick, 24, 60, 150) * MiB),
            Mallocs = Reading.Of(tick * 2_100_000L),
            Frees = Reading.Of(tick * 2_020_000L),
            GcCpuFraction = Reading.Of(0.09),
            GcCpuNanoseconds = Reading.Of(Sum(tick, 16, 600, 700) * 1_000_000),
            GcAssistCpuNanoseconds = Reading.Of(tick * 120_000_000L),
            LastGcAt = Reading.Of(Start.AddSeconds(tick).AddMilliseconds(-340)),
            PauseTotalNanoseconds = Reading.Of(tick * 1_400_000L),
            RecentPausesNanoseconds = Reading.Of<ImmutableArray<long>>([.. Enumerable.Range(0, 256).Select(i => 90_000L + ((i + tick) % 17 * 61_000L) + (i % 97 == 96 ? 9_000_000L : 0))]),
            Memory = Reading.Of(new MemoryClasses
            {
                Sys = (520 + tick) * MiB,
                HeapSys = (440 + tick) * MiB,
                HeapIdle = 120 * MiB,
                HeapInUse = (320 + tick) * MiB,
                HeapReleased = 90 * MiB,
                HeapObjects = Reading.Of(1_900_000L + (tick * 80_000L)),
                StackInUse = (12 + (tick / 6)) * MiB,
                Other = (68 - (tick / 6)) * MiB,
            }),
            SchedulingLatency = Reading.Of(Latency(tick)),
            Procs = Reading.Of<ImmutableArray<ProcCounters>>(
                [.. Enumerable.Range(0, 8).Select(p => new ProcCounters(p, p < 6 ? ProcStatus.Running : p == 6 ? ProcStatus.Syscall : ProcStatus.Idle, p == 7 ? 0 : (p * 5) % 7, tick * 2_500L))]),
            GlobalRunQueue = Reading.Of(3),
            GcRunning = Reading.Of(false),
        };
    }

    private static TimeHistogram Latency(int tick)
    {
        ImmutableArray<long> bounds = [0, 1_024, 8_192, 65_536, 524_288, 4_194_304, 33_554_432, 268_435_456];
        return new TimeHistogram(bounds, [tick * 9_000L, tick * 4_000L, tick * 900L, tick * 210L, tick * 160L, tick * 140L, Sum(tick, 12, 30, 0), 0]);
    }

    private static (SampleFacts, ImmutableArray<SourceStatus>) HealthyTick(int tick)
    {
        const string NoPressure = "Windows has no pressure figures";
        return (
            new SampleFacts
            {
                Host = Reading.Of(Host(0) with
                {
                    Cores = [.. Enumerable.Range(0, 8).Select(core => new CoreTimes(core, tick * 20_000_000L, tick * 5_000_000L, tick * 975_000_000L, 0, 0, 0))],
                    Load = Reading.NotSupported<LoadAverage>("Windows has no load average"),
                    Pressure = Reading.NotSupported<Pressure>(NoPressure),
                }),
                Process = Reading.Of(new ProcessCounters
                {
                    UserNanoseconds = tick * 18_000_000L,
                    SystemNanoseconds = tick * 4_000_000L,
                    ResidentBytes = 38 * MiB,
                    PrivateBytes = Reading.Of(31 * MiB),
                    Threads = 12,
                    Handles = Reading.Of(171),
                    HandleLimit = Reading.NotSupported<long>("Windows has no limit of handles"),
                    AllowedCores = Reading.Of(CoreSet.Parse("0-3")),
                    Priority = Reading.Of("Normal"),
                    RunQueueDelayNanoseconds = Reading.NotSupported<long>("Windows counts it in kernel events only"),
                }),
                Container = Reading.NotSupported<ContainerCounters>("not in a job object with limits"),
                Service = Reading.Of(Requests(tick)),
                Runtime = LeakRuntime(0) with
                {
                    Goroutines = Reading.Of((long)GoroutineTables.OthersInLeak),
                    Gomaxprocs = Reading.Of(4),
                    HeapLiveBytes = Reading.Of((6 + Wave(tick, 30, 4)) * MiB),
                    HeapGoalBytes = Reading.Of(12 * MiB),
                    MemoryLimitBytes = Reading.Of(long.MaxValue),
                    GcCycles = Reading.Of(20L + (tick / 30)),
                    TotalAllocBytes = Reading.Of(tick * 300_000L),
                    Memory = Reading.Of(new MemoryClasses
                    {
                        Sys = 44 * MiB,
                        HeapSys = 36 * MiB,
                        HeapIdle = 20 * MiB,
                        HeapInUse = 16 * MiB,
                        HeapReleased = 9 * MiB,
                        HeapObjects = Reading.Of(61_000L),
                        StackInUse = 2 * MiB,
                        Other = 6 * MiB,
                    }),
                    Procs = Reading.Of<ImmutableArray<ProcCounters>>([.. Enumerable.Range(0, 4).Select(p => new ProcCounters(p, ProcStatus.Idle, 0, tick * 40L))]),
                    GlobalRunQueue = Reading.Of(0),
                },
                Goroutines = Reading.Of(GoroutineTables.Leak(0, Second * (500_000L + tick))),
            },
            [new("memory", SourceState.Ok, null, 1.4) { CostToTarget = "no pause", PeriodSeconds = 1 }, new("process", SourceState.Ok, null, 0.2) { CostToTarget = "nothing", PeriodSeconds = 1 }]);
    }

    private static ServiceCounters Requests(int tick) => new()
    {
        Http = Reading.Of(new RequestCounters
        {
            Metric = "http_requests_total",
            Total = tick * 312L,
            Failed = Reading.Of(tick * 1L),
            Times = Reading.Of(new RequestTimes(
                "http_request_duration_seconds", tick * 312L, tick * 2_600_000_000L,
                Reading.Of(new TimeHistogram([0, 5_000_000, 10_000_000, 25_000_000, 100_000_000], [tick * 150L, tick * 140L, tick * 20L, tick * 2L, 0])))),
        }),
        Grpc = Reading.NotSupported<RequestCounters>("/metrics has no metric that counts gRPC calls under a usual name"),
        Process = Reading.NotSupported<ExportedProcess>("/metrics has no process_… metrics"),
    };

    private static (SampleFacts, ImmutableArray<SourceStatus>) DeniedTick(int tick)
    {
        const string Why = "reading the memory of pid 4242 is not allowed (ptrace_scope 1): run gotop as root, or give it CAP_SYS_PTRACE";
        (SampleFacts facts, _) = LeakTick(tick);
        return (
            facts with
            {
                Runtime = NoRuntime(Reading.Denied<int>(Why)),
                Goroutines = Reading.Denied<GoroutineTable>(Why),
                GoThreads = Reading.Denied<GoThreadTable>(Why),
                Kernel = Reading.Denied<KernelReport>("perf_event_open is not allowed (perf_event_paranoid 3): run gotop as root, or give it CAP_PERFMON"),
            },
            [
                new("memory", SourceState.Denied, Why, 0.1) { CostToTarget = "no pause" },
                new("process", SourceState.Ok, null, 0.21) { CostToTarget = "nothing", PeriodSeconds = 1 },
                new("pprof", SourceState.Failed, "http://127.0.0.1:9090/debug/pprof/ answers 404", 1.2) { CostToTarget = "stops the world ~0.1 ms" },
            ]);
    }

    private static (SampleFacts, ImmutableArray<SourceStatus>) MissingTick(int tick) => (
        new SampleFacts
        {
            Host = Reading.NotSupported<HostCounters>("this system is not supported"),
            Process = Reading.Failed<ProcessCounters>("open /proc/4242/stat: input/output error"),
            Container = Reading.NotSupported<ContainerCounters>("this system has no control groups"),
            Runtime = NoRuntime(Reading.NotSupported<int>("go1.4 is too old: 1.19 or newer is needed")),
            Goroutines = Reading.NotSupported<GoroutineTable>("go1.4 is too old: 1.19 or newer is needed"),
            Threads = Reading.Failed<ThreadTable>("open /proc/4242/task: input/output error"),
            GoThreads = Reading.NotSupported<GoThreadTable>("go1.4 is too old: 1.19 or newer is needed"),
            Kernel = Reading.NotSupported<KernelReport>("this system has no kernel events"),
        },
        [
            new("memory", SourceState.NotSupported, "go1.4 is too old: 1.19 or newer is needed", null),
            new("process", SourceState.Failed, "open /proc/4242/stat: input/output error", 0.1),
        ]);

    private static RuntimeCounters NoRuntime(Reading<int> why) => new()
    {
        GoVersion = why.Absent<string>(),
        Goroutines = why.Absent<long>(),
        Gomaxprocs = why,
        Threads = why,
        HeapLiveBytes = why.Absent<long>(),
        HeapGoalBytes = why.Absent<long>(),
        GcPercent = why,
        MemoryLimitBytes = why.Absent<long>(),
        GcCycles = why.Absent<long>(),
        ForcedGcCycles = why.Absent<long>(),
        TotalAllocBytes = why.Absent<long>(),
        Mallocs = why.Absent<long>(),
        Frees = why.Absent<long>(),
        GcCpuFraction = why.Absent<double>(),
        GcCpuNanoseconds = why.Absent<long>(),
        GcAssistCpuNanoseconds = why.Absent<long>(),
        LastGcAt = why.Absent<DateTimeOffset>(),
        PauseTotalNanoseconds = why.Absent<long>(),
        RecentPausesNanoseconds = why.Absent<ImmutableArray<long>>(),
        Memory = why.Absent<MemoryClasses>(),
        SchedulingLatency = why.Absent<TimeHistogram>(),
        GcStopTheWorld = why.Absent<TimeHistogram>(),
        OtherStopTheWorld = why.Absent<TimeHistogram>(),
        Procs = why.Absent<ImmutableArray<ProcCounters>>(),
        GlobalRunQueue = why,
        GcRunning = why.Absent<bool>(),
    };

    private static LogEntry Line(DateTimeOffset at, string origin, string text) => LogEntry.Of(new LogLine(at, origin, text));

    private static ImmutableArray<LogEntry> LeakLog()
    {
        string[] texts =
        [
            "INFO  request POST /orders status=202 took=12.4ms",
            "INFO  request GET /orders/7121 status=200 took=1.9ms",
            "WARN  payment gateway slow: 2.1s for order 7121 (limit 1s)",
            "INFO  request POST /orders status=202 took=11.0ms",
            "ERROR publish order 7122: context deadline exceeded",
        ];
        return [.. Enumerable.Range(0, 60).Select(i => Line(Start.AddSeconds(70 + i), "/var/log/order-api.log", texts[i % texts.Length]))];
    }
}
