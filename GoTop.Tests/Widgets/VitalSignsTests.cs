using System.Text;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class VitalSignsTests
{
    [Fact]
    public void The_line_keeps_what_matters_at_every_width()
    {
        StringBuilder lines = new();
        foreach (int width in new[] { 10, 20, 40, 60, 80, 100, 120, 160, 200 })
        {
            lines.Append(Line(Observations.Leak, false, width));
            lines.Append(Line(Observations.Leak, true, width));
        }

        lines.Append(Line(Observations.Denied, false, 120)).Append(Line(Observations.AllMissing, false, 120))
            .Append(Line(Observations.Ended, false, 120)).Append(Line(null, true, 120)).Append(Line(Observations.Healthy, false, 120));
        GoldenScreens.AssertSame("vital-signs", lines.ToString());
    }

    [Fact]
    public void Marked_moments_stand_in_the_line()
    {
        Observation later = Observations.Leak with { Now = Observations.Leak.Now with { MonotonicNanoseconds = Observations.Leak.Now.MonotonicNanoseconds + 302_000_000_000 } };
        Marks one = Marks.None.With(Observations.Leak), two = one.With(later);
        Observation shown = later with { Now = later.Now with { MonotonicNanoseconds = later.Now.MonotonicNanoseconds + 8_000_000_000 } };
        Assert.Contains(" MARK 5m02s ago ", Line(later, false, 120, one), StringComparison.Ordinal);
        Assert.Contains(" MARK 5m02s ", Line(later, true, 80, one), StringComparison.Ordinal);
        Assert.Contains(" MARKS 5m10s ago, 8s ago ", Line(shown, false, 120, two), StringComparison.Ordinal);
        Assert.Contains(" MARKS 0.0s, in 5m02s ", Line(Observations.Leak, false, 80, two), StringComparison.Ordinal);
        Assert.DoesNotContain("MARK", Line(later, false, 120), StringComparison.Ordinal);
    }

    [Fact]
    public void Moments_are_shown_in_the_zone_of_the_context()
    {
        Canvas canvas = new(80, 1);
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), "test", "test");
        VitalSigns.Draw(Observations.Leak, Marks.None, false, new DrawContext(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode) { TimeZone = zone });
        Assert.EndsWith("11:28:09\n", canvas.ToString(), StringComparison.Ordinal);
    }

    private static string Line(Observation? observation, bool paused, int width, Marks? marks = null)
    {
        Canvas canvas = new(width, 1);
        VitalSigns.Draw(observation, marks ?? Marks.None, paused, new DrawContext(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode));
        return canvas.ToString();
    }
}
