using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class LeakSuspectsTests
{
    private static readonly ImmutableDictionary<GroupKey, GroupTrend> NoTrends = ImmutableDictionary<GroupKey, GroupTrend>.Empty;

    [Fact]
    public void Waiting_groups_that_grew_are_suspect_and_no_others()
    {
        ImmutableArray<LeakSuspect> suspects = LeakSuspects.Of(
            [Group("main.slow", 100), Group("main.steady", 50), Group("main.large", 10_000), Group("main.runs", 1, GoroutineState.Running)],
            [Group("main.slow", 160), Group("main.fresh", 30), Group("main.steady", 52), Group("main.large", 10_100), Group("main.runs", 90, GoroutineState.Running)],
            seconds: 120,
            NoTrends);
        // Of a large group a hundredth is noise.
        Assert.Equal([("main.slow", 60, 30.0), ("main.fresh", 30, 15.0)], suspects.Select(s => (s.Group.Key.StartFunction, s.Growth, s.PerMinute)));
        Assert.All(suspects, suspect => Assert.Equal(LeakSign.Growing, suspect.Sign));
    }

    [Fact]
    public void What_has_stopped_or_goes_back_is_told_from_what_still_grows()
    {
        GoroutineGroup grows = Group("main.grows", 100), stopped = Group("main.stopped", 500), back = Group("main.back", 900);
        ImmutableArray<LeakSuspect> suspects = LeakSuspects.Of(
            [], [back, stopped, grows], seconds: 600,
            NoTrends.Add(grows.Key, new GroupTrend(20, 120)).Add(stopped.Key, new GroupTrend(0, 120)).Add(back.Key, new GroupTrend(-50, 120)));
        Assert.Equal([LeakSign.Growing, LeakSign.StoppedGrowing, LeakSign.Shrinking], suspects.Select(s => s.Sign));
        Assert.Equal(["main.grows", "main.stopped", "main.back"], suspects.Select(s => s.Group.Key.StartFunction));
    }

    [Fact]
    public void Those_that_the_runtime_calls_leaked_come_first_however_few()
    {
        ImmutableArray<LeakSuspect> suspects = LeakSuspects.Of([Group("main.gone", 3, GoroutineState.Leaked)], [Group("main.grows", 100), Group("main.gone", 3, GoroutineState.Leaked)], 60, NoTrends);
        Assert.Equal([(LeakSign.Proven, 0), (LeakSign.Growing, 100)], suspects.Select(s => (s.Sign, s.Growth)));
    }

    [Fact]
    public void To_be_found_leaked_is_no_growth()
    {
        // 500 waited, then the runtime was asked; 40 came since.
        LeakSuspect suspect = Assert.Single(LeakSuspects.Of(
            [Group("main.gone", 500)], [Group("main.gone", 520, GoroutineState.Leaked), Group("main.gone", 20)], seconds: 60, NoTrends));
        Assert.Equal((LeakSign.Proven, 40, 40.0, 520), (suspect.Sign, suspect.Growth, suspect.PerMinute, suspect.Group.Count));
    }

    [Fact]
    public void Two_moments_that_are_one_have_no_slope() =>
        Assert.Equal(0, Assert.Single(LeakSuspects.Of([], [Group("main.a", 40)], 0, NoTrends)).PerMinute);

    private static GoroutineGroup Group(string start, int count, GoroutineState state = GoroutineState.Waiting) =>
        new(new GroupKey(new CodeLocation("main.main", "/src/main.go", 1), start, state, "chan send"), count, Reading.NotYet<double>(), Reading.NotYet<double>(), []);
}
