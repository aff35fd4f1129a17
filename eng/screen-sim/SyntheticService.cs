using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.ScreenSim;

/// <summary>A made-up Go service, the same on every run: its samples are what live sources would give.</summary>
internal sealed class SyntheticService(int goroutines, int cores)
{
    private static readonly string[] Functions =
    [
        "net/http.(*conn).serve", "database/sql.(*DB).connectionOpener", "main.(*worker).loop", "google.golang.org/grpc.(*Server).handleStream",
        "github.com/example/api/handlers.(*Orders).List", "internal/poll.(*FD).Read", "sync.(*Mutex).Lock", "time.Sleep",
    ];

    private static readonly string[] Waits = ["", "chan receive", "select", "IO wait", "sleep", "sync.Mutex.Lock", "semacquire"];

    private readonly Random _random = new(42);
    private readonly long[] _busy = new long[cores];
    private readonly TargetIdentity _target = new()
    {
        Name = "orders-api",
        Process = new ProcessKey(4242, 1),
        Path = Reading.Of("/usr/bin/orders-api"),
        User = Reading.Of("svc"),
        Ports = Reading.Of(ImmutableArray.Create(8080, 9090)),
    };

    private long _tick;
    private long _cpu;
    private long _allocated;
    private long _cycles;
    private long _live = 100_000_000;

    public Sample Next(DateTimeOffset time, long nanoseconds)
    {
        _tick++;
        _cpu += 400_000_000 + _random.Next(300_000_000);
        _allocated += 50_000_000 + _random.Next(20_000_000);
        _live += 17_000_000;
        if (_live > 200_000_000)
        {
            _live = 90_000_000 + _random.Next(20_000_000);
            _cycles++;
        }

        for (int i = 0; i < cores; i++) _busy[i] += _random.Next(1_000_000_000);
        return new Sample
        {
            Time = time,
            MonotonicNanoseconds = nanoseconds,
            Target = _target,
            Sources = [new SourceStatus("memory", SourceState.Ok, null, 1.2) { CostToTarget = "no pause", AgeSeconds = 0.1, PeriodSeconds = 1 }],
            Facts = new SampleFacts
            {
                Host = Reading.Of(Host()),
                Process = Reading.Of(Process()),
                Runtime = Runtime(time),
                Goroutines = Reading.Of(Goroutines(nanoseconds)),
                LogLines = [new LogLine(time, "/var/log/orders.log", string.Create(CultureInfo.InvariantCulture, $"INFO request {_tick} took {_random.Next(900)} ms"))],
            }.ReadAt(nanoseconds),
        };
    }

    private HostCounters Host() => new()
    {
        Topology = new HostTopology([.. Enumerable.Range(0, cores).Select(i => new LogicalCore(i, i / 2, 0, 0, 0))]),
        Cores = [.. _busy.Select((busy, i) => new CoreTimes(i, busy, busy / 4, (_tick * 2_000_000_000) - busy, 0, 0, 0))],
        MemoryTotalBytes = 16L << 30,
        MemoryAvailableBytes = (9L << 30) - _live,
        Load = Reading.Of(new LoadAverage(2.1, 1.7, 1.2)),
    };

    private ProcessCounters Process() => new()
    {
        UserNanoseconds = _cpu,
        SystemNanoseconds = _cpu / 6,
        ResidentBytes = 200_000_000 + _live,
        Threads = 17,
        Handles = Reading.Of(120 + _random.Next(10)),
        HandleLimit = Reading.Of(1024L),
    };

    private RuntimeCounters Runtime(DateTimeOffset time) => new()
    {
        GoVersion = Reading.Of("go1.25.1"),
        Goroutines = Reading.Of((long)goroutines + _random.Next(50)),
        Gomaxprocs = Reading.Of(cores),
        Threads = Reading.Of(17),
        HeapLiveBytes = Reading.Of(_live),
        HeapGoalBytes = Reading.Of(200_000_000L),
        GcPercent = Reading.Of(100),
        GcCycles = Reading.Of(_cycles),
        TotalAllocBytes = Reading.Of(_allocated),
        Mallocs = Reading.Of(_allocated / 64),
        LastGcAt = Reading.Of(time),
        Procs = Reading.Of(ImmutableArray.CreateRange(Enumerable.Range(0, cores).Select(i =>
            new ProcCounters(i, _random.Next(3) == 0 ? ProcStatus.Idle : ProcStatus.Running, _random.Next(4), _tick * 1000 * (i + 1))))),
        GlobalRunQueue = Reading.Of(_random.Next(5)),
    };

    private GoroutineTable Goroutines(long nanoseconds) => new()
    {
        Locations = [.. Functions.Select((function, i) => new CodeLocation(function, "/src/" + function.Split('.')[0] + ".go", 40 + i))],
        WaitReasons = [.. Waits],
        Stacks = [[5, 0], [6, 2], [7, 4]],
        NowNanoseconds = nanoseconds,
        Torn = 0,
        SystemGoroutines = 5,
        Rows =
        [
            .. Enumerable.Range(0, goroutines).Select(i => new GoroutineRow(
                i + 1, i % 50 == 0 ? GoroutineState.Running : GoroutineState.Waiting, i % 50 == 0 ? 0 : 1 + (i % 6), nanoseconds - (i * 1_000_000L),
                i % 8, (i + (int)_tick) % 97 == 0 ? 1 : i % 8, 1, i % 3, false)),
        ],
    };
}
