using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Tests.Support;

/// <summary>Reports of the kernel's events, and threads, made by hand for what no live machine shows at will.</summary>
internal static class KernelReports
{
    public const int Target = 4242;

    public const KernelFacts Everything =
        KernelFacts.Switches | KernelFacts.AllSwitches | KernelFacts.Ready | KernelFacts.Samples | KernelFacts.AllSamples | KernelFacts.Interrupts | KernelFacts.Disk | KernelFacts.Network | KernelFacts.HardFaults;

    private const long Microsecond = 1_000;
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000_000_000;

    /// <summary>A quota of four cores on a machine of eight: the cores are idle while its threads are ready.</summary>
    public static KernelReport Throttled { get; } = Report(
        onCpu: 3900 * Millisecond, ready: 3300 * Millisecond,
        [new(0, null, -1, 2100 * Millisecond), new(Target, "order-api", -1, 800 * Millisecond), new(933, "node_exporter", 934, 250 * Millisecond), new(-1, null, -1, 150 * Millisecond)]);

    /// <summary>Eight workers on one core of eight.</summary>
    public static KernelReport Pinned { get; } = Report(
        onCpu: 998 * Millisecond, ready: 6950 * Millisecond, [new(Target, "order-api", -1, 6800 * Millisecond), new(812, "kworker/3:1", 812, 150 * Millisecond)]);

    /// <summary>Somebody's batch job has the cores.</summary>
    public static KernelReport Neighbour { get; } = Report(
        onCpu: 2100 * Millisecond, ready: 1900 * Millisecond, [new(7100, "backup-job", -1, 1400 * Millisecond), new(Target, "order-api", -1, 320 * Millisecond), new(0, null, -1, 180 * Millisecond)]);

    public static KernelReport Idle { get; } = Report(onCpu: 8 * Millisecond, ready: 40 * Microsecond, [new(0, null, -1, 40 * Microsecond)]) with
    {
        RunQueueDelay = Reading.Of(new DurationSummary(12, 40 * Microsecond, 9 * Microsecond, 3 * Microsecond, 9 * Microsecond)),
        LongestWaits = [],
    };

    /// <summary>Without root: its own switches and samples, no readiness, nothing of others.</summary>
    public static KernelReport OfItself { get; } = Throttled with
    {
        Coverage = new KernelCoverage(
            KernelSystem.Linux, KernelFacts.Switches | KernelFacts.Samples,
            [new MissingFact(KernelFacts.Ready | KernelFacts.AllSwitches, "needs root"), new MissingFact(KernelFacts.Disk | KernelFacts.Network | KernelFacts.HardFaults | KernelFacts.Interrupts, "needs root and tracefs")]),
        RunQueueDelay = Reading.NotSupported<DurationSummary>("needs root"),
        RanInstead = Reading.NotSupported<ImmutableArray<RanInstead>>("needs root"),
        Processes = Reading.NotSupported<ImmutableArray<ProcessActivity>>("needs root"),
        DiskReadBytes = Reading.NotSupported<long>("needs root and tracefs"),
        DiskWrittenBytes = Reading.NotSupported<long>("needs root and tracefs"),
        NetworkReceivedBytes = Reading.NotSupported<long>("needs root and tracefs"),
        NetworkSentBytes = Reading.NotSupported<long>("needs root and tracefs"),
        HardFaults = Reading.NotSupported<long>("needs root and tracefs"),
        LongestWaits = [],
        Cores = [],
    };

    /// <summary>The same facts of threads for each tick; thread 4250 may run on one core only.</summary>
    public static ThreadTable Threads(int tick) => new()
    {
        Threads =
        [
            .. Enumerable.Range(0, 12).Select(i => new ThreadCounters
            {
                Id = i == 0 ? Target : 4242 + i + 3,
                OwnId = i == 0 ? Target : 4242 + i + 3,
                Name = "order-api",
                State = i < 4 ? ThreadRunState.Runnable : i == 4 ? ThreadRunState.Uninterruptible : ThreadRunState.Sleeping,
                WaitReason = i < 4 ? null : i == 4 ? "io_schedule" : i == 5 ? "ep_poll" : "futex_do_wait",
                OnCpuNanoseconds = tick * (i < 8 ? 520 - (i * 60) : 1) * Millisecond,
                UserNanoseconds = tick * (i < 8 ? 400 - (i * 50) : 1) * Millisecond,
                SystemNanoseconds = tick * (i < 8 ? 120 - (i * 10) : 0) * Millisecond,
                RunQueueDelayNanoseconds = tick * (i == 1 ? 640 : i < 6 ? 130 - (i * 20) : 0) * Millisecond,
                ContextSwitches = tick * (2_600L - (i * 200)),
                VoluntarySwitches = tick * (2_300L - (i * 190)),
                InvoluntarySwitches = tick * (300L - (i * 10)),
                LastCore = i % 8,
                AllowedCores = CoreSet.Parse(i == 5 ? "2" : "0-7"),
            }),
        ],
        Omitted = 0,
    };

    /// <summary>Ms for those threads: six with goroutines of the table, one with the runtime's own, the rest parked or looking for work; the last is not Go's.</summary>
    public static GoThreadTable GoThreads(GoroutineTable goroutines) => new()
    {
        Threads =
        [
            .. Enumerable.Range(0, 11).Select(i => new GoThread(
                i, i == 0 ? Target : 4242 + i + 3, i < 6 ? goroutines.Rows[i].Id : i == 6 ? 2 : null, i < 7 ? i : i == 7 ? 7 : null, i == 9 ? goroutines.Rows[7].Id : null, Spinning: i == 7, Blocked: i > 7)),
        ],
        Torn = 0,
    };

    public static KernelReport WithLost(KernelReport report, long lost) => report with { LostEvents = lost };

    /// <summary>The moment with another report of the kernel.</summary>
    public static Observation With(Observation observation, Reading<KernelReport> report)
    {
        Sample sample = new()
        {
            Time = observation.Now.Time,
            MonotonicNanoseconds = observation.Now.MonotonicNanoseconds,
            Target = observation.Now.Target,
            Facts = observation.Now.Facts with { Kernel = report },
            Sources = observation.Now.Sources,
        };
        Snapshot derived = SnapshotBuilder.Build(sample, null, sample);
        return observation with { Now = observation.Now with { Facts = sample.Facts, Kernel = derived.Kernel, Threads = derived.Kernel.HasValue ? Joined(observation.Now, derived) : observation.Now.Threads } };
    }

    private static Reading<ImmutableArray<ThreadFigures>> Joined(Snapshot now, Snapshot derived) => now.Threads.Select(threads => (ImmutableArray<ThreadFigures>)
    [
        .. threads.Select(thread => derived.Threads.TryGet(out ImmutableArray<ThreadFigures> others) && others.FirstOrDefault(other => other.Id == thread.Id) is { } found ? thread with { Kernel = found.Kernel } : thread),
    ]);

    private static KernelReport Report(long onCpu, long ready, ImmutableArray<RanInstead> instead)
    {
        TimeHistogram histogram = new(
            [0, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864], ready > Second ? [120, 2_400, 5_100, 1_900, 700, 240, 90, 60, 44, 6] : [4, 6, 2, 0, 0, 0, 0, 0, 0, 0]);
        ThreadActivity Thread(int thread, long share, int cpu) => new()
        {
            Thread = thread,
            OnCpuNanoseconds = onCpu / share,
            ReadyNanoseconds = ready / share,
            OffCpu = [new(1, "sleeping", 410, 600 * Millisecond / share, 40 * Millisecond), new(2, "uninterruptible (disk)", 3, 12 * Millisecond / share, 9 * Millisecond)],
            RunQueueDelay = new DurationSummary(1_300 / share, ready / share, 84 * Millisecond, 21 * Microsecond, 61 * Millisecond),
            RunQueueDelayHistogram = histogram,
            Preemptions = 290 / share,
            VoluntarySwitches = 2_300 / share,
            CoreMigrations = 31 / share,
            NodeMigrations = 4 / share,
            Samples = 44 / share,
            LastCpu = cpu,
            WaitsSinceNanoseconds = thread == Target ? 3 * Millisecond : 0,
            RanInstead = [.. instead.Take(3)],
        };
        CodeLocation spin = new("github.com/acme/order-api/internal/orders.(*Handler).price", "/src/order-api/internal/orders/price.go", 31);
        CodeLocation move = new("runtime.memmove", "/usr/local/go/src/runtime/memmove_amd64.s", 120), copy = new("copy_user_generic", "", 0), write = new("syscall.Write", "/usr/local/go/src/syscall/syscall_unix.go", 203);
        return new KernelReport
        {
            StartNanoseconds = 77 * Second,
            DurationNanoseconds = Second,
            Coverage = new KernelCoverage(KernelSystem.Linux, Everything & ~KernelFacts.Interrupts, [new MissingFact(KernelFacts.Interrupts, "this kernel has no irq tracepoints")]),
            Events = 41_200,
            LostEvents = 0,
            Target = Thread(-1, 1, -1),
            RunQueueDelay = Reading.Of(new DurationSummary(10_660, ready, 84 * Millisecond, 21 * Microsecond, 61 * Millisecond)),
            RunQueueDelayHistogram = histogram,
            LongestWaits =
            [
                .. Enumerable.Range(0, 9).Select(i => new RunQueueWait(4246 + i, (77 * Second) + (i * 97 * Millisecond), (84 - (i * 7)) * Millisecond, i % 8, i % 2 == 0, i == 8 ? [] : [.. instead.Take(2)])),
            ],
            RanInstead = Reading.Of(instead),
            Threads = [Thread(Target, 4, 0), Thread(4246, 4, 1), Thread(4247, 8, 2), Thread(4248, 16, 3)],
            OmittedThreads = 0,
            Cores =
            [
                .. Enumerable.Range(0, 8).Select(core => new CoreActivity(
                    core, core / 4, (500 + (core * 40)) * Millisecond, (300 + (core * 25)) * Millisecond, (400 - (core * 30)) * Millisecond, null, (100 - (core * 10)) * Millisecond, 900 + (core * 10), 99, 40,
                    [new(Target, "order-api", (300 + (core * 25)) * Millisecond, 40), new(7100, "backup-job", (150 + (core * 10)) * Millisecond, 14), new(933, "node_exporter", (50 + (core * 5)) * Millisecond, 5)])
                {
                    Functions = core == 7 ? [] : [new(spin.Function, FrameKind.Go, 28), new(move.Function, FrameKind.Go, 9), new(copy.Function, FrameKind.Kernel, 3)],
                }),
            ],
            Processes = Reading.Of<ImmutableArray<ProcessActivity>>([new(Target, "order-api", onCpu, 318), new(7100, "backup-job", 1_480 * Millisecond, 112), new(933, "node_exporter", 540 * Millisecond, 40), new(-1, null, 20 * Millisecond, 0)]),
            Samples = Reading.Of(new CpuSamples(
                318, 2,
                [
                    new(spin.Function, FrameKind.Go, 190, 190, 260), new("runtime.memmove", FrameKind.Go, 62, 62, 62), new(copy.Function, FrameKind.Kernel, 40, 0, 40),
                    new("[vdso]", FrameKind.Native, 26, 26, 26), new(write.Function, FrameKind.Go, 0, 40, 40),
                ],
                [new(spin, FrameKind.Go, 190, 190, 260), new(move, FrameKind.Go, 62, 62, 62), new(copy, FrameKind.Kernel, 40, 0, 40), new(write, FrameKind.Go, 0, 40, 40)],
                [
                    new([new(spin, FrameKind.Go), new(new("net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go", 2102), FrameKind.Go)], 190),
                    new([new(move, FrameKind.Go), new(spin, FrameKind.Go)], 62),
                    new([new(copy, FrameKind.Kernel), new(write, FrameKind.Go)], 40),
                ])),
            DiskReadBytes = Reading.Of(0L),
            DiskWrittenBytes = Reading.Of(1_200_000L),
            NetworkReceivedBytes = Reading.Of(3_400_000L),
            NetworkSentBytes = Reading.Of(9_100_000L),
            HardFaults = Reading.Of(2L),
        };
    }
}
