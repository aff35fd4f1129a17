using System.Collections.Immutable;
using System.Text;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class ViewBarTests
{
    private static readonly ImmutableArray<string> Views = ["groups", "goroutines", "diff", "creators", "ages", "labels", "waits"];

    [Fact]
    public void Where_not_all_fit_the_shown_one_and_those_around_it_do()
    {
        StringBuilder lines = new();
        foreach (int width in new[] { 60, 40, 24, 12, 3 })
        {
            for (int shown = 0; shown < Views.Length; shown += 3) lines.Append(Line(width, shown));
        }

        GoldenScreens.AssertSame("view-bar", lines.ToString());
    }

    [Fact]
    public void The_shown_one_stands_out()
    {
        Canvas canvas = Draw(80, 2);
        int at = " groups  goroutines  ".Length;
        Assert.NotEqual(canvas[at, 0].Style, canvas[1, 0].Style);
        Assert.Equal(canvas[at, 0].Style, canvas[at + 3, 0].Style);
    }

    private static string Line(int width, int shown) => Draw(width, shown).ToString();

    private static Canvas Draw(int width, int shown)
    {
        Canvas canvas = new(width, 1);
        ViewBar.Draw(Views, shown, new DrawContext(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode));
        return canvas;
    }
}
