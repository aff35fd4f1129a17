using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents;
using Xunit;

namespace GoTop.Tests.Analysis.Kernel;

/// <summary>Exact figures of small streams, in microseconds.</summary>
public sealed class KernelAnalysisTests
{
    [Fact]
    public void A_thread_that_is_woken_waits_until_it_is_switched_in()
    {
        KernelReport report = new KernelEventStream().Switch(10, 0, 101, 7).Ready(30, 101).Switch(75, 0, 7, 101).Switch(90, 0, 101, 0).Take(100);

        ThreadActivity thread = Assert.Single(report.Threads);
        Assert.Equal(101, thread.Thread);
        Assert.Equal(new DurationSummary(1, 45_000, 45_000, 45_000, 45_000), thread.RunQueueDelay with { P50Nanoseconds = 45_000, P99Nanoseconds = 45_000 });
        Assert.InRange(thread.RunQueueDelay.P99Nanoseconds, 44_600, 45_000);
        Assert.Equal(1, thread.RunQueueDelayHistogram.Total);
        Assert.Equal(report.RunQueueDelay.Value, thread.RunQueueDelay);
        // 75 to 90; what it did before the first switch it is not known to have run.
        Assert.Equal(15_000 + 10_000, thread.OnCpuNanoseconds);
        Assert.Equal(45_000, thread.ReadyNanoseconds);
        OffCpuTime sleep = Assert.Single(thread.OffCpu);
        Assert.Equal(("sleeping", 1L, 20_000L + 10_000L, 20_000L), (sleep.Reason, sleep.Count, sleep.TotalNanoseconds, sleep.MaxNanoseconds));
        Assert.Equal((2L, 0L), (thread.VoluntarySwitches, thread.Preemptions));
    }

    [Fact]
    public void Who_had_the_core_meanwhile_is_told_by_process()
    {
        KernelReport report = new KernelEventStream().Switch(0, 0, 101, 0).Ready(10, 101).Switch(20, 0, 0, 7).Switch(50, 0, 7, 8).Switch(60, 0, 8, 101).Take(60);

        (int, string?, long)[] expected = [(7, "p7", 30_000), (0, null, 10_000), (8, "p8", 10_000)];
        Assert.Equal(expected, report.RanInstead.Value.Select(who => (who.Process, who.Name, who.Nanoseconds)));
        Assert.Equal(expected, report.Threads[0].RanInstead.Select(who => (who.Process, who.Name, who.Nanoseconds)));
        RunQueueWait longest = Assert.Single(report.LongestWaits);
        Assert.Equal((101, 10_000L, 50_000L, 0, false), (longest.Thread, longest.AtNanoseconds, longest.DurationNanoseconds, longest.Cpu, longest.Preempted));
        Assert.Equal(7, longest.RanInstead[0].Thread);
    }

    [Fact]
    public void A_preempted_thread_waits_from_the_moment_it_loses_its_core()
    {
        KernelReport report = new KernelEventStream().Switch(0, 0, 0, 101).Switch(40, 0, 101, 7, ThreadStop.Preempted).Switch(100, 0, 7, 101).Take(110);

        ThreadActivity thread = report.Threads[0];
        Assert.Equal((1L, 0L), (thread.Preemptions, thread.VoluntarySwitches));
        Assert.Equal(60_000, thread.RunQueueDelay.TotalNanoseconds);
        Assert.Equal(50_000, thread.OnCpuNanoseconds);
        Assert.True(report.LongestWaits[0].Preempted);
    }

    [Fact]
    public void Migrations_are_counted_between_cores_and_between_nodes()
    {
        KernelReport report = new KernelEventStream()
            .Switch(0, 0, 0, 101).Switch(1, 0, 101, 0)
            .Switch(2, 1, 0, 101).Switch(3, 1, 101, 0)
            .Switch(4, 2, 0, 101).Switch(5, 2, 101, 0)
            .Switch(6, 2, 0, 101).Take(10);

        Assert.Equal((2L, 1L, 2), (report.Threads[0].CoreMigrations, report.Threads[0].NodeMigrations, report.Threads[0].LastCpu));
    }

    [Fact]
    public void What_is_under_way_goes_on_in_the_next_interval()
    {
        KernelEventStream stream = new KernelEventStream().Switch(0, 0, 0, 101).Switch(5, 1, 102, 0).Ready(90, 102);
        KernelReport first = stream.Take(100);
        KernelReport second = stream.Switch(120, 1, 0, 102).Take(200);

        Assert.Equal(100_000, first.Threads.Single(thread => thread.Thread == 101).OnCpuNanoseconds);
        Assert.Equal(100_000, second.Threads.Single(thread => thread.Thread == 101).OnCpuNanoseconds);
        ThreadActivity waits = first.Threads.Single(thread => thread.Thread == 102);
        Assert.Equal((10_000L, 10_000L, 0L), (waits.WaitsSinceNanoseconds, waits.ReadyNanoseconds, waits.RunQueueDelay.Count));
        waits = second.Threads.Single(thread => thread.Thread == 102);
        Assert.Equal((0L, 20_000L, 30_000L), (waits.WaitsSinceNanoseconds, waits.ReadyNanoseconds, waits.RunQueueDelay.TotalNanoseconds));
        Assert.Equal(80_000, waits.OnCpuNanoseconds);
    }

    [Fact]
    public void Lost_events_mark_the_report_and_end_what_was_under_way()
    {
        KernelReport report = new KernelEventStream()
            .Switch(0, 0, 0, 101).Switch(0, 1, 102, 0).Ready(10, 102)
            .Lost(50, 3).Switch(80, 1, 0, 102).Switch(90, 0, 101, 0).Take(100);

        Assert.Equal(3, report.LostEvents);
        Assert.Equal(0, report.RunQueueDelay.Value.Count);
        // Only what is known since the loss: 101 ran on until 90, 102 from 80 on.
        Assert.Equal(40_000, report.Threads.Single(thread => thread.Thread == 101).OnCpuNanoseconds);
        Assert.Equal(20_000, report.Threads.Single(thread => thread.Thread == 102).OnCpuNanoseconds);
        Assert.Equal(50_000, report.Cores[0].UnknownNanoseconds);
    }

    [Fact]
    public void A_core_s_time_is_divided_among_processes()
    {
        KernelReport report = new KernelEventStream()
            .Switch(10, 0, 7, 101).Switch(30, 0, 101, 0).Switch(70, 0, 0, 7)
            .Add(new KernelEvent { Kind = KernelEventKind.Interrupt, Cpu = 0, TimeNanoseconds = 80_000, Value = 4_000 }).Take(100);

        CoreActivity core = Assert.Single(report.Cores);
        Assert.Equal((20_000L, 40_000L, 4_000L, 0L, 3L), (core.TargetNanoseconds, core.IdleNanoseconds, core.InterruptNanoseconds, core.UnknownNanoseconds, core.Switches));
        Assert.Equal(56_000, core.BusyNanoseconds);
        Assert.Equal([(7, 36_000L), (100, 20_000L)], core.Processes.Select(process => (process.Process, process.OnCpuNanoseconds)));
        Assert.Equal(core.Processes, report.Processes.Value);
    }

    [Fact]
    public void A_core_names_the_functions_in_which_the_target_was_found_on_it()
    {
        KernelReport report = new KernelEventStream()
            .Sample(10, 0, 101, [], 0x10, 0x90).Sample(20, 0, 101, [], 0x11).Sample(30, 0, 102, [0x70], 0x20).Sample(40, 0, 102, [0x80]).Sample(50, 0, 7, [0x70], 0x30)
            .Sample(60, 1, 101, [], 0x40).Take(100);

        // Two places of one function are one; in the kernel on behalf of own code is own code; other processes' samples are theirs.
        Assert.Equal([new("g1", FrameKind.Go, 2), new("f8", FrameKind.Kernel, 1), new("g2", FrameKind.Go, 1)], report.Cores[0].Functions);
        Assert.Equal([new CoreFunction("g4", FrameKind.Go, 1)], report.Cores[1].Functions);
    }

    [Fact]
    public void Without_other_processes_switches_their_time_is_unknown_and_the_target_s_is_not()
    {
        KernelReport report = new KernelEventStream(KernelFacts.Switches | KernelFacts.Ready)
            .Switch(10, 0, 7, 101).Switch(30, 0, 101, 8).Switch(70, 0, 9, 101).Take(100);

        Assert.Equal((50_000L, 50_000L), (report.Cores[0].TargetNanoseconds, report.Cores[0].UnknownNanoseconds));
        Assert.Equal(50_000, report.Threads[0].OnCpuNanoseconds);
        Assert.Equal("needs root", report.RanInstead.Reason);
        Assert.Equal("needs root", report.Processes.Reason);
        Assert.Null(report.Cores[0].InterruptNanoseconds);
    }

    [Fact]
    public void A_core_without_a_switch_belongs_to_whom_it_is_found_at_work_for()
    {
        KernelReport report = new KernelEventStream().Sample(50, 0, 7, [], 0x10).Take(100);

        Assert.Equal((100_000L, 1L, 0L), (report.Cores[0].BusyNanoseconds, report.Cores[0].Samples, report.Cores[0].TargetSamples));
        Assert.Equal(0, report.Samples.Value.Count);
    }

    [Fact]
    public void Samples_are_summed_by_function_and_line()
    {
        KernelReport report = new KernelEventStream()
            .Sample(1, 0, 101, [], 0x11, 0x21).Sample(2, 0, 101, [], 0x11, 0x21).Sample(3, 0, 102, [], 0x12, 0x21).Sample(4, 0, 102, [0x50], 0x22).Take(10);

        CpuSamples samples = report.Samples.Value;
        Assert.Equal(4, samples.Count);
        Assert.Equal(
            [new SampledFunction("g1", FrameKind.Go, 3, 3, 3), new SampledFunction("f5", FrameKind.Kernel, 1, 0, 1), new SampledFunction("g2", FrameKind.Go, 0, 1, 4)],
            samples.Functions);
        Assert.Equal(2, samples.Lines[0].Self);
        Assert.Equal(1, samples.Lines[0].Location.Line);
        Assert.Equal(2, samples.Stacks[0].Samples);
        Assert.Equal(["g1", "g2"], samples.Stacks[0].Frames.Select(frame => frame.Location.Function));
        Assert.Equal(2, report.Threads.Single(thread => thread.Thread == 102).Samples);
    }

    [Fact]
    public void Transfers_and_faults_are_the_target_s_alone()
    {
        KernelReport report = new KernelEventStream()
            .Moves(KernelEventKind.DiskRead, 4096).Moves(KernelEventKind.DiskRead, 100, thread: 7).Moves(KernelEventKind.DiskWrite, 512)
            .Moves(KernelEventKind.NetworkSend, 20).Moves(KernelEventKind.NetworkReceive, 30).Moves(KernelEventKind.HardFault, 4096).Take(10);

        Assert.Equal((4096L, 512L, 30L, 20L, 1L), (report.DiskReadBytes.Value, report.DiskWrittenBytes.Value, report.NetworkReceivedBytes.Value, report.NetworkSentBytes.Value, report.HardFaults.Value));
    }

    [Fact]
    public void A_thread_that_has_ended_counts_in_its_interval_and_is_gone_in_the_next()
    {
        KernelEventStream stream = new KernelEventStream().Switch(0, 0, 0, 101).Switch(30, 0, 101, 0, ThreadStop.Ended);
        Assert.Equal(30_000, stream.Take(100).Threads.Single().OnCpuNanoseconds);
        Assert.Empty(stream.Take(200).Threads);
    }

    [Fact]
    public void Where_readiness_is_not_told_only_preemptions_have_a_delay_and_the_sum_is_absent()
    {
        KernelReport report = new KernelEventStream(KernelFacts.Switches).Switch(0, 0, -1, 101).Switch(10, 0, 101, -1, ThreadStop.Preempted).Switch(30, 0, -1, 101).Take(40);

        Assert.False(report.RunQueueDelay.HasValue);
        Assert.Equal((1L, 20_000L, 20_000L), (report.Threads[0].Preemptions, report.Threads[0].RunQueueDelay.TotalNanoseconds, report.Threads[0].OnCpuNanoseconds));
    }

    [Fact]
    public void The_report_stays_small_whatever_comes()
    {
        KernelEventStream stream = new();
        for (int thread = 0; thread < 400; thread++)
        {
            // All of the target's numbers, again and again, and thousands of other processes.
            for (int other = 1000; other < 1050; other++) stream.Switch(thread * 50 + other - 1000, thread % 4, other + (thread * 50), 101 + (thread % 99));
            stream.Sample(thread * 50, 0, 101, [], (ulong)thread << 4);
        }

        KernelReport report = stream.Take(1_000_000);
        Assert.True(report.Threads.Length <= 256);
        Assert.True(report.Processes.Value.Length <= 64);
        Assert.True(report.LongestWaits.Length <= 20);
        Assert.True(report.Cores.All(core => core.Processes.Length <= 8));
    }
}
