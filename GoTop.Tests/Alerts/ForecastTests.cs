using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Xunit;

namespace GoTop.Tests.Alerts;

public sealed class ForecastTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private static readonly AlertRule Rule = new()
    {
        Name = "heap",
        For = TimeSpan.FromMinutes(5),
        Condition = new ForecastCondition(SeriesCatalog.HeapLive, new Goal(FigureCatalog.Find("go.memoryLimitBytes")!), TimeSpan.FromHours(3), TimeSpan.FromMinutes(45)),
    };

    /// <summary>Marked bytes, and the garbage of a GC cycle of 40 s on top.</summary>
    private static Reading<long> Teeth(DateTimeOffset now, double marked) =>
        Reading.Of((long)(marked * (1 + ((now.Ticks / (double)TimeSpan.TicksPerSecond % 40) / 40))));

    [Fact]
    public void A_leak_under_the_teeth_of_the_heap_is_told_more_than_two_hours_before()
    {
        const double Start = 200 << 20, Limit = 1 << 30;
        Watching watching = new(Rule);
        DateTimeOffset begin = watching.Now;
        double perHour = (Limit - Start) / 3;
        List<AlertChange> changes = watching.Pass(TimeSpan.FromHours(2), Step, w => w.HeapLive = Teeth(w.Now, Start + (perHour * (w.Now - begin).TotalHours)));
        AlertChange fired = Assert.Single(changes);
        Assert.InRange(fired.Status.FiredAt!.Value - begin, TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(55));
        Assert.Contains("growing by", fired.Status.Why, StringComparison.Ordinal);
        Assert.Contains("reaches 1.0 GiB in 2h", fired.Status.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_teeth_nor_noise_nor_a_step_is_a_way_to_the_limit()
    {
        Random random = new(7);
        Watching watching = new(Rule);
        DateTimeOffset begin = watching.Now;
        Assert.Empty(watching.Pass(TimeSpan.FromHours(4), Step, w => w.HeapLive = Teeth(w.Now, (200 << 20) * (1 + (0.1 * random.NextDouble())))));
        Assert.Contains("no steady way", watching.Status.Why, StringComparison.Ordinal);
        Assert.Empty(watching.Pass(TimeSpan.FromHours(2), Step, w => w.HeapLive = Teeth(w.Now, (400 << 20) * (1 + (0.1 * random.NextDouble())))));
        Assert.True(begin < watching.Now);
    }

    [Fact]
    public void A_daily_shape_is_no_leak()
    {
        Watching watching = new(Rule);
        Assert.Empty(watching.Pass(
            TimeSpan.FromHours(24), TimeSpan.FromSeconds(10), w => w.HeapLive = Teeth(w.Now, (300 << 20) * (1 - (0.5 * Math.Cos(w.Now.TimeOfDay.TotalHours / 24 * 2 * Math.PI))))));
    }

    [Fact]
    public void It_is_over_when_the_growth_is()
    {
        Watching watching = new(Rule);
        DateTimeOffset begin = watching.Now;
        watching.Pass(TimeSpan.FromHours(1.5), Step, w => w.HeapLive = Reading.Of((200L << 20) + (long)(300e6 * (w.Now - begin).TotalHours)));
        Assert.Equal(AlertPhase.Firing, watching.Status.Phase);
        Assert.False(Assert.Single(watching.Pass(TimeSpan.FromHours(1), Step)).IsFiring);
    }

    [Fact]
    public void Without_a_limit_nothing_is_foretold()
    {
        Watching watching = new(Rule) { MemoryLimit = Reading.Of(long.MaxValue) };
        watching.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("go.memoryLimitBytes is not there: GOMEMLIMIT is not set", watching.Status.Why);
    }

    [Fact]
    public void What_falls_is_foretold_as_well()
    {
        Watching watching = new(new AlertRule
        {
            Name = "gone",
            Condition = new ForecastCondition(SeriesCatalog.Goroutines, new Goal(0), TimeSpan.FromHours(1), TimeSpan.FromMinutes(10)),
        });
        DateTimeOffset begin = watching.Now;
        AlertChange fired = Assert.Single(watching.Pass(TimeSpan.FromMinutes(30), Step, w => w.Goroutines = Reading.Of((long)(6000 - (100 * (w.Now - begin).TotalMinutes)))));
        Assert.Contains("falling by 6,000 an hour", fired.Status.Why, StringComparison.Ordinal);
    }
}
