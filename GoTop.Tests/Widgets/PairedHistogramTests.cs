using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class PairedHistogramTests
{
    [Fact]
    public void Both_sides_stand_on_one_axis_with_the_gap_between_them()
    {
        HistogramSide left = new("left", Histogram.Of((ReadOnlySpan<long>)[1_500, 1_600, 3_000])), right = new("right", Histogram.Of((ReadOnlySpan<long>)[60_000]));
        string[] lines = Lines(left, right, 12);
        Assert.Equal(7, PairedHistogram.Rows(left, right));
        Assert.Matches(@"1\.0 µs – 2\.0 µs\s+2 █+\s+·", lines[1]);
        Assert.Matches(@"2\.0 µs – 5\.0 µs\s+1 █+\s+·", lines[2]);
        Assert.Matches(@"10\.0 µs – 20\.0 µs\s+·\s+·|10\.0 µs – 20\.0 µs\s*$", lines[4]);
        Assert.Matches(@"50\.0 µs – 100 µs.* 1 █+", lines[6]);
    }

    [Fact]
    public void Where_not_all_fit_the_many_and_the_longest_are_shown()
    {
        HistogramSide left = new("left", Histogram.Of([.. Enumerable.Repeat(1_500L, 900), .. Enumerable.Repeat(3_000L, 800), 60_000])), right = new("right", Histogram.Of((ReadOnlySpan<long>)[60_000]));
        string[] lines = Lines(left, right, 5);
        Assert.StartsWith("1.0 µs – 2.0 µs  900", lines[1].TrimStart(), StringComparison.Ordinal);
        Assert.StartsWith("2.0 µs – 5.0 µs  800", lines[2].TrimStart(), StringComparison.Ordinal);
        Assert.StartsWith("20.0 µs – 100 µs    1", lines[4].TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_short_to_be_told_reaches_up_to_the_first_that_is_not()
    {
        HistogramSide left = new("left", Histogram.Of((ReadOnlySpan<long>)[0, 0, 1_500])), right = new("right", []);
        Assert.StartsWith("0 ns – 1.0 µs", Lines(left, right, 8)[1].TrimStart(), StringComparison.Ordinal);
        Assert.Equal(3, PairedHistogram.Rows(left, right));
    }

    private static string[] Lines(HistogramSide left, HistogramSide right, int height)
    {
        Canvas canvas = new(70, height);
        PairedHistogram.Draw(left, right, new DrawContext(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode));
        return canvas.ToString().Split('\n');
    }
}
