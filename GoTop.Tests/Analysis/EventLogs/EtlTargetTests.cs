using System.IO.Compression;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Tests.KernelEvents;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.EventLogs;

/// <summary>One process of a log, looked into by the analysis that a session's events go to.</summary>
public sealed class EtlTargetTests
{
    private const long Microsecond = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void The_figures_are_those_reckoned_by_hand(int eventsPerBuffer)
    {
        LoggedTarget target = Analyze(SchedulerIncident.Log.ToArray(eventsPerBuffer)).Target.Value;
        Assert.Equal((SchedulerIncident.Service, "gosvc.exe"), (target.ProcessId, target.Name));
        KernelReport report = target.Report;
        // From the first event at 1 µs to the last at 1,950; not from the header's own.
        Assert.Equal(1949 * Microsecond, report.DurationNanoseconds);
        Assert.Equal((2, 260 * Microsecond, 250 * Microsecond), (report.RunQueueDelay.Value.Count, report.RunQueueDelay.Value.TotalNanoseconds, report.RunQueueDelay.Value.MaxNanoseconds));
        ThreadActivity thread = Assert.Single(report.Threads);
        Assert.Equal((100, 440 * Microsecond, 260 * Microsecond, 0L, 2L, 1L, 2L), (thread.Thread, thread.OnCpuNanoseconds, thread.ReadyNanoseconds, thread.Preemptions, thread.VoluntarySwitches, thread.CoreMigrations, thread.Samples));
        // From 1,600 to when it was ready at 1,700; and the last wait goes on at the end, from 1,900 to 1,950.
        Assert.Equal([("WrQueue", 1L, 100 * Microsecond), ("UserRequest", 0L, 50 * Microsecond)], thread.OffCpu.Select(wait => (wait.Reason, wait.Count, wait.TotalNanoseconds)));
        Assert.Equal([(SchedulerIncident.Other, "other.exe", 250 * Microsecond), (0, null, 10 * Microsecond)], report.RanInstead.Value.Select(one => (one.Process, one.Name, one.Nanoseconds)));
        Assert.Equal((true, 1099 * Microsecond), (!report.LongestWaits[0].Preempted, report.LongestWaits[0].AtNanoseconds - report.StartNanoseconds));
        CoreActivity core = report.Cores[0];
        // The interrupts of 40 µs came while the service ran.
        Assert.Equal((210 * Microsecond, 40 * Microsecond), (core.TargetNanoseconds, core.InterruptNanoseconds));
        Assert.Equal([SchedulerIncident.Other, SchedulerIncident.Service], core.Processes.Select(process => process.Process));
        Assert.Equal((0L, 65_536L, 80L, 1500L, 1L), (report.DiskReadBytes.Value, report.DiskWrittenBytes.Value, report.NetworkReceivedBytes.Value, report.NetworkSentBytes.Value, report.HardFaults.Value));
        Assert.Equal([("gosvc.exe", 1L, 2L), ("ntoskrnl.exe", 1L, 1L)], report.Samples.Value.Functions.Select(function => (function.Function, function.Self, function.Total)));
    }

    [Fact]
    public void Whose_a_thread_is_may_be_told_at_the_end_alone()
    {
        // A session in memory has overwritten its beginning, and lists what there is when it ends.
        SyntheticEtl log = new SyntheticEtl()
            .Switch(1000, cpu: 0, from: 0, to: 200)
            .Ready(1100, cpu: 1, tid: 100, waker: 55, wakerPid: 4)
            .Switch(1350, cpu: 0, from: 200, to: 100, state: 1, reason: 32)
            .Sample(1400, cpu: 0, tid: 100, SchedulerIncident.ServiceBase + 0x1000)
            .Switch(1600, cpu: 0, from: 100, to: 200, reason: 15)
            .Thread(1700, SchedulerIncident.Other, 200, ended: true)
            .Thread(1710, SchedulerIncident.Service, 200, started: true)
            .Process(1800, SchedulerIncident.Service, 4, "gosvc.exe", "gosvc.exe")
            .Process(1800, SchedulerIncident.Other, 4, "other.exe", "other.exe")
            .Thread(1810, SchedulerIncident.Service, 100, listed: true)
            .Thread(1811, SchedulerIncident.Service, 200, listed: true);
        EtlReport analysed = Analyze(log.ToArray(), new EtlOptions { Process = "gosvc.exe" });
        KernelReport report = analysed.Target.Value.Report;
        Assert.Equal(SchedulerIncident.Service, analysed.Target.Value.ProcessId);
        Assert.Equal((250 * Microsecond, 250 * Microsecond, 1L), (report.Target.OnCpuNanoseconds, report.RunQueueDelay.Value.TotalNanoseconds, report.Target.Samples));
        Assert.Equal(("other.exe", 250 * Microsecond), (report.RanInstead.Value[0].Name, report.RanInstead.Value[0].Nanoseconds));
        Assert.Equal(250 * Microsecond, analysed.Processes.Single(process => process.Id == SchedulerIncident.Service).OnCpuNanoseconds);
        Assert.Equal(350 * Microsecond, analysed.Processes.Single(process => process.Id == SchedulerIncident.Other).OnCpuNanoseconds);
    }

    [Theory]
    [InlineData("777", SchedulerIncident.Other, "by its number")]
    [InlineData("other", SchedulerIncident.Other, "by its name")]
    [InlineData("GOSVC.exe", SchedulerIncident.Service, "by its name")]
    [InlineData(null, SchedulerIncident.Service, "most CPU time; which processes are Go's cannot be told")]
    public void A_process_is_chosen_and_why_is_said(string? wanted, int process, string why)
    {
        LoggedTarget target = Analyze(SchedulerIncident.Log.ToArray(), new EtlOptions { Process = wanted }).Target.Value;
        Assert.Equal(process, target.ProcessId);
        Assert.Contains(why, target.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4712")]
    [InlineData("nobody")]
    public void A_process_that_the_log_has_not_is_told_with_those_that_it_has(string wanted)
    {
        Reading<LoggedTarget> target = Analyze(SchedulerIncident.Log.ToArray(), new EtlOptions { Process = wanted }).Target;
        Assert.Equal(ReadingState.Failed, target.State);
        Assert.Contains(wanted, target.Reason, StringComparison.Ordinal);
        Assert.Contains("gosvc.exe (4321), other.exe (777)", target.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_in_which_nobody_works_has_no_target() =>
        Assert.Equal(ReadingState.NotSupported, Analyze(new SyntheticEtl().Process(1, 12, 4, "a.exe", "a.exe").ToArray()).Target.State);

    [Fact]
    public void Lost_events_and_damage_make_its_figures_partial()
    {
        Assert.Equal("3 events were lost while it was recorded", Assert.Single(Analyze(SchedulerIncident.Log.ToArray()).Target.Value.PartialBecause));
        Assert.Empty(Analyze(new SyntheticEtl { EventsLost = 0 }.Thread(1, 9, 8).Switch(2, 0, 0, 8).Switch(5, 0, 8, 0).ToArray()).Target.Value.PartialBecause);
        byte[] damaged = SchedulerIncident.Log.ToArray(eventsPerBuffer: 4);
        damaged.AsSpan(BitConverter.ToInt32(damaged) + 72 + 2, 1).Fill(0x7f);
        Assert.Contains("1 buffers are damaged", Analyze(damaged, new EtlOptions { Process = "4321" }).Target.Value.PartialBecause);
    }

    [Fact]
    public void What_the_log_has_no_events_of_is_absent_and_not_zero()
    {
        KernelReport report = Analyze(new SyntheticEtl().Thread(1, 9, 8).Sample(3, cpu: 0, tid: 8, 0x1000).ToArray()).Target.Value.Report;
        Assert.False(report.RunQueueDelay.HasValue);
        Assert.False(report.DiskReadBytes.HasValue);
        Assert.Equal("the log has no such events", report.Coverage.WhyNot(KernelFacts.Switches));
        Assert.Equal(1, report.Samples.Value.Count);
    }

    [Fact]
    public void Times_that_lie_months_apart_are_damage()
    {
        SyntheticEtl log = SchedulerIncident.Log.Switch(40L * 86_400 * 1_000_000, cpu: 0, from: 0, to: 100);
        Assert.Contains("30 days", Analyze(log.ToArray()).Target.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_log_is_looked_into()
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedFiles.Require("etl/net.4.5.2.x64.etl.zip"));
        using Stream packed = archive.Entries.Single(entry => entry.Name.EndsWith(".etl", StringComparison.Ordinal)).Open();
        using MemoryStream log = new();
        packed.CopyTo(log);
        EtlReport analysed = Analyze(log.ToArray());
        LoggedTarget target = analysed.Target.Value;
        Assert.Equal((3676, "Test.x64.exe"), (target.ProcessId, target.Name));
        // The two ways through the log agree.
        Assert.Equal(analysed.Processes.Single(process => process.Id == 3676).Samples, target.Report.Samples.Value.Count);
        foreach (string module in (string[])["clr.dll", "clrjit.dll", "ntdll.dll", "(unknown)"])
            Assert.Equal((module, analysed.Samples!.Modules.Single(one => one.ProcessId == 3676 && one.Module == module).Samples), (module, target.Report.Samples.Value.Functions.Single(one => one.Function == module).Self));
        Assert.Equal(analysed.Counts.Single(count => count.Event == "Memory/HardFault").Count >= target.Report.HardFaults.Value, target.Report.HardFaults.Value > 0);
        Assert.Contains("Test.x64.exe does not lie on this machine", target.Functions.Reason, StringComparison.Ordinal);
    }

    private static EtlReport Analyze(byte[] log, EtlOptions? options = null) => EtlAnalyzer.Analyze(new MemoryStream(log), options ?? EtlOptions.None, TestContext.Current.CancellationToken);
}
