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
    public void Moments_are_shown_in_the_zone_of_the_context()
    {
        Canvas canvas = new(80, 1);
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), "test", "test");
        VitalSigns.Draw(Observations.Leak, false, new DrawContext(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode) { TimeZone = zone });
        Assert.EndsWith("11:28:09\n", canvas.ToString(), StringComparison.Ordinal);
    }

    private static string Line(Observation? observation, bool paused, int width)
    {
        Canvas canvas = new(width, 1);
        VitalSigns.Draw(observation, paused, new DrawContext(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode));
        return canvas.ToString();
    }
}
