using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;

namespace GoTop.Tests.Support;

/// <summary>Of <see cref="Observations"/>' service where hardly anything, or nothing, can be read.</summary>
internal static class UnreadableTicks
{
    public static (SampleFacts, ImmutableArray<SourceStatus>) Denied(int tick)
    {
        const string Why = "reading the memory of pid 4242 is not allowed (ptrace_scope 1): run gotop as root, or give it CAP_SYS_PTRACE";
        (SampleFacts facts, _) = OrderApiTicks.Leak(tick);
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

    public static (SampleFacts, ImmutableArray<SourceStatus>) Missing(int tick) => (
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
}
