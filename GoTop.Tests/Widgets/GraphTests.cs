using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class GraphTests
{
    private const double Gap = double.NaN;

    [Theory]
    [InlineData(Unit.PerSecond, new[] { 0, 1, Gap, 4, 8 }, "▁▂ ▅█")]
    [InlineData(Unit.Count, new[] { 100.0, 110, 120, 200 }, "▁▂▂█")]
    [InlineData(Unit.Bytes, new[] { 1000.0, 1001, 1000 }, "▁▁▁")]
    [InlineData(Unit.Percent, new[] { Gap, Gap }, "")]
    public void A_sparkline_shows_the_course_and_leaves_gaps_empty(Unit unit, double[] values, string expected)
    {
        Canvas canvas = new(10, 1);
        Sparkline.Draw(Context(canvas), 0, 0, values.Length, values, unit);
        Assert.Equal(expected, canvas.ToString().TrimEnd('\n'));
    }

    [Fact]
    public void A_sparkline_too_narrow_for_all_shows_the_newest_at_the_right()
    {
        Canvas canvas = new(3, 1);
        Sparkline.Draw(Context(canvas), 0, 0, 3, [9, 9, 9, 0, 4, 8], Unit.PerSecond);
        Assert.Equal("▁▅█\n", canvas.ToString());
    }

    [Fact]
    public void Curves_have_axes_with_units_a_legend_and_gaps()
    {
        double[] rising = [.. Enumerable.Range(0, 60).Select(i => i is > 20 and < 30 ? Gap : i * 10.0 * 1024 * 1024)];
        double[] flat = [.. Enumerable.Repeat(400.0 * 1024 * 1024, 60)];
        CurveView view = new(Unit.Bytes, [new("live", rising), new("goal", flat, CurveColor.Second)], 1);
        foreach ((GlyphSet glyphs, string name) in new[] { (GlyphSet.Unicode, "curve"), (GlyphSet.Ascii, "curve-ascii") })
        {
            Canvas canvas = new(50, 10);
            BrailleCurve.Draw(view, Context(canvas) with { Glyphs = glyphs });
            GoldenScreens.AssertSame(name, canvas.ToString());
        }
    }

    [Fact]
    public void A_limit_far_above_is_named_but_does_not_flatten_the_curve()
    {
        CurveView view = new(Unit.Bytes, [new("live", new double[] { 1 << 20, 2 << 20 }), new("limit", new double[] { 8L << 30, 8L << 30 }, CurveColor.Third) { IsLimit = true }], 1);
        Canvas canvas = new(60, 8);
        BrailleCurve.Draw(view, Context(canvas));
        Assert.Contains("limit 8.0 GiB (above)", canvas.ToString(), StringComparison.Ordinal);
        Assert.Contains("2.0 MiB", canvas.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, Unit.Count, 1)]
    [InlineData(351, Unit.Percent, 400)]
    [InlineData(5_637, Unit.Count, 6_000)]
    [InlineData(523.0 * 1024 * 1024, Unit.Bytes, 600.0 * 1024 * 1024)]
    [InlineData(900.0 * 1024 * 1024, Unit.Bytes, 1024.0 * 1024 * 1024)]
    [InlineData(33_554_432, Unit.Nanoseconds, 40_000_000)]
    [InlineData(0.02, Unit.PerSecond, 0.02)]
    public void The_axis_ends_at_a_round_value_that_holds_the_highest(double highest, Unit unit, double top) =>
        Assert.Equal(top, BrailleCurve.NiceTop(highest, unit), 6);

    [Fact]
    public void Stacked_parts_are_never_longer_than_the_bar()
    {
        Canvas canvas = new(12, 1);
        BarPart[] parts = [new(0.5, default, 'u'), new(0.25, default, 's'), new(0.9, default, 'w')];
        Bar.DrawStacked(Context(canvas), 0, 0, 8, parts, '.');
        Assert.Equal("uuuussww\n", canvas.ToString());
    }

    [Fact]
    public void A_histogram_divides_by_one_two_five_and_shows_empty_buckets_between()
    {
        ImmutableArray<DurationBucket> buckets = Histogram.Of([90_000, 150_000, 150_001, 1_200_000]);
        Assert.Equal(
            [(50_000, 100_000, 1), (100_000, 200_000, 2), (200_000, 500_000, 0), (500_000, 1_000_000, 0), (1_000_000, 2_000_000, 1)],
            buckets.Select(bucket => (bucket.FromNanoseconds, bucket.ToNanoseconds, bucket.Count)));
        Assert.Equal(4, Histogram.Of(new TimeHistogram([0, 1024, 8192], [1, 3, 0])).Sum(bucket => bucket.Count));
        Assert.Empty(Histogram.Of([]));
    }

    [Fact]
    public void A_logarithmic_histogram_lets_the_few_be_seen_beside_the_many()
    {
        ImmutableArray<DurationBucket> buckets = Histogram.Of(new TimeHistogram([1_000, 2_000, 5_000], [999_999, 999, 0]));
        Canvas canvas = new(60, 2);
        Histogram.Draw(buckets, Context(canvas), logarithmic: true);
        int[] bars = [.. canvas.ToString().Split('\n').Take(2).Select(line => line.Count(glyph => glyph == '█'))];
        Assert.Equal((34, 17), (bars[0], bars[1]));
        Assert.Contains("999,999 ", canvas.ToString(), StringComparison.Ordinal);
    }

    private static DrawContext Context(Canvas canvas) => new(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode);
}
