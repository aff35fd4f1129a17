using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Pprof;

/// <summary>What MemStats tells of a runtime, and why the rest is absent.</summary>
public static class MemStatsCounters
{
    private const string OnlyMemoryTells = "pprof does not tell it; reading the process's memory does";

    /// <summary>
    /// The counters of one MemStats. <see cref="RuntimeCounters.HeapLiveBytes"/> is HeapAlloc, the figure Go's users
    /// know: it counts every allocated object, also dead ones not yet swept. So it equals the runtime's heapLive once
    /// sweeping is done and lies above it right after a cycle. HeapInuse would be whole spans, free slots included.
    /// </summary>
    public static RuntimeCounters From(MemStats stats)
    {
        return NotTold() with
        {
            HeapLiveBytes = Figure(MemStat.HeapAlloc),
            HeapGoalBytes = Figure(MemStat.NextGC),
            GcCycles = Figure(MemStat.NumGC),
            ForcedGcCycles = Figure(MemStat.NumForcedGC),
            TotalAllocBytes = Figure(MemStat.TotalAlloc),
            Mallocs = Figure(MemStat.Mallocs),
            Frees = Figure(MemStat.Frees),
            GcCpuFraction = stats.GcCpuFraction is { } fraction ? Reading.Of(fraction) : Lacks<double>("GCCPUFraction"),
            LastGcAt = LastGc(stats),
            PauseTotalNanoseconds = Figure(MemStat.PauseTotalNs),
            RecentPausesNanoseconds = RecentPauses(stats),
            Memory = Memory(stats),
        };

        Reading<long> Figure(MemStat figure) => stats[figure] is { } value ? Reading.Of(value) : Lacks<long>(figure.ToString());

        Reading<T> Lacks<T>(string name) => Reading.NotSupported<T>($"{stats.Page} does not tell {name}");
    }

    /// <summary>Every figure of MemStats absent for one reason, those that no pprof page has with their own.</summary>
    public static RuntimeCounters Absent(ReadingState state, string reason) => NotTold() with
    {
        HeapLiveBytes = Reading.From(state, 0L, reason),
        HeapGoalBytes = Reading.From(state, 0L, reason),
        GcCycles = Reading.From(state, 0L, reason),
        ForcedGcCycles = Reading.From(state, 0L, reason),
        TotalAllocBytes = Reading.From(state, 0L, reason),
        Mallocs = Reading.From(state, 0L, reason),
        Frees = Reading.From(state, 0L, reason),
        GcCpuFraction = Reading.From(state, 0.0, reason),
        LastGcAt = Reading.From(state, default(DateTimeOffset), reason),
        PauseTotalNanoseconds = Reading.From(state, 0L, reason),
        RecentPausesNanoseconds = Reading.From(state, ImmutableArray<long>.Empty, reason),
        Memory = Reading.From<MemoryClasses>(state, null!, reason),
    };

    private static RuntimeCounters NotTold() => new()
    {
        GoVersion = Reading.NotSupported<string>("pprof does not tell the Go version; the executable's build information does"),
        Gomaxprocs = Reading.NotSupported<int>(OnlyMemoryTells),
        GcPercent = Reading.NotSupported<int>("pprof does not tell GOGC; reading the process's memory does"),
        MemoryLimitBytes = Reading.NotSupported<long>("pprof does not tell GOMEMLIMIT; reading the process's memory does"),
        GcCpuNanoseconds = Reading.NotSupported<long>(OnlyMemoryTells),
        GcAssistCpuNanoseconds = Reading.NotSupported<long>(OnlyMemoryTells),
        SchedulingLatency = Reading.NotSupported<TimeHistogram>(OnlyMemoryTells),
        GcStopTheWorld = Reading.NotSupported<TimeHistogram>(OnlyMemoryTells),
        OtherStopTheWorld = Reading.NotSupported<TimeHistogram>(OnlyMemoryTells),
        Procs = Reading.NotSupported<ImmutableArray<ProcCounters>>(OnlyMemoryTells),
        GlobalRunQueue = Reading.NotSupported<int>(OnlyMemoryTells),
        GcRunning = Reading.NotSupported<bool>(OnlyMemoryTells),
    };

    private static Reading<DateTimeOffset> LastGc(MemStats stats) => stats[MemStat.LastGC] switch
    {
        null => Reading.NotSupported<DateTimeOffset>($"{stats.Page} does not tell LastGC"),
        0 => Reading.NotYet<DateTimeOffset>("no GC cycle has ended yet"),
        { } nanoseconds => Reading.Of(DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick)),
    };

    private static Reading<ImmutableArray<long>> RecentPauses(MemStats stats) => stats.Recent(stats.PauseRing) is { } pauses
        ? Reading.Of(pauses)
        : Reading.NotSupported<ImmutableArray<long>>($"{stats.Page} does not tell PauseNs and NumGC");

    private static Reading<MemoryClasses> Memory(MemStats stats)
    {
        if (stats[MemStat.Sys] is not { } sys || stats[MemStat.HeapSys] is not { } heapSys
            || stats[MemStat.HeapIdle] is not { } heapIdle || stats[MemStat.HeapInuse] is not { } heapInUse
            || stats[MemStat.HeapReleased] is not { } heapReleased || stats[MemStat.StackInuse] is not { } stackInUse)
        {
            return Reading.NotSupported<MemoryClasses>($"{stats.Page} does not tell all of Sys, HeapSys, HeapIdle, HeapInuse, HeapReleased and StackInuse");
        }

        // What is left of Sys, so that the parts always add up to it: MSpanSys, MCacheSys, BuckHashSys, GCSys, OtherSys
        // and, in a program with cgo, StackSys − StackInuse.
        long other = sys - heapSys - stackInUse;
        if (other < 0) return Reading.Failed<MemoryClasses>($"{stats.Page}: heap {heapSys} and stacks {stackInUse} are more than all memory {sys}");
        return Reading.Of(new MemoryClasses
        {
            Sys = sys,
            HeapSys = heapSys,
            HeapIdle = heapIdle,
            HeapInUse = heapInUse,
            HeapReleased = heapReleased,
            HeapObjects = stats[MemStat.HeapObjects] is { } objects
                ? Reading.Of(objects)
                : Reading.NotSupported<long>($"{stats.Page} does not tell HeapObjects"),
            StackInUse = stackInUse,
            Other = other,
        });
    }
}
