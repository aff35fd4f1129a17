using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;

namespace GoTop.Tests.Recording;

/// <summary>Samples such as a live service gives.</summary>
internal static class RecordedSamples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static TargetIdentity Target { get; } = new() { Name = "shop", Process = new ProcessKey(42, 4711), Path = Reading.Of("/srv/shop") };

    public static RecordingInfo Info { get; } = new("0.1.0", Target, "server-7", Start);

    public static Sample At(int tick, Reading<GoroutineTable> goroutines = default) => new()
    {
        Time = Start.AddSeconds(tick),
        MonotonicNanoseconds = tick * 1_000_000_000L,
        Target = Target,
        Sources = [new SourceStatus("memory", SourceState.Ok, null, 3.2 + (tick % 7)) { AgeSeconds = 0.1, CostToTarget = "no pause" }],
        Facts = new SampleFacts
        {
            Host = Reading.Of(new HostCounters
            {
                Topology = new HostTopology([.. Enumerable.Range(0, 16).Select(i => new LogicalCore(i, i / 2, 0, 0, 0))]),
                Cores = [.. Enumerable.Range(0, 16).Select(i => new CoreTimes(i, tick * 310_000_000L * i, tick * 17_000_000L, 1_000_000_000L * tick, 0, 123_456, 0))],
                MemoryTotalBytes = 64L << 30,
                MemoryAvailableBytes = (40L << 30) + (tick * 4096L),
                Load = Reading.Of(new LoadAverage(1.25, 0.75, 0.5)),
                Pressure = Reading.NotSupported<Pressure>("the kernel was built without PSI"),
            }),
            Process = Reading.Of(new ProcessCounters
            {
                UserNanoseconds = tick * 123_456_789L,
                SystemNanoseconds = tick * 9_876_543L,
                ResidentBytes = 512_000_000 + (tick * 4096L),
                Threads = 23,
                Handles = Reading.Of(140 + (tick % 5)),
                AllowedCores = Reading.Of(CoreSet.Parse("0-15")),
                Priority = Reading.Of("nice 0"),
            }),
            Runtime = new RuntimeCounters
            {
                GoVersion = Reading.Of("go1.25.1"),
                Goroutines = Reading.Of(100_000L + tick),
                HeapLiveBytes = Reading.Of(200_000_000L + (tick * 12_345L)),
                GcCycles = Reading.Of(tick / 3L),
                RecentPausesNanoseconds = Reading.Of(ImmutableArray.CreateRange(Enumerable.Range(tick, 256).Select(i => 20_000L + (i * 7919 % 50_000)))),
                SchedulingLatency = Reading.Of(Histogram(tick)),
                GcStopTheWorld = Reading.Of(Histogram(tick / 3)),
                OtherStopTheWorld = Reading.Of(Histogram(0)),
                Procs = Reading.Of(ImmutableArray.CreateRange(Enumerable.Range(0, 16).Select(i => new ProcCounters(i, ProcStatus.Running, i % 3, (tick * 5003L) + i)))),
            },
            Goroutines = goroutines,
        },
    };

    /// <summary>Goroutines as a busy server has them: few places, a few hundred stacks, ids with gaps.</summary>
    public static GoroutineTable Goroutines(int count, int seed = 1)
    {
        Random random = new(seed);
        long id = 0;
        long[] cycles = [.. Enumerable.Range(0, 40).Select(i => 1_000_000_000_000L + (i * 2_345_678_901L) + random.Next(1_000_000))];
        ImmutableArray<CodeLocation> locations = [.. Enumerable.Range(0, 600).Select(i => new CodeLocation($"example.com/shop/internal/pkg{i % 40}.(*Server).handle{i}", $"/src/shop/internal/pkg{i % 40}/file{i % 90}.go", 20 + i))];
        return new GoroutineTable
        {
            Locations = locations,
            WaitReasons = ["", "chan receive", "select", "IO wait", "sync.Mutex.Lock", "sleep"],
            Stacks = [.. Enumerable.Range(0, 300).Select(_ => ImmutableArray.CreateRange(Enumerable.Range(0, 4 + random.Next(20)).Select(_ => random.Next(600))))],
            Rows = [.. Enumerable.Range(0, count).Select(i =>
            {
                id += 1 + random.Next(random.Next(10) == 0 ? 200 : 4);
                int place = random.Next(12);
                bool waiting = random.Next(50) != 0;
                return new GoroutineRow(
                    id, waiting ? GoroutineState.Waiting : GoroutineState.Runnable, waiting ? 1 + (place % 5) : 0, waiting ? cycles[random.Next(cycles.Length)] : 0,
                    place, 100 + place, random.Next(3) == 0 ? 1 : id - 1 - random.Next(30), random.Next(20) == 0 ? random.Next(300) : -1, false);
            })],
            NowNanoseconds = 2_000_000_000_000,
            Torn = 3,
            SystemGoroutines = 21,
        };
    }

    private static TimeHistogram Histogram(int tick) => new(
        [.. Enumerable.Range(0, 162).Select(i => (long)(64 * Math.Pow(1.15, i)))],
        [.. Enumerable.Range(0, 162).Select(i => i is > 20 and < 70 ? (tick * 37L) + (i * 11) : 0)]);
}
