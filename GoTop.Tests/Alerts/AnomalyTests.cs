using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Xunit;

namespace GoTop.Tests.Alerts;

public sealed class AnomalyTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private readonly Random _random = new(11);

    private static AlertRule Rule(AnomalySides sides = AnomalySides.Both) => new()
    {
        Name = "unusual",
        For = TimeSpan.FromMinutes(10),
        ClearFor = TimeSpan.FromMinutes(5),
        Condition = new AnomalyCondition(SeriesCatalog.Goroutines, sides),
    };

    /// <summary>Between 500 at night and 1,500 by day, with noise of 5 %; half of it on Saturdays and Sundays.</summary>
    private double Load(DateTimeOffset now)
    {
        double week = now.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.5 : 1;
        return week * (1000 - (500 * Math.Cos(now.TimeOfDay.TotalHours / 24 * 2 * Math.PI))) * (0.95 + (0.1 * _random.NextDouble()));
    }

    private void Usual(Watching watching) => watching.Goroutines = Reading.Of((long)Load(watching.Now));

    [Fact]
    public void The_daily_shape_is_learnt_and_what_leaves_it_is_told_with_what_is_usual()
    {
        Watching watching = new(Rule());
        watching.Pass(TimeSpan.FromDays(2), Step, Usual);
        Assert.Equal(AlertPhase.Inactive, watching.Status.Phase);
        Assert.StartsWith("learning: 2 of 3 working days known", watching.Status.Why, StringComparison.Ordinal);
        Assert.Empty(watching.Pass(TimeSpan.FromDays(2.5), Step, Usual));

        AlertChange fired = Assert.Single(watching.Pass(TimeSpan.FromHours(1), Step, w => w.Goroutines = Reading.Of((long)(Load(w.Now) * 2))));
        Assert.InRange(watching.Now - fired.Status.FiredAt!.Value, TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(50));
        Assert.Matches(@"^(2,9|3,0)\d\d on the mean of 5 minutes; usual at this time is 1,[45]\d\d ± \d+ \(by 4 days like this\)$", fired.Status.Why);
        Assert.False(Assert.Single(watching.Pass(TimeSpan.FromHours(1), Step, Usual)).IsFiring);
    }

    [Fact]
    public void Weeks_have_a_shape_too()
    {
        Watching watching = new(Rule());
        Assert.Empty(watching.Pass(TimeSpan.FromDays(5.5), Step, Usual));
        Assert.StartsWith("learning: 0 of 2 weekend days known", watching.Status.Why, StringComparison.Ordinal);
        Assert.Empty(watching.Pass(TimeSpan.FromDays(14), Step, Usual));
    }

    /// <summary>People begin to work at nine by the clock on their wall, and in summer that is another hour of UTC.</summary>
    [Fact]
    public void The_shape_of_a_day_goes_by_local_time_also_when_summer_time_begins()
    {
        TimeZoneInfo.AdjustmentRule summer = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday), TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday));
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("here", TimeSpan.FromHours(1), "here", "here", "here in summer", [summer]);
        Watching watching = new(zone, Rule());
        void Served(Watching w)
        {
            DateTimeOffset local = TimeZoneInfo.ConvertTime(w.Now, zone);
            double load = local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || local.Hour is < 9 or >= 17 ? 200 : 2000;
            w.Goroutines = Reading.Of((long)(load * (0.95 + (0.1 * _random.NextDouble()))));
        }

        // From Monday the second of March on; summer time begins on the 29th.
        Assert.Empty(watching.Pass(TimeSpan.FromDays(35), TimeSpan.FromMinutes(1), Served));
        // By UTC the first working day of summer begins an hour too early.
        AlertChange mistaken = new Watching(TimeZoneInfo.Utc, Rule()).Pass(TimeSpan.FromDays(35), TimeSpan.FromMinutes(1), Served)[0];
        Assert.Equal(new DateTime(2026, 3, 30), mistaken.Status.FiredAt!.Value.Date);
    }

    [Fact]
    public void More_requests_explain_more_of_everything()
    {
        Watching watching = new(Rule());
        void Served(Watching w, double times)
        {
            double load = Load(w.Now) * times;
            (w.Goroutines, w.Requests) = (Reading.Of((long)load), Reading.Of(load / 10));
        }

        watching.Pass(TimeSpan.FromDays(4.5), Step, w => Served(w, 1));
        Assert.Empty(watching.Pass(TimeSpan.FromHours(1), Step, w => Served(w, 2.5)));
        Assert.EndsWith("the number of requests explains it: for each it is as usual", watching.Status.Why, StringComparison.Ordinal);
        Assert.Single(watching.Pass(TimeSpan.FromHours(1), Step, w =>
        {
            Served(w, 1);
            w.Goroutines = Reading.Of(w.Goroutines.Value * 3);
        }));
    }

    [Fact]
    public void A_deployment_is_neither_judged_nor_learnt_from_for_a_while()
    {
        Watching watching = new(Rule());
        watching.Pass(TimeSpan.FromDays(4.5), Step, Usual);
        (watching.Process, watching.Version) = (new ProcessKey(43, 2), "v1.1.0");
        Assert.Empty(watching.Pass(TimeSpan.FromMinutes(14), Step, w => w.Goroutines = Reading.Of(5L)));
        Assert.Equal("another version was deployed a short time ago: not judged", watching.Status.Why);
        Assert.Empty(watching.Pass(TimeSpan.FromHours(10), Step, Usual));
    }

    [Fact]
    public void One_side_may_be_watched_alone()
    {
        Watching watching = new(Rule(AnomalySides.Low));
        watching.Pass(TimeSpan.FromDays(4.5), Step, Usual);
        Assert.Empty(watching.Pass(TimeSpan.FromHours(1), Step, w => w.Goroutines = Reading.Of((long)(Load(w.Now) * 3))));
        Assert.Single(watching.Pass(TimeSpan.FromHours(1), Step, w => w.Goroutines = Reading.Of(20L)));
    }
}
