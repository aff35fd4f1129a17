using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Diagnosis.Rules;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Diagnosis;

/// <summary>Who is to blame when threads wait for a core.</summary>
public sealed class CoreShortageTests
{
    [Fact]
    public void Own_threads_on_too_few_cores_are_named_with_gomaxprocs_and_the_cores()
    {
        CoreShortage shortage = CoreShortage.Of(KernelObservations.Pinned.Now);
        Assert.Equal(CoreShortageCause.Pinned, shortage.Cause);
        Assert.StartsWith("its own threads take turns (98 % of that time); it may only run on core 3 of 8; GOMAXPROCS is 8; the other cores are ", shortage.Why, StringComparison.Ordinal);
        Assert.Contains("Allow it more cores", shortage.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_neighbour_that_takes_the_cores_is_named()
    {
        CoreShortage shortage = CoreShortage.Of(KernelObservations.Neighbour.Now);
        Assert.Equal(CoreShortageCause.Neighbour, shortage.Cause);
        Assert.StartsWith("backup-job (7100) had the cores for 74 % of that time, its own threads for 17 %", shortage.Why, StringComparison.Ordinal);
        Assert.Contains("backup-job (7100)", shortage.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quota_is_told_from_a_lack_of_cores_by_who_ran_meanwhile()
    {
        Assert.Equal(CoreShortageCause.Quota, CoreShortage.Of(Observations.Leak.Now).Cause);
        // Throttled as well, but while its threads waited, its own threads ran: the cores are what it lacks.
        Observation both = KernelReports.With(Observations.Leak, Reading.Of(KernelReports.Pinned));
        Assert.Equal(CoreShortageCause.OwnThreads, CoreShortage.Of(both.Now).Cause);
        Assert.Contains("besides it is throttled 31 % of the time", CoreShortage.Of(both.Now).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_others_are_the_machine_and_nobody_is_unknown()
    {
        KernelReport many = KernelReports.Neighbour with { RanInstead = Reading.Of<ImmutableArray<RanInstead>>([.. Enumerable.Range(1, 10).Select(i => new RanInstead(7000 + i, $"job{i}", -1, 100_000_000))]) };
        Assert.Equal(CoreShortageCause.Machine, Of(many).Cause);
        KernelReport nobody = many with { RanInstead = Reading.Of<ImmutableArray<RanInstead>>([new(0, null, -1, 900_000_000), new(-1, null, -1, 100_000_000)]) };
        Assert.Equal(CoreShortageCause.Unknown, Of(nobody).Cause);
        Assert.Contains("was idle", Of(nobody).Why, StringComparison.Ordinal);

        static CoreShortage Of(KernelReport report) => CoreShortage.Of(KernelReports.With(KernelObservations.Idle, Reading.Of(report)).Now);
    }

    [Fact]
    public void Without_events_counters_tell_what_they_can()
    {
        Snapshot now = KernelObservations.Pinned.Now with { Kernel = Reading.NotYet<KernelFigures>() };
        CoreShortage pinned = CoreShortage.Of(now);
        Assert.Equal(CoreShortageCause.Pinned, pinned.Cause);
        Assert.StartsWith("it may only run on core 3 of 8; GOMAXPROCS is 8", pinned.Why, StringComparison.Ordinal);
        Assert.Equal(CoreShortageCause.Quota, CoreShortage.Of(Observations.Leak.Now with { Kernel = Reading.NotYet<KernelFigures>() }).Cause);
        Assert.Equal(CoreShortageCause.Unknown, CoreShortage.Of(Observations.AllMissing.Now).Cause);
    }

    [Fact]
    public void A_name_from_the_system_cannot_steer_the_terminal()
    {
        KernelReport hostile = KernelReports.Neighbour with { RanInstead = Reading.Of<ImmutableArray<RanInstead>>([new(7100, "\u001b[2Jevil", -1, 900_000_000)]) };
        Assert.StartsWith("evil (7100) had", CoreShortage.Of(KernelReports.With(KernelObservations.Idle, Reading.Of(hostile)).Now).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_finding_carries_the_cause_and_needs_the_delay()
    {
        RunQueueDelayRule rule = new();
        Observation pinned = KernelObservations.Pinned;
        // The counters of that moment wait between 0.2 and 1 s of every second.
        Finding finding = Assert.IsType<Finding>(rule.Check(pinned.Now, pinned.History));
        Assert.Contains("GOMAXPROCS is 8", finding.Detail, StringComparison.Ordinal);
        Assert.Null(rule.Check(pinned.Now, HistoryView.Empty));
    }

    [Fact]
    public void Where_the_system_does_not_count_delays_the_events_do()
    {
        RunQueueDelayRule rule = new();
        Observation pinned = KernelObservations.Pinned;
        Snapshot now = pinned.Now with { Process = pinned.Now.Process with { RunQueueDelayPercent = Reading.NotSupported<double>("Windows counts it in kernel events only") } };
        Finding finding = Assert.IsType<Finding>(rule.Check(now, HistoryView.Empty));
        Assert.Equal((Severity.Critical, "Threads wait for a core 6.95 s of every second"), (finding.Severity, finding.Title));
        Assert.Null(rule.Check(now with { Kernel = Reading.NotYet<KernelFigures>() }, HistoryView.Empty));
    }
}
