using System.Collections.Immutable;
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
    public static Observation Leak { get; } = Build(130, OrderApiTicks.Leak, LeakFindings, LeakLog());

    /// <summary>The same at the second tick: no rate before it, hardly a past.</summary>
    public static Observation LeakJustAttached { get; } = Build(2, OrderApiTicks.Leak, [], []);

    /// <summary>Little to see, on Windows, and nothing wrong.</summary>
    public static Observation Healthy { get; } = Build(90, OrderApiTicks.Healthy, [], []);

    /// <summary>The process's counters can be read, its memory cannot.</summary>
    public static Observation Denied { get; } = Build(30, UnreadableTicks.Denied, [], []);

    /// <summary>Nothing at all could be read.</summary>
    public static Observation AllMissing { get; } = Build(3, UnreadableTicks.Missing, [], []);

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
