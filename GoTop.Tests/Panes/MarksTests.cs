using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class MarksTests
{
    private readonly Derivation _derivation = new();

    [Fact]
    public void One_mark_is_compared_with_what_is_shown_and_two_with_one_another()
    {
        Observation[] ticks = [.. Enumerable.Range(0, 4).Select(Tick)];
        Assert.Null(Marks.None.Compare(ticks[0]));
        Marks one = Marks.None.With(ticks[1]);
        Comparison compared = one.Compare(ticks[3])!;
        Assert.Equal((2, 4), (compared.Then.Tick, compared.Now.Tick));
        Assert.Equal(2, compared.Seconds);
        Marks two = one.With(ticks[2]);
        compared = two.Compare(ticks[0])!;
        Assert.Equal((2, 3), (compared.Then.Tick, compared.Now.Tick));
    }

    [Fact]
    public void The_earlier_moment_is_the_one_compared_against()
    {
        Observation[] ticks = [.. Enumerable.Range(0, 3).Select(Tick)];
        Comparison compared = Marks.None.With(ticks[2]).Compare(ticks[0])!;
        Assert.Equal((1, 3), (compared.Then.Tick, compared.Now.Tick));
        compared = Marks.None.With(ticks[2]).With(ticks[1]).Compare(null)!;
        Assert.Equal((2, 3), (compared.Then.Tick, compared.Now.Tick));
    }

    [Fact]
    public void A_third_mark_starts_over()
    {
        Observation[] ticks = [.. Enumerable.Range(0, 3).Select(Tick)];
        Marks marks = Marks.None.With(ticks[0]).With(ticks[1]).With(ticks[2]);
        Assert.Equal(3, marks.First!.Tick);
        Assert.Null(marks.Second);
        Assert.True(marks.EndWith(ticks[2]));
        Assert.False(marks.EndWith(ticks[1]));
    }

    [Fact]
    public void A_marked_moment_keeps_its_groups_and_not_its_single_goroutines()
    {
        Observation marked = Marks.None.With(Tick(0)).First!;
        Assert.Equal(100, Assert.Single(marked.Now.Groups.Value).Count);
        Assert.False(marked.Now.Facts.Goroutines.HasValue);
    }

    private Observation Tick(int tick) =>
        _derivation.Next(Samples.At(tick, new SampleFacts { Goroutines = Reading.Of(Samples.Goroutines(tick, ("main.work", "select", 100, 0))) }), 0);
}
