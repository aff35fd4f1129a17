using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Diagnosis;

public sealed class RuleTests
{
    [Fact]
    public void A_group_that_only_grows_is_a_leak_and_names_where_it_is_made()
    {
        Finding finding = Assert.Single(Fold(60, t => Goroutines(t, ("main.leak", "chan send", 100 + (int)(10 * t)), ("main.worker", "select", 50))), f => f.Rule == "goroutine-leak");
        Assert.Equal(Severity.Critical, finding.Severity);
        Assert.Contains("main.leak +10/s", finding.Title, StringComparison.Ordinal);
        Assert.Contains("main.main", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void To_ask_for_leaks_makes_no_leak_look_worse()
    {
        ImmutableArray<Finding> findings = Fold(60, Asked);
        Assert.Contains("main.leak +10/s, 700 now", Assert.Single(findings, f => f.Rule == "goroutine-leak").Title, StringComparison.Ordinal);
        Assert.StartsWith("700 goroutines stuck in a channel send", Assert.Single(findings, f => f.Rule == "stuck-senders").Title, StringComparison.Ordinal);

        static SampleFacts Asked(double t)
        {
            SampleFacts facts = Goroutines(t, ("main.leak", "chan send", 100 + (int)(10 * t)));
            GoroutineTable table = facts.Goroutines.Value;
            return t < 50 ? facts : facts with { Goroutines = Reading.Of(table with { Rows = [.. table.Rows.Select((row, at) => at < 600 ? row with { State = GoroutineState.Leaked } : row)] }) };
        }
    }

    [Fact]
    public void A_group_that_breathes_is_no_leak() =>
        Assert.DoesNotContain(Fold(60, t => Goroutines(t, ("main.work", "select", 100 + (int)(80 * Math.Abs(Math.Sin(t)))))), f => f.Rule == "goroutine-leak");

    [Fact]
    public void A_steady_service_has_no_findings() =>
        Assert.Empty(Fold(60, t => Goroutines(t, ("main.work", "select", 100)) with { Process = Reading.Of(Samples.Process(t * 0.1)) }));

    [Fact]
    public void Goroutines_queued_for_one_lock_are_a_convoy() =>
        Assert.Contains(Fold(3, t => Goroutines(t, ("main.handle", "sync.Mutex.Lock", 300))), f => f is { Rule: "lock-convoy", Severity: Severity.Critical });

    [Fact]
    public void A_passing_burst_on_a_lock_is_no_convoy() =>
        Assert.DoesNotContain(Fold(3, t => Goroutines(t, ("main.handle", "sync.Mutex.Lock", t < 3 ? 0 : 40))), f => f.Rule == "lock-convoy");

    [Fact]
    public void Gc_that_takes_a_third_of_the_cpu_is_critical()
    {
        Finding finding = Assert.Single(Fold(5, t => Gc(t, share: 0.35)));
        Assert.Equal(("gc-pressure", Severity.Critical), (finding.Rule, finding.Severity));
        Assert.Contains("35 %", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Gc_that_takes_little_is_not_mentioned() => Assert.Empty(Fold(5, t => Gc(t, share: 0.05)));

    [Fact]
    public void Throttling_is_named_with_the_quota()
    {
        static SampleFacts Facts(double t) => new()
        {
            Container = Reading.Of(new ContainerCounters
            {
                Group = "/docker/1 (v2)",
                CpuQuotaCores = Reading.Of(1.5),
                Periods = Reading.Of((long)(10 * t)),
                ThrottledPeriods = Reading.Of((long)(5 * t)),
                ThrottledNanoseconds = Reading.Of((long)(t * 3e8)),
            }),
        };
        Finding finding = Assert.Single(Fold(3, Facts));
        Assert.Equal(Severity.Critical, finding.Severity);
        Assert.Contains("1.5 cores", finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 10, Severity.Critical)]
    [InlineData(40, 3, Severity.Warning)]
    public void Requests_that_fail_are_told_with_the_metric_that_counts_them(double perSecond, double failedPerSecond, Severity severity)
    {
        Finding finding = Assert.Single(Fold(2, t => Requests(t, perSecond, failedPerSecond)));
        Assert.Equal(("failed-requests", severity), (finding.Rule, finding.Severity));
        Assert.Contains("http_requests_total", finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 1)]
    [InlineData(0.5, 0.25)]
    public void A_failure_now_and_then_is_not(double perSecond, double failedPerSecond) => Assert.Empty(Fold(8, t => Requests(t, perSecond, failedPerSecond)));

    private static SampleFacts Requests(double t, double perSecond, double failedPerSecond) => new()
    {
        Service = Reading.Of(new ServiceCounters
        {
            // The page is read every five seconds.
            ReadAtNanoseconds = (long)(5 * t * 1e9),
            Http = Reading.Of(new RequestCounters { Metric = "http_requests_total", Total = (long)(1000 + 5 * t * perSecond), Failed = Reading.Of((long)(10 + 5 * t * failedPerSecond)) }),
        }),
    };

    [Fact]
    public void Waiting_for_locks_while_nothing_runs_is_no_progress() =>
        Assert.Contains(Fold(40, t => Stuck(t, schedulesPerSecond: 2)), f => f.Rule == "no-progress");

    [Fact]
    public void Waiting_for_locks_while_others_run_is_progress() =>
        Assert.DoesNotContain(Fold(40, t => Stuck(t, schedulesPerSecond: 5000)), f => f.Rule == "no-progress");

    [Fact]
    public void A_pile_up_of_senders_is_told_at_once()
    {
        Finding finding = Assert.Single(Fold(0, t => Goroutines(t, ("main.submit", "chan send", 300))));
        Assert.Equal("stuck-senders", finding.Rule);
        Assert.Contains("300 goroutines stuck in a channel send: main.submit", finding.Title, StringComparison.Ordinal);
        Assert.Contains("main.main (main.go:10)", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_goroutines_that_wait_minutes_for_a_lock_are_a_deadlock()
    {
        SampleFacts Facts(double t) => new() { Goroutines = Reading.Of(Samples.Goroutines(t, ("main.transfer", "sync.Mutex.Lock", 2, 200))) };
        Finding finding = Assert.Single(Fold(1, Facts));
        Assert.Equal(("stuck-lock", Severity.Critical), (finding.Rule, finding.Severity));
    }

    [Fact]
    public void Workers_that_wait_for_work_are_no_finding() =>
        Assert.Empty(Fold(1, t => new SampleFacts { Goroutines = Reading.Of(Samples.Goroutines(t, ("main.worker", "chan receive", 500, 3600), ("net.accept", "IO wait", 1, 3600))) }));

    [Fact]
    public void More_ps_than_allowed_cores_is_said_in_words()
    {
        Finding finding = Assert.Single(Fold(2, t => new SampleFacts
        {
            Process = Reading.Of(Samples.Process(0) with { AllowedCores = Reading.Of(CoreSet.Of([3])) }),
            Runtime = new RuntimeCounters { Gomaxprocs = Reading.Of(8) },
        }));
        Assert.Contains("GOMAXPROCS is 8 but only 1 core is allowed", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_facts_raise_nothing() => Assert.Empty(Fold(40, _ => SampleFacts.None));

    [Fact]
    public void A_target_of_which_nothing_can_be_read_is_not_called_well()
    {
        Finding finding = Assert.Single(new Derivation().Next(From(new SourceStatus("pprof", SourceState.Failed, "connection refused", 1), SampleFacts.None), 0).Findings);
        Assert.Equal(("nothing-read", Severity.Critical), (finding.Rule, finding.Severity));
        Assert.Contains("connection refused", finding.Detail, StringComparison.Ordinal);

        Assert.Empty(new Derivation().Next(From(new SourceStatus("pprof", SourceState.NotYet, null, null), SampleFacts.None), 0).Findings);
        Assert.Empty(new Derivation().Next(From(new SourceStatus("memory", SourceState.Denied, "ptrace_scope", 1), new SampleFacts { Process = Reading.Of(Samples.Process(1)) }), 0).Findings);

        static Sample From(SourceStatus status, SampleFacts facts) => Samples.At(0, facts) with { Sources = [status] };
    }

    private static SampleFacts Stuck(double t, double schedulesPerSecond) => Goroutines(t, ("main.worker", "sync.Mutex.Lock", 12)) with
    {
        Runtime = new RuntimeCounters { Procs = Reading.Of(ImmutableArray.Create(new ProcCounters(0, ProcStatus.Idle, 0, (long)(t * schedulesPerSecond)))) },
    };

    private static SampleFacts Gc(double t, double share) => new()
    {
        Runtime = new RuntimeCounters { GcCpuNanoseconds = Reading.Of((long)(t * 4 * share * 1e9)), Gomaxprocs = Reading.Of(4), GcCycles = Reading.Of((long)t) },
    };

    private static SampleFacts Goroutines(double t, params (string Start, string Reason, int Count)[] groups) => new()
    {
        Goroutines = Reading.Of(Samples.Goroutines(t, [.. groups.Select(g => (g.Start, g.Reason, g.Count, 0.0))])),
        Runtime = new RuntimeCounters { Goroutines = Reading.Of(groups.Sum(g => (long)g.Count)) },
    };

    private static ImmutableArray<Finding> Fold(int seconds, Func<double, SampleFacts> facts)
    {
        Derivation derivation = new();
        Observation? observation = null;
        for (int t = 0; t <= seconds; t++) observation = derivation.Next(Samples.At(t, facts(t)), 0);
        return observation!.Findings;
    }
}
