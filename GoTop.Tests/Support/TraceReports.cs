using System.Collections.Immutable;
using System.IO.Compression;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Tests.Support;

/// <summary>Traces made by hand, for what no real one shows at will: many Ps, stops at known times, hostile names.</summary>
internal static class TraceReports
{
    private const long Millisecond = 1_000_000;

    public static CodeLocation Book { get; } = new("example.com/shop/ledger.(*ledger).book", "/src/shop/ledger/ledger.go", 44);

    public static CodeLocation ReadSlow { get; } = new("main.(*archive).readSlow", "/src/shop/main.go", 118);

    private static ImmutableArray<CodeLocation> LockSite { get; } = [new("sync.(*Mutex).Lock", "/usr/local/go/src/sync/mutex.go", 90), Book];

    private static ImmutableArray<CodeLocation> UnlockSite { get; } =
        [new("sync.(*Mutex).Unlock", "/usr/local/go/src/sync/mutex.go", 223), new("example.com/shop/ledger.(*ledger).release", "/src/shop/ledger/ledger.go", 51)];

    private static ImmutableArray<CodeLocation> SyscallSite { get; } = [new("syscall.Syscall", "/usr/local/go/src/syscall/syscall_linux.go", 73), ReadSlow];

    /// <summary>A second of a service with a lock convoy, a slow system call, long stops and much GC; 8 Ps.</summary>
    public static TraceReport Trouble { get; } = new()
    {
        GoVersion = "go1.25",
        DurationNanoseconds = 1000 * Millisecond,
        StartNanoseconds = 77,
        Bytes = 3_400_000,
        Generations = 2,
        Events = 412_000,
        Goroutines = 320,
        SchedulingLatency = new DurationSummary(24_113, 96_000 * Millisecond, 310 * Millisecond, 3_100, 41 * Millisecond),
        SchedulingLatencyHistogram = new TimeHistogram([0, 1_024, 16_384, 1_048_576, 33_554_432, 268_435_456], [9_000, 14_000, 800, 300, 10, 3]),
        WorstSchedulingWaits =
        [
            new SchedulingWait(4711, 402 * Millisecond, 310 * Millisecond, "example.com/shop/ledger.(*ledger).teller", "sync", LockSite, 12, UnlockSite),
            new SchedulingWait(99, 90 * Millisecond, 41 * Millisecond, "main.worker", "preempted", [new("main.worker", "/src/shop/main.go", 61)], null, []),
            new SchedulingWait(7, 5 * Millisecond, 900_000, "", "created", [], 1, []),
        ],
        Running = new DurationSummary(24_000, 5_100 * Millisecond, 21 * Millisecond, 40_000, 9 * Millisecond),
        Syscalls = new DurationSummary(310, 5_900 * Millisecond, 22 * Millisecond, 20 * Millisecond, 21 * Millisecond),
        SyscallSites =
        [
            new SiteDurations(SyscallSite, 294, 5_880 * Millisecond, 22 * Millisecond) { Callers = new SiteCallers([new("main.(*archive).reader", "/src/shop/main.go", 124)], true) },
            new SiteDurations([new("os.(*File).Write", "/usr/local/go/src/os/file.go", 190), new("main.logLine", "/src/shop/main.go", 20)], 16, 1 * Millisecond, 200_000),
        ],
        Blocked = [new("sync", new DurationSummary(196, 94_000 * Millisecond, 890 * Millisecond, 480 * Millisecond, 880 * Millisecond))],
        BlockedSites =
        [
            new BlockedSite("sync", LockSite, 196, 94_000 * Millisecond, 890 * Millisecond, [new(UnlockSite, 190), new([], 6)]),
            new BlockedSite("sync", [new("sync.(*WaitGroup).Wait", "/usr/local/go/src/sync/waitgroup.go", 118), new("main.main", "/src/shop/main.go", 12)], 100, 95_000 * Millisecond, 990 * Millisecond, []),
            new BlockedSite("sleep", [new("time.Sleep", "/usr/local/go/src/runtime/time.go", 338), new("main.ticker", "/src/shop/main.go", 80)], 12, 900 * Millisecond, 100 * Millisecond, [new([], 12)]),
        ],
        Wakers = [new Waker(UnlockSite, 190, 93_000 * Millisecond), new Waker([], 120, 4_000 * Millisecond)],
        StopTheWorld =
        [
            new("stop-the-world (GC mark termination)", new DurationSummary(11, 140 * Millisecond, 120 * Millisecond, 300_000, 120 * Millisecond)),
            new("stop-the-world (GC sweep termination)", new DurationSummary(11, 2 * Millisecond, 400_000, 100_000, 400_000)),
            new("stop-the-world (start trace)", new DurationSummary(1, 900 * Millisecond, 900 * Millisecond, 900 * Millisecond, 900 * Millisecond)),
        ],
        LongestStops =
        [
            new("stop-the-world (GC mark termination)", 250 * Millisecond, 120 * Millisecond, 31),
            new("stop-the-world (GC sweep termination)", 700 * Millisecond, 400_000, 31),
        ],
        Ranges =
        [
            new("GC concurrent mark phase", new DurationSummary(11, 480 * Millisecond, 90 * Millisecond, 40 * Millisecond, 90 * Millisecond)),
            new("GC mark assist", new DurationSummary(900, 720 * Millisecond, 6 * Millisecond, 500_000, 5 * Millisecond)),
            new("GC incremental sweep", new DurationSummary(9_000, 20 * Millisecond, 90_000, 1_000, 40_000)),
        ],
        Regions = [new("book", new DurationSummary(196, 94_100 * Millisecond, 891 * Millisecond, 481 * Millisecond, 881 * Millisecond))],
        Tasks = [new("order", 202, new DurationSummary(196, 94_200 * Millisecond, 892 * Millisecond, 482 * Millisecond, 882 * Millisecond))],
        Procs = [.. Enumerable.Range(0, 8).Select(id => new ProcTime(id, (960 - (id * 100)) * Millisecond, (500 - (id * 50)) * Millisecond, (330 - (id * 20)) * Millisecond, 50 * Millisecond))],
        Timeline = Timeline(8, 250, 4 * Millisecond),
        Heap = new HeapRange(100 << 20, 180 << 20, 60 << 20, 150 << 20, 170 << 20),
        Gomaxprocs = 8,
        CpuSamples = 0,
        CpuFunctions = [],
        Verdict = "Goroutines queue for a lock in ledger.(*ledger).book (ledger.go:44): 196 waits, 94 s in all. GC takes 26 % of the Ps' time and stopped the world for 120 ms (GC mark termination).",
    };

    /// <summary>Nothing goes on in it.</summary>
    public static TraceReport Idle { get; } = Trouble with
    {
        SchedulingLatency = default,
        SchedulingLatencyHistogram = new TimeHistogram([0, 1_024], [0, 0]),
        WorstSchedulingWaits = [],
        Syscalls = default,
        SyscallSites = [],
        Blocked = [],
        BlockedSites = [],
        Wakers = [],
        StopTheWorld = [],
        LongestStops = [],
        Ranges = [],
        Regions = [],
        Tasks = [],
        Procs = [],
        Timeline = new TraceTimeline(4 * Millisecond, 0, [], 0, [], []),
        Gomaxprocs = null,
        Verdict = "The trace is quiet.",
    };

    /// <summary>A second of <c>Targets/trouble</c> (Go 1.25, 2 Ps), as its pprof served it.</summary>
    public static TraceReport Real { get; } = Read("trouble-go1.25-1s.trace.gz");

    public static TraceReport Read(string fixture)
    {
        using FileStream packed = File.OpenRead(Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Traces", fixture));
        using GZipStream trace = new(packed, CompressionMode.Decompress);
        return TraceAnalyzer.Analyze(trace);
    }

    /// <summary>Every third bucket of a P is GC, every seventh a system call; the marks and the stop are where the longest stop is.</summary>
    public static TraceTimeline Timeline(int procs, int buckets, long bucketNanoseconds) => new(
        bucketNanoseconds, buckets,
        [
            .. Enumerable.Range(0, procs).Select(id => new ProcLane(
                id, [.. Enumerable.Range(0, buckets).Select(i => i * 2 / buckets < id % 3 ? default : i / 10 % 3 == 2 ? new ProcShare(20, 75, 0, 5) : i / 10 % 7 == 1 ? new ProcShare(10, 0, 60, 0) : new ProcShare((byte)(i % 100), 0, 0, 0))])),
        ],
        0,
        [.. Enumerable.Range(0, buckets).Select(i => (byte)(i / 10 % 3 == 2 ? 100 : 0))],
        [.. Enumerable.Range(0, buckets).Select(i => (byte)(i * 4 / buckets == 1 && i % (buckets / 4) < buckets / 8 ? 100 : 0))]);

    /// <summary>An observation with a trace that was taken so many seconds ago.</summary>
    public static Observation With(Observation observation, TraceReport report, double secondsAgo = 12)
    {
        TraceBurst burst = new()
        {
            TakenAt = observation.Now.Time.AddSeconds(-secondsAgo),
            ReadAtNanoseconds = observation.Now.MonotonicNanoseconds - (long)(secondsAgo * 1e9),
            Seconds = 1,
            TookMilliseconds = 1_120,
            Bytes = report.Bytes,
            CostToTarget = "3–13 % of throughput for 1 s",
            Report = report,
        };
        return WithFacts(observation, facts => facts with { Trace = Reading.Of(burst), DearRequests = Reading.Of(DearRequests.None) });
    }

    public static Observation WithFacts(Observation observation, Func<SampleFacts, SampleFacts> change) =>
        observation with { Now = observation.Now with { Facts = change(observation.Now.Facts) } };
}
