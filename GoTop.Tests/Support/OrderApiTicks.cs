using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Tests.Support;

/// <summary>What <see cref="Observations"/>' service counts at each second: in trouble, and well.</summary>
internal static class OrderApiTicks
{
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

    public static (SampleFacts, ImmutableArray<SourceStatus>) Leak(int tick) => (
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
            LastGcAt = Reading.Of(Observations.Start.AddSeconds(tick).AddMilliseconds(-340)),
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

    public static (SampleFacts, ImmutableArray<SourceStatus>) Healthy(int tick)
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
}
