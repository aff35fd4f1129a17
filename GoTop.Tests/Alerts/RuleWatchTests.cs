using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Alerts;

public sealed class RuleWatchTests
{
    private static readonly AlertRule Many = new()
    {
        Name = "many",
        Severity = Severity.Critical,
        Condition = new ThresholdCondition(SeriesCatalog.Goroutines, new Bound(Side.Above, 1000, 800)),
        For = TimeSpan.FromSeconds(30),
        ClearFor = TimeSpan.FromSeconds(20),
    };

    [Fact]
    public void It_is_pending_until_the_condition_has_held_for_long_enough()
    {
        Watching watching = new(Many);
        Assert.Empty(watching.Pass(TimeSpan.FromSeconds(5)));
        Assert.Equal((AlertPhase.Inactive, "100 is not above 1,000"), (watching.Status.Phase, watching.Status.Why));

        watching.Goroutines = Reading.Of(1500L);
        Assert.Empty(watching.Pass(TimeSpan.FromSeconds(30)));
        Assert.Equal((AlertPhase.Pending, "1,500 is above 1,000, for 29s of 30s"), (watching.Status.Phase, watching.Status.Why));
        Assert.Equal(watching.Now.AddSeconds(1), watching.Status.NextChance);

        AlertChange fired = Assert.Single(watching.Pass(TimeSpan.FromSeconds(10)));
        Assert.True(fired.IsFiring);
        Assert.Equal((1500.0, Severity.Critical, 1), (fired.Status.Value, fired.Severity, fired.Status.TimesFired));
        Assert.Equal(AlertPhase.Firing, watching.Status.Phase);
    }

    [Fact]
    public void One_value_that_is_well_begins_it_anew()
    {
        Watching watching = new(Many) { Goroutines = Reading.Of(1500L) };
        watching.Pass(TimeSpan.FromSeconds(29));
        watching.Goroutines = Reading.Of(700L);
        watching.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(AlertPhase.Inactive, watching.Status.Phase);
        watching.Goroutines = Reading.Of(1500L);
        Assert.Empty(watching.Pass(TimeSpan.FromSeconds(29)));
    }

    [Fact]
    public void Between_the_limit_and_where_it_ends_it_goes_on_firing()
    {
        Watching watching = new(Many) { Goroutines = Reading.Of(1500L) };
        AlertChange fired = Assert.Single(watching.Pass(TimeSpan.FromSeconds(40)));
        watching.Goroutines = Reading.Of(900L);
        Assert.Empty(watching.Pass(TimeSpan.FromMinutes(5)));
        Assert.Equal((AlertPhase.Firing, "900 is above 800, where it ends"), (watching.Status.Phase, watching.Status.Why));

        watching.Goroutines = Reading.Of(500L);
        Assert.Empty(watching.Pass(TimeSpan.FromSeconds(20)));
        Assert.Equal("500 is not above 800, for 19s of the 20s that resolve it", watching.Status.Why);
        AlertChange resolved = Assert.Single(watching.Pass(TimeSpan.FromSeconds(5)));
        Assert.Equal((AlertPhase.Resolved, fired.Id), (resolved.Status.Phase, resolved.Id));

        watching.Goroutines = Reading.Of(1500L);
        AlertChange again = Assert.Single(watching.Pass(TimeSpan.FromSeconds(40)));
        Assert.NotEqual(fired.Id, again.Id);
        Assert.Equal(2, again.Status.TimesFired);
    }

    [Fact]
    public void What_fires_and_cannot_be_read_any_more_is_given_up_after_minutes_and_not_before()
    {
        Watching watching = new(Many) { Goroutines = Reading.Of(1500L) };
        watching.Pass(TimeSpan.FromSeconds(40));
        watching.Goroutines = Reading.Denied<long>("another user's process");
        Assert.Empty(watching.Pass(TimeSpan.FromMinutes(4)));
        Assert.Equal((AlertPhase.Firing, "go.goroutines is not there: another user's process"), (watching.Status.Phase, watching.Status.Why));
        AlertChange resolved = Assert.Single(watching.Pass(TimeSpan.FromMinutes(2)));
        Assert.StartsWith("nothing is known of it any more", resolved.Status.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stale_value_is_no_value()
    {
        Watching watching = new(Many) { Goroutines = Reading.Of(1500L).AsStale("late") };
        Assert.Empty(watching.Pass(TimeSpan.FromMinutes(2)));
        Assert.Equal("go.goroutines is not there: late", watching.Status.Why);
    }

    [Fact]
    public void A_service_that_is_gone_is_told_unless_somebody_stopped_it()
    {
        AlertRule down = DefaultRules.All.Single(rule => rule.Name == "service-down");
        Watching watching = new(down);
        watching.Pass(TimeSpan.FromSeconds(3));
        Assert.Empty(watching.PassGone(TimeSpan.FromMinutes(10), "stopped by anna", onPurpose: true));
        Assert.Equal("it was stopped on purpose: stopped by anna", watching.Status.Why);
        AlertChange fired = Assert.Single(watching.PassGone(TimeSpan.FromSeconds(15), "exit code 2"));
        Assert.Equal((true, "exit code 2"), (fired.IsFiring, fired.Status.Why));
        Assert.False(Assert.Single(watching.Pass(TimeSpan.FromSeconds(2))).IsFiring);
    }

    [Fact]
    public void A_change_is_told_against_the_value_before_and_not_across_a_restart()
    {
        Watching watching = new(new AlertRule { Name = "doubled", Condition = new ChangeCondition(SeriesCatalog.Goroutines, new Bound(Side.Above, 100), TimeSpan.FromMinutes(5), IsPercent: true) });
        Assert.Empty(watching.Pass(TimeSpan.FromMinutes(4)));
        Assert.StartsWith("watched for 3m", watching.Status.Why, StringComparison.Ordinal);
        Assert.Empty(watching.Pass(TimeSpan.FromMinutes(4)));
        watching.Goroutines = Reading.Of(250L);
        AlertChange fired = Assert.Single(watching.Pass(TimeSpan.FromSeconds(10)));
        Assert.Equal(150, fired.Status.Value);
        Assert.Contains("100 became 250", fired.Status.Why, StringComparison.Ordinal);

        Watching restarted = new(new AlertRule { Name = "doubled", Condition = new ChangeCondition(SeriesCatalog.Goroutines, new Bound(Side.Above, 100), TimeSpan.FromMinutes(5), IsPercent: true) });
        restarted.Pass(TimeSpan.FromMinutes(8));
        (restarted.Process, restarted.Goroutines) = (new ProcessKey(43, 2), Reading.Of(250L));
        Assert.Empty(restarted.Pass(TimeSpan.FromMinutes(8)));
    }

    [Fact]
    public void A_figure_that_is_missing_is_told_while_the_target_is_there()
    {
        Watching watching = new(new AlertRule { Name = "blind", Condition = new AbsenceCondition(SeriesCatalog.Goroutines, TimeSpan.FromMinutes(1)) });
        watching.Pass(TimeSpan.FromSeconds(10));
        watching.Goroutines = Reading.Failed<long>("the page has no answer");
        Assert.Empty(watching.Pass(TimeSpan.FromSeconds(60)));
        Assert.True(Assert.Single(watching.Pass(TimeSpan.FromSeconds(5))).IsFiring);
        Assert.Equal("go.goroutines has been missing for 1m04s: the page has no answer", watching.Status.Why);

        Watching gone = new(new AlertRule { Name = "blind", Condition = new AbsenceCondition(SeriesCatalog.Goroutines, TimeSpan.FromMinutes(1)) });
        Assert.Empty(gone.PassGone(TimeSpan.FromMinutes(5), "exit code 0"));
    }

    [Fact]
    public void A_finding_is_told_with_its_evidence()
    {
        AlertEngine engine = new([new AlertRule { Name = "leaks", Condition = new FindingCondition("goroutine-leak", Severity.Notice) }], TimeZoneInfo.Utc);
        AlertChange fired = Assert.Single(engine.Look(Watching.Target, AlertMoment.Of(Observations.Leak)));
        Finding leak = Observations.Leak.Findings.Single(finding => finding.Rule == "goroutine-leak");
        Assert.Equal($"{leak.Title}: {leak.Detail}", fired.Status.Why);
    }

    [Fact]
    public void Log_lines_that_pass_a_filter_are_told_by_their_rate()
    {
        Assert.True(LogFilter.TryParse("level>=error", out LogFilter? filter, out _));
        AlertEngine engine = new([new AlertRule { Name = "errors", Condition = new LogRateCondition(filter, new Bound(Side.Above, 10)) }], TimeZoneInfo.Utc);
        Assert.Empty(engine.Look(Watching.Target, AlertMoment.Of(Rated("level>=error", 4))));
        Assert.Equal("4 a minute is not above 10 a minute", engine.Status.Single().Why);
        Assert.Equal("42 a minute is above 10 a minute", Assert.Single(engine.Look(Watching.Target, AlertMoment.Of(Rated("level>=error", 42)))).Status.Why);

        AlertEngine other = new([new AlertRule { Name = "errors", Condition = new LogRateCondition(filter, new Bound(Side.Above, 10)) }], TimeZoneInfo.Utc);
        Assert.Empty(other.Look(Watching.Target, AlertMoment.Of(Rated("level>=warn", 42))));
        Assert.Equal("its log is not counted by this filter", other.Status.Single().Why);

        static Observation Rated(string text, double perMinute) => Observations.Healthy with
        {
            Now = Observations.Healthy.Now with
            {
                Log = Observations.Healthy.Now.Log with { Matches = Reading.Of<ImmutableArray<FilterFigure>>([new FilterFigure(text, Reading.Of(perMinute))]) },
            },
        };
    }

    [Theory]
    [InlineData("order-*", null, true)]
    [InlineData("pay-*", null, false)]
    [InlineData(null, "production", true)]
    [InlineData(null, "test", false)]
    public void It_watches_the_targets_that_it_names(string? pattern, string? stage, bool expected) => Assert.Equal(
        expected,
        (Many with
        {
            Targets = pattern is null ? [] : [pattern],
            Labels = stage is null ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add("stage", stage),
        }).Watches(Watching.Target));

    [Fact]
    public void The_usual_rules_have_names_of_their_own_and_leave_a_healthy_service_alone()
    {
        Assert.Distinct(DefaultRules.All.Select(rule => rule.Name));
        Watching watching = new([.. DefaultRules.All]);
        Assert.Empty(watching.Pass(TimeSpan.FromMinutes(20)));
        Assert.All(watching.All, status => Assert.NotEqual(default, status.At));
    }
}
