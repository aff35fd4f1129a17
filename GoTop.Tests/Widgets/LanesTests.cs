using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class LanesTests
{
    [Fact]
    public void Lanes_share_an_axis_with_round_marks_and_are_filled_by_kind_and_share()
    {
        LanePart[] busy = [.. Enumerable.Range(0, 60).Select(i => new LanePart(LaneKind.Running, i / 59.0))];
        LanePart[] mixed = [.. Enumerable.Range(0, 60).Select(i => new LanePart((LaneKind)(i / 12), 0.2 + (i % 12 / 15.0)))];
        LanesView view = new([new("P0", "50.0%", busy), new("P1", "40.0%", mixed)], 1.2e9)
        {
            Pinned = [new("GC", "", mixed)],
            Cursor = 30,
        };
        foreach ((GlyphSet glyphs, string name) in new[] { (GlyphSet.Unicode, "lanes"), (GlyphSet.Ascii, "lanes-ascii") })
        {
            Canvas canvas = new(72, 4);
            Lanes.Draw(view, Context(canvas) with { Glyphs = glyphs });
            GoldenScreens.AssertSame(name, canvas.ToString());
        }
    }

    [Fact]
    public void Lanes_scroll_below_those_that_are_pinned()
    {
        LanesView view = new([.. Enumerable.Range(0, 20).Select(i => new Lane($"P{i}", "", new LanePart[4]))], 1000) { Pinned = [new("GC", "", new LanePart[4])], Top = 17 };
        Canvas canvas = new(40, 5);
        Lanes.Draw(view, Context(canvas));
        Assert.Equal(["GC", "P17", "P18", "P19"], canvas.ToString().Split('\n').Take(4).Select(line => line.Trim()));
        Assert.Equal(3, Lanes.Rows(5, 1));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1.1, 2)]
    [InlineData(30_000_000, 50_000_000)]
    [InlineData(510_000_000, 1_000_000_000)]
    [InlineData(0, 1)]
    public void The_marks_of_the_axis_are_round(double least, double step) => Assert.Equal(step, Lanes.Step(least), 3);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 2)]
    [InlineData(13, 1)]
    [InlineData(14, 2)]
    public void No_place_is_too_small(int width, int height)
    {
        Canvas canvas = new(width, height);
        Lanes.Draw(new LanesView([new("P0", "1%", new LanePart[100])], 1e9) { Cursor = 99 }, Context(canvas));
        Assert.Equal(height, canvas.Height);
    }

    private static DrawContext Context(Canvas canvas) => new(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode);
}
