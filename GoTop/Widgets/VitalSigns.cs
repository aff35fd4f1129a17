using GoTop.Engine.Sampling;
using GoTop.Panes;

namespace GoTop.Widgets;

/// <summary>The line above every pane. Stands in until the real one is merged.</summary>
public static class VitalSigns
{
    public static void Draw(Observation? observation, bool paused, DrawContext context)
    {
        context.Surface.Fill(context.Theme.Header);
        context.Surface.Write(1, 0, observation?.Now.Target.Name ?? "GoTop: no reading yet", context.Theme.Header);
        if (paused) context.Surface.Write(context.Surface.Width - 8, 0, "PAUSED", context.Theme.Header);
    }
}
