using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>
/// What a Go runtime says of itself at one moment, whichever source read it: its memory, expvar or the pprof text.
/// Names are Go's own (runtime.MemStats, runtime/metrics). Each figure stands alone, since no source has them all.
/// </summary>
public sealed record RuntimeCounters
{
    /// <summary>
    /// When this was read, on the sampler's monotonic clock; what rates are taken over. A source that carries an older
    /// reading along sets it; 0 is stamped by the sampler.
    /// </summary>
    public long ReadAtNanoseconds { get; init; }

    /// <summary>The same for <see cref="Goroutines"/>, which pprof's index tells more often than MemStats tell the rest.</summary>
    public long GoroutinesReadAtNanoseconds { get; init; }

    /// <summary>
    /// The same for what MemStats lack: GC's CPU time, scheduling latency, stops of the world and Ps. 0 in recordings of
    /// before it was told; then <see cref="ReadAtNanoseconds"/> holds.
    /// </summary>
    public long SchedulerReadAtNanoseconds { get; init; }

    /// <summary>
    /// Read less often than each tick. Then its growing figures do not complete those of another source: a rate over the
    /// other's time would be 0 in most ticks and many times the truth in the others.
    /// </summary>
    public bool ReadSeldom { get; init; }

    /// <summary>As <c>runtime.Version()</c> gives it, e.g. <c>go1.25.1</c>.</summary>
    public Reading<string> GoVersion { get; init; }

    /// <summary>Goroutines that are not dead and not the runtime's own, as <c>runtime.NumGoroutine()</c> counts.</summary>
    public Reading<long> Goroutines { get; init; }

    public Reading<int> Gomaxprocs { get; init; }

    /// <summary>OS threads the runtime has made (Ms).</summary>
    public Reading<int> Threads { get; init; }

    /// <summary>Live heap: marked by the last cycle plus allocated since (<c>gcController.heapLive</c>).</summary>
    public Reading<long> HeapLiveBytes { get; init; }

    /// <summary>Heap size at which the next cycle is to end (NextGC).</summary>
    public Reading<long> HeapGoalBytes { get; init; }

    /// <summary>GOGC; −1 is off.</summary>
    public Reading<int> GcPercent { get; init; }

    /// <summary>GOMEMLIMIT; <see cref="long.MaxValue"/> means none.</summary>
    public Reading<long> MemoryLimitBytes { get; init; }

    public Reading<long> GcCycles { get; init; }

    public Reading<long> ForcedGcCycles { get; init; }

    /// <summary>Bytes allocated since start, freed ones included.</summary>
    public Reading<long> TotalAllocBytes { get; init; }

    public Reading<long> Mallocs { get; init; }

    public Reading<long> Frees { get; init; }

    /// <summary>Share of available CPU that GC used since start, 0–1: an average over its life, not a rate.</summary>
    public Reading<double> GcCpuFraction { get; init; }

    /// <summary>CPU time of GC since start, all kinds, as far as the version keeps it (1.20+).</summary>
    public Reading<long> GcCpuNanoseconds { get; init; }

    /// <summary>Part of it done by allocating goroutines (mark assist).</summary>
    public Reading<long> GcAssistCpuNanoseconds { get; init; }

    /// <summary>When the last cycle ended.</summary>
    public Reading<DateTimeOffset> LastGcAt { get; init; }

    /// <summary>Sum of all stop-the-world pauses of GC since start.</summary>
    public Reading<long> PauseTotalNanoseconds { get; init; }

    /// <summary>
    /// Pauses of the last up to 256 cycles, oldest first; each is the sum of both stops of its cycle.
    /// On Windows they move in timer ticks of 0.5–15.6 ms.
    /// </summary>
    public Reading<ImmutableArray<long>> RecentPausesNanoseconds { get; init; }

    public Reading<MemoryClasses> Memory { get; init; }

    /// <summary>Time goroutines waited to run (<c>/sched/latencies:seconds</c>), cumulative.</summary>
    public Reading<TimeHistogram> SchedulingLatency { get; init; }

    /// <summary>Stop-the-world lengths for GC, cumulative (1.22+).</summary>
    public Reading<TimeHistogram> GcStopTheWorld { get; init; }

    /// <summary>Stop-the-world lengths for other reasons, cumulative (1.22+).</summary>
    public Reading<TimeHistogram> OtherStopTheWorld { get; init; }

    /// <summary>The processors (Ps), by id, GOMAXPROCS of them.</summary>
    public Reading<ImmutableArray<ProcCounters>> Procs { get; init; }

    /// <summary>Goroutines in the global run queue.</summary>
    public Reading<int> GlobalRunQueue { get; init; }

    /// <summary>Whether a GC cycle is marking right now.</summary>
    public Reading<bool> GcRunning { get; init; }

    /// <summary>Each figure from this, or where it is absent from the other: precedence between sources.</summary>
    public RuntimeCounters Or(RuntimeCounters other)
    {
        bool ownMemStats = TotalAllocBytes.HasValue || !other.TotalAllocBytes.HasValue, ownScheduler = HasScheduler || !other.HasScheduler;
        RuntimeCounters memStats = other.ReadSeldom && TotalAllocBytes.HasValue ? this : other;
        RuntimeCounters scheduler = other.ReadSeldom && HasScheduler ? this : other;
        return new()
        {
            ReadAtNanoseconds = ownMemStats ? ReadAtNanoseconds : other.ReadAtNanoseconds,
            GoroutinesReadAtNanoseconds = Goroutines.HasValue || !other.Goroutines.HasValue ? GoroutinesReadAtNanoseconds : other.GoroutinesReadAtNanoseconds,
            SchedulerReadAtNanoseconds = ownScheduler ? SchedulerReadAtNanoseconds : other.SchedulerReadAtNanoseconds,
            GoVersion = GoVersion.Or(other.GoVersion),
            Goroutines = Goroutines.Or(other.Goroutines),
            Gomaxprocs = Gomaxprocs.Or(other.Gomaxprocs),
            Threads = Threads.Or(other.Threads),
            HeapLiveBytes = HeapLiveBytes.Or(other.HeapLiveBytes),
            HeapGoalBytes = HeapGoalBytes.Or(other.HeapGoalBytes),
            GcPercent = GcPercent.Or(other.GcPercent),
            MemoryLimitBytes = MemoryLimitBytes.Or(other.MemoryLimitBytes),
            GcCycles = GcCycles.Or(memStats.GcCycles),
            ForcedGcCycles = ForcedGcCycles.Or(memStats.ForcedGcCycles),
            TotalAllocBytes = TotalAllocBytes.Or(memStats.TotalAllocBytes),
            Mallocs = Mallocs.Or(memStats.Mallocs),
            Frees = Frees.Or(memStats.Frees),
            GcCpuFraction = GcCpuFraction.Or(other.GcCpuFraction),
            GcCpuNanoseconds = GcCpuNanoseconds.Or(scheduler.GcCpuNanoseconds),
            GcAssistCpuNanoseconds = GcAssistCpuNanoseconds.Or(scheduler.GcAssistCpuNanoseconds),
            LastGcAt = LastGcAt.Or(other.LastGcAt),
            PauseTotalNanoseconds = PauseTotalNanoseconds.Or(memStats.PauseTotalNanoseconds),
            RecentPausesNanoseconds = RecentPausesNanoseconds.Or(memStats.RecentPausesNanoseconds),
            Memory = Memory.Or(other.Memory),
            SchedulingLatency = SchedulingLatency.Or(scheduler.SchedulingLatency),
            GcStopTheWorld = GcStopTheWorld.Or(scheduler.GcStopTheWorld),
            OtherStopTheWorld = OtherStopTheWorld.Or(scheduler.OtherStopTheWorld),
            Procs = Procs.Or(scheduler.Procs),
            GlobalRunQueue = GlobalRunQueue.Or(other.GlobalRunQueue),
            GcRunning = GcRunning.Or(other.GcRunning),
        };
    }

    /// <summary>The clock of what <see cref="SchedulerReadAtNanoseconds"/> speaks of.</summary>
    public long SchedulerClockNanoseconds => SchedulerReadAtNanoseconds != 0 ? SchedulerReadAtNanoseconds : ReadAtNanoseconds;

    private bool HasScheduler => GcCpuNanoseconds.HasValue || SchedulingLatency.HasValue || Procs.HasValue;

    /// <summary>The same figures, marked as old.</summary>
    public RuntimeCounters AsStale(string reason) => new()
    {
        ReadAtNanoseconds = ReadAtNanoseconds,
        GoroutinesReadAtNanoseconds = GoroutinesReadAtNanoseconds,
        SchedulerReadAtNanoseconds = SchedulerReadAtNanoseconds,
        ReadSeldom = ReadSeldom,
        GoVersion = GoVersion.AsStale(reason),
        Goroutines = Goroutines.AsStale(reason),
        Gomaxprocs = Gomaxprocs.AsStale(reason),
        Threads = Threads.AsStale(reason),
        HeapLiveBytes = HeapLiveBytes.AsStale(reason),
        HeapGoalBytes = HeapGoalBytes.AsStale(reason),
        GcPercent = GcPercent.AsStale(reason),
        MemoryLimitBytes = MemoryLimitBytes.AsStale(reason),
        GcCycles = GcCycles.AsStale(reason),
        ForcedGcCycles = ForcedGcCycles.AsStale(reason),
        TotalAllocBytes = TotalAllocBytes.AsStale(reason),
        Mallocs = Mallocs.AsStale(reason),
        Frees = Frees.AsStale(reason),
        GcCpuFraction = GcCpuFraction.AsStale(reason),
        GcCpuNanoseconds = GcCpuNanoseconds.AsStale(reason),
        GcAssistCpuNanoseconds = GcAssistCpuNanoseconds.AsStale(reason),
        LastGcAt = LastGcAt.AsStale(reason),
        PauseTotalNanoseconds = PauseTotalNanoseconds.AsStale(reason),
        RecentPausesNanoseconds = RecentPausesNanoseconds.AsStale(reason),
        Memory = Memory.AsStale(reason),
        SchedulingLatency = SchedulingLatency.AsStale(reason),
        GcStopTheWorld = GcStopTheWorld.AsStale(reason),
        OtherStopTheWorld = OtherStopTheWorld.AsStale(reason),
        Procs = Procs.AsStale(reason),
        GlobalRunQueue = GlobalRunQueue.AsStale(reason),
        GcRunning = GcRunning.AsStale(reason),
    };
}

/// <summary>The runtime's memory by use, in bytes, as runtime.MemStats divides it.</summary>
public sealed record MemoryClasses
{
    /// <summary>All memory obtained from the operating system.</summary>
    public required long Sys { get; init; }

    public required long HeapSys { get; init; }

    public required long HeapIdle { get; init; }

    public required long HeapInUse { get; init; }

    /// <summary>Part of the idle heap already given back.</summary>
    public required long HeapReleased { get; init; }

    public Reading<long> HeapObjects { get; init; }

    public required long StackInUse { get; init; }

    /// <summary>Everything that is neither heap nor stacks: spans, caches, GC, profiling tables and the rest.</summary>
    public required long Other { get; init; }
}

/// <summary>One P. <paramref name="Status"/> is Go's: idle, running, syscall, gcstop or dead.</summary>
public readonly record struct ProcCounters(int Id, ProcStatus Status, int RunQueue, long SchedTick);

public enum ProcStatus : byte
{
    Idle,
    Running,
    Syscall,
    GcStop,
    Dead,
}

/// <summary>
/// A cumulative histogram of durations.
/// </summary>
/// <param name="LowerBoundsNanoseconds">Ascending; bucket i holds durations from bound i up to bound i+1.</param>
/// <param name="Counts">Of the same length.</param>
public sealed record TimeHistogram(ImmutableArray<long> LowerBoundsNanoseconds, ImmutableArray<long> Counts)
{
    public long Total => Counts.Sum();

    /// <summary>What was added since an earlier state of the same histogram; null when the shapes differ or it went back.</summary>
    public TimeHistogram? Since(TimeHistogram earlier)
    {
        if (earlier.Counts.Length != Counts.Length) return null;
        ImmutableArray<long>.Builder counts = ImmutableArray.CreateBuilder<long>(Counts.Length);
        for (int i = 0; i < Counts.Length; i++)
        {
            long added = Counts[i] - earlier.Counts[i];
            if (added < 0) return null;
            counts.Add(added);
        }

        return new TimeHistogram(LowerBoundsNanoseconds, counts.MoveToImmutable());
    }

    /// <summary>The upper bound of the bucket in which the quantile (0–1) falls; null when empty.</summary>
    public long? QuantileNanoseconds(double quantile)
    {
        long total = Total;
        if (total == 0) return null;
        long rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        long seen = 0;
        for (int i = 0; i < Counts.Length; i++)
        {
            seen += Counts[i];
            if (seen >= rank) return i + 1 < LowerBoundsNanoseconds.Length ? LowerBoundsNanoseconds[i + 1] : LowerBoundsNanoseconds[i];
        }

        return LowerBoundsNanoseconds[^1];
    }
}
