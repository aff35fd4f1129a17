using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Diagnosis;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Traces;

public sealed class TraceSymptomsTests
{
    [Fact]
    public void Each_trouble_is_seen_with_its_place()
    {
        TraceSymptoms symptoms = TraceSymptoms.Of(TraceReports.Trouble);
        Assert.Equal((Severity.Warning, 4711L), (symptoms.Scheduler.Severity, symptoms.Scheduler.Worst!.Goroutine));
        Assert.Equal((Severity.Critical, 11L, 22L), (symptoms.Gc.Severity, symptoms.Gc.Cycles, symptoms.Gc.Stops));
        Assert.Equal(0.26, symptoms.Gc.Share, 3);
        Assert.Equal((Severity.Critical, 94.0), (symptoms.Queue.Severity, symptoms.Queue.Waiting));
        Assert.Equal((Severity.Warning, TraceReports.ReadSlow), (symptoms.Syscalls.Severity, symptoms.Syscalls.Site!.Site[^1]));
    }

    [Fact]
    public void Waiting_for_a_wait_group_is_no_queue_though_go_gives_the_same_reason() =>
        Assert.Equal(TraceReports.Book, TraceSymptoms.Of(TraceReports.Trouble).Queue.Site!.Site[^1]);

    [Fact]
    public void Nothing_is_no_trouble()
    {
        TraceSymptoms symptoms = TraceSymptoms.Of(TraceReports.Idle);
        Assert.Null(symptoms.Scheduler.Severity ?? symptoms.Gc.Severity ?? symptoms.Queue.Severity ?? symptoms.Syscalls.Severity);
    }

    [Fact]
    public void Many_short_system_calls_are_no_trouble()
    {
        TraceReport report = TraceReports.Trouble with { SyscallSites = [new SiteDurations([TraceReports.ReadSlow], 100_000, 2_000_000_000, 900_000)] };
        Assert.Null(TraceSymptoms.Of(report).Syscalls.Severity);
    }

    [Fact]
    public void One_call_that_lasts_may_be_meant_to()
    {
        TraceReport report = TraceReports.Trouble with { SyscallSites = [new SiteDurations([TraceReports.ReadSlow], 1, 900_000_000, 900_000_000)] };
        Assert.Null(TraceSymptoms.Of(report).Syscalls.Severity);
    }
}
