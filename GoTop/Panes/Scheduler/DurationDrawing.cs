using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>A titled histogram of durations.</summary>
internal static class DurationDrawing
{
    public static void Draw(DurationPanel panel, DrawContext context, bool framed)
    {
        if (context.Surface.Height < 2) return;
        DrawContext inside = Box.Draw(context, framed, panel.Title);
        int width = inside.Surface.Width, height = inside.Surface.Height, y = 0;
        // What they come to is a line of its own: beside the title there is rarely room for it.
        if (panel.Right is { } right) inside.Write(0, y++, right, Tone.Dim);
        if (panel.Note is { } note && y < height)
            y += inside.WriteWrapped(0, y, width, Math.Min(panel.Buckets.IsEmpty ? 4 : 2, height - y), note, inside.Theme.Style(panel.Buckets.IsEmpty ? Tone.Dim : Tone.Warning));
        Histogram.Draw(panel.Buckets, inside.Slice(0, y, width, height - y), logarithmic: true);
    }
}
