using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Diagnosis;

/// <summary>Findings from an execution trace, while it is recent.</summary>
public sealed class TraceRuleTests
{
    private static readonly string[] Rules = ["long-stop", "trace-latency", "slow-syscall"];

    [Fact]
    public void A_long_stop_is_named_by_its_kind_and_the_tracings_own_stop_is_none()
    {
        Finding finding = Only("long-stop", TraceReports.Trouble);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Equal("The world stood still for 120 ms: stop-the-world (GC mark termination)", finding.Title);
        Assert.Contains("22 stops, 142 ms in all", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("GC's own work", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_that_the_program_asked_for_is_not_blamed_on_gc()
    {
        TraceReport report = TraceReports.Trouble with { StopTheWorld = [new("stop-the-world (read mem stats)", new DurationSummary(3, 700_000_000, 600_000_000, 40_000_000, 600_000_000))] };
        Finding finding = Only("long-stop", report);
        Assert.Equal(Severity.Critical, finding.Severity);
        Assert.DoesNotContain("GC's own work", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_to_run_name_who_waited_longest_and_what_keeps_the_ps()
    {
        Finding finding = Only("trace-latency", TraceReports.Trouble);
        Assert.Equal("Goroutines wait 41.0 ms to run (p99), at most 310 ms: example.com/shop/ledger.(*ledger).teller", finding.Title);
        Assert.Contains("after sync at example.com/shop/ledger.(*ledger).book (ledger.go:44); Ps 61 % in use, GC 26 %", finding.Detail, StringComparison.Ordinal);
        Assert.StartsWith("GC takes the Ps", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_system_call_is_named_with_its_function_and_line()
    {
        Finding finding = Only("slow-syscall", TraceReports.Trouble);
        Assert.Equal("System calls of main.(*archive).readSlow (main.go:118) keep 5.9 threads", finding.Title);
        Assert.StartsWith("called by main.(*archive).reader (main.go:124) and others; in a trace of 1.0 s", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("294 calls, 5.9 s in all, longest 22.0 ms", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_trace_says_nothing_of_now() =>
        Assert.DoesNotContain(Findings(TraceReports.With(Observations.Healthy, TraceReports.Trouble, secondsAgo: 121)), finding => Rules.Contains(finding.Rule));

    [Fact]
    public void A_quiet_trace_is_no_finding() =>
        Assert.DoesNotContain(Findings(TraceReports.With(Observations.Healthy, TraceReports.Idle)), finding => Rules.Contains(finding.Rule));

    private static Finding Only(string rule, TraceReport report) => Assert.Single(Findings(TraceReports.With(Observations.Healthy, report)), finding => finding.Rule == rule);

    private static ImmutableArray<Finding> Findings(Observation observation) => RuleCatalog.Check(observation.Now, observation.History);
}
