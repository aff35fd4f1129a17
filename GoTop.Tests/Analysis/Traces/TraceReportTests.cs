using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Tests.GoRuntime.Traces;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Traces;

/// <summary>What a report adds to the golden figures: places, who woke whom, time by P, and words.</summary>
public sealed class TraceReportTests
{
    private static TraceReport Heavy => Analyze("go1.24-linux", "heavy.5s");

    /// <summary>Found by eng/mutate: times that are centuries apart, whose sums no number holds.</summary>
    [Theory]
    [InlineData("damaged-clock-v1.trace.gz")]
    [InlineData("damaged-clock-v2.trace.gz")]
    public void A_damaged_clock_is_told(string fixture)
    {
        TraceFormatException refused = Assert.Throws<TraceFormatException>(() => TraceReports.Read(fixture));
        Assert.Matches("an event lies .* days after the first", refused.Message);
    }

    [Fact]
    public void Blocking_names_the_programs_own_function_and_who_ended_it()
    {
        BlockedSite locks = Heavy.BlockedSites.First(site => site.Reason == "sync");
        Assert.Equal(["sync.(*Mutex).Lock", "main.(*service).account"], locks.Site.Select(frame => frame.Function));
        Assert.Equal(104, locks.Site[^1].Line);
        Assert.Equal(["main.(*service).account", "main.(*service).contend"], locks.WokenBy.Take(2).Select(by => by.Site[^1].Function));
        Assert.Equal(locks.Count, locks.WokenBy.Sum(by => by.Count));
        Assert.Equal("main.slowSyscall", Heavy.SyscallSites[0].Site[^1].Function);
    }

    [Fact]
    public void The_worst_waits_to_run_tell_what_was_waited_for_and_who_ended_it()
    {
        TraceReport report = Heavy;
        Assert.Equal(10, report.WorstSchedulingWaits.Length);
        Assert.Equal(report.SchedulingLatency.MaxNanoseconds, report.WorstSchedulingWaits[0].DurationNanoseconds);
        SchedulingWait woken = report.WorstSchedulingWaits.First(wait => wait.Reason == "chan receive" && wait.StartFunction == "main.(*service).producer");
        Assert.NotNull(woken.MadeRunnableBy);
        Assert.Equal("main.(*service).runJob.func1", woken.WakerSite[^1].Function);
        Assert.All(report.WorstSchedulingWaits, wait => Assert.InRange(wait.AtNanoseconds, 0, report.DurationNanoseconds));
    }

    [Fact]
    public void Stops_of_the_world_are_listed_in_order_of_time()
    {
        TraceReport report = Heavy;
        Assert.Equal(64, report.LongestStops.Length);
        Assert.Equal(report.LongestStops.OrderBy(stop => stop.AtNanoseconds), report.LongestStops);
        Assert.Equal(report.StopTheWorld.Max(each => each.Durations.MaxNanoseconds), report.LongestStops.Max(stop => stop.DurationNanoseconds));
    }

    [Fact]
    public void The_timeline_adds_up_to_what_the_Ps_did()
    {
        TraceReport report = Heavy;
        TraceTimeline timeline = report.Timeline;
        Assert.InRange(timeline.Buckets, TimelineBuilder.MaxBuckets / 2, TimelineBuilder.MaxBuckets);
        Assert.InRange(report.DurationNanoseconds, timeline.BucketNanoseconds * (timeline.Buckets - 1L), timeline.BucketNanoseconds * (long)timeline.Buckets);
        foreach ((ProcLane lane, ProcTime proc) in timeline.Procs.Zip(report.Procs))
        {
            AssertNear(proc.GoNanoseconds, lane.Shares.Sum(share => share.Go));
            AssertNear(proc.GcNanoseconds, lane.Shares.Sum(share => share.Gc));
            AssertNear(proc.SyscallNanoseconds, lane.Shares.Sum(share => share.Syscall));
            AssertNear(proc.RunningNanoseconds, lane.Shares.Sum(share => share.Go + share.Gc + share.Syscall + share.Scheduling));
        }

        AssertNear(report.Ranges.First(range => range.Name == "GC concurrent mark phase").Durations.TotalNanoseconds, timeline.MarkPhasePercent.Sum(percent => percent));
        Assert.Equal(timeline.Buckets, timeline.StopTheWorldPercent.Length);

        // Each percentage is rounded by itself.
        void AssertNear(long nanoseconds, int percents) =>
            Assert.InRange(percents * timeline.BucketNanoseconds / 100.0, nanoseconds - timeline.Buckets * timeline.BucketNanoseconds * 0.02, nanoseconds + timeline.Buckets * timeline.BucketNanoseconds * 0.02);
    }

    [Fact]
    public void Tasks_have_latencies()
    {
        TaskDurations task = Heavy.Tasks.First(each => each.Type == "job:mail");
        Assert.InRange(task.Latency.Count, 1, task.Count);
        Assert.InRange(task.Latency.P50Nanoseconds, 1, task.Latency.P99Nanoseconds);
    }

    [Fact]
    public void Samples_of_a_CPU_profile_beside_the_trace_name_functions()
    {
        TraceReport report = Analyze("committed", "go1.26-cgo");
        Assert.Equal(2, report.CpuSamples);
        Assert.Equal(2, report.CpuFunctions.Sum(function => function.Samples));
        Assert.All(report.CpuFunctions, function => Assert.NotEmpty(function.Function));
    }

    [Fact]
    public void The_clock_snapshot_tells_when_it_began()
    {
        Assert.Equal(new DateOnly(2026, 11, 25), DateOnly.FromDateTime(Analyze("committed", "go1.26-cgo").StartedAt!.Value.UtcDateTime));
        Assert.Null(Analyze("committed", "go1.23-cgo").StartedAt);
    }

    [Fact]
    public void The_verdict_names_what_stands_out_with_figures()
    {
        string verdict = Heavy.Verdict;
        Assert.Contains("Goroutines were blocked 15.88 s in all (3,788 times, longest 114.4 ms) on sync in main.(*service).account (main.go:104), mostly until main.(*service).account let them go.", verdict, StringComparison.Ordinal);
        Assert.Contains("in main.slowSyscall (sys_linux.go:10)", verdict, StringComparison.Ordinal);
        Assert.Contains("the 2 Ps were 98 % in use, which leaves no room", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_of_an_idle_program_is_that_nothing_stands_out() =>
        Assert.Contains("Nothing stands out", Analyze("go1.27-linux", "idle.1s").Verdict, StringComparison.Ordinal);

    [Theory]
    [InlineData("GC mark phases", 900, 0, "GC took 90 % of the CPU in use")]
    [InlineData("GC of a program that hardly runs", 9, 0, "In 1.0 µs the 1 P was 1.0 % in use. Nothing stands out", 10)]
    [InlineData("stops", 0, 300, "The world stood still 3 times for 300 ns in all, 30 % of the time; longest 200 ns")]
    public void The_verdict_weighs(string what, long gc, long stopped, string expected, long used = 1000)
    {
        DurationSummary none = default;
        TraceReport report = Analyze("committed", "go1.26-cgo") with
        {
            DurationNanoseconds = 1000,
            Gomaxprocs = 1,
            Procs = [new ProcTime(0, used, used - gc, gc, 0)],
            Ranges = [],
            BlockedSites = [],
            SchedulingLatency = none,
            Syscalls = none,
            StopTheWorld = stopped == 0 ? [] : [new NamedDurations("stop-the-world (test)", new DurationSummary(3, stopped, 200, 100, 200))],
        };
        Assert.True(TraceVerdict.Of(report).StartsWith(expected, StringComparison.Ordinal), $"{what}: {TraceVerdict.Of(report)}");
    }

    private static TraceReport Analyze(string folder, string workload) =>
        TraceAnalyzer.Analyze(new MemoryStream(TraceFixtures.Load(folder, workload)), cancellation: TestContext.Current.CancellationToken);
}
