using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;
using GoTop.Widgets;

namespace GoTop.Cli;

/// <summary>The first pane as plain text, for pipes, files and terminals that cannot do more.</summary>
internal static class BatchFrame
{
    public const int DefaultWidth = 120;
    private const int Height = 60;

    public static string Draw(Observation observation, int width)
    {
        Canvas canvas = new(width, Height);
        // Plain ASCII: where this goes is unknown.
        DrawContext Part(int top, int height) => new(canvas.All.Slice(0, top, width, height), Theme.Monochrome, GlyphSet.Ascii);
        VitalSigns.Draw(observation, Marks.None, paused: false, Part(0, 1));
        PaneCatalog.All[0].Draw(new PaneInput(observation, PaneState.Initial, AppFacts.Empty, width, Height - 1), Part(1, Height - 1));
        return canvas.ToString().TrimEnd('\n') + "\n";
    }
}
