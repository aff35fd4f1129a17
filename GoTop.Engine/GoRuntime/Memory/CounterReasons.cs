using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>Which figures are absent when one of the runtime's structs is.</summary>
internal static class CounterReasons
{
    public static RuntimeCounters FillIn(RuntimeCounters counters, Absence why) =>
        GcCpu(MemStats(Controller(Scheduler(counters, why), why), why), why);

    public static RuntimeCounters Scheduler(RuntimeCounters counters, Absence why) => counters with
    {
        Goroutines = why.Of<long>(),
        Threads = why.Of<int>(),
        GlobalRunQueue = why.Of<int>(),
        SchedulingLatency = why.Of<TimeHistogram>(),
        GcStopTheWorld = why.Of<TimeHistogram>(),
        OtherStopTheWorld = why.Of<TimeHistogram>(),
    };

    public static RuntimeCounters Controller(RuntimeCounters counters, Absence why) => counters with
    {
        HeapLiveBytes = why.Of<long>(),
        HeapGoalBytes = why.Of<long>(),
        GcPercent = why.Of<int>(),
        MemoryLimitBytes = why.Of<long>(),
        TotalAllocBytes = why.Of<long>(),
        Memory = why.Of<MemoryClasses>(),
    };

    public static RuntimeCounters MemStats(RuntimeCounters counters, Absence why) => counters with
    {
        GcCycles = why.Of<long>(),
        ForcedGcCycles = why.Of<long>(),
        GcCpuFraction = why.Of<double>(),
        LastGcAt = why.Of<DateTimeOffset>(),
        PauseTotalNanoseconds = why.Of<long>(),
        RecentPausesNanoseconds = why.Of<ImmutableArray<long>>(),
        Mallocs = why.Of<long>(),
        Frees = why.Of<long>(),
    };

    public static RuntimeCounters GcCpu(RuntimeCounters counters, Absence why) => counters with
    {
        GcCpuNanoseconds = why.Of<long>(),
        GcAssistCpuNanoseconds = why.Of<long>(),
    };
}
