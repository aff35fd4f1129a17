using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

internal static class TimelineDrawing
{
    private static readonly (LaneKind Kind, string Name)[] Legend =
        [(LaneKind.Running, "Go code"), (LaneKind.Collecting, "GC"), (LaneKind.Syscall, "syscall"), (LaneKind.Stopped, "world stopped")];

    /// <summary>With rule and head.</summary>
    private const int LeastTable = 4;

    public static void Draw(TimelinePart timeline, DrawContext context)
    {
        DrawContext inside = Box.Ruled(context, "Ps over the trace");
        DrawLegend(context);
        inside.Write(0, 0, timeline.Readout + (timeline.Omitted.Length > 0 ? $"; {timeline.Omitted}" : ""), Tone.Normal);
        int width = inside.Surface.Width, height = inside.Surface.Height - 1;
        int lanes = Math.Min(height, timeline.Lanes.Lanes.Length + TimelinePart.Pinned + Lanes.AxisRows);
        Lanes.Draw(timeline.Lanes, inside.Slice(0, 1, width, lanes));
        if (height - lanes > LeastTable && timeline.Procs.RowCount > 0) Table.Draw(timeline.Procs, Box.Ruled(inside.Slice(0, 1 + lanes, width, height - lanes), "Each P over the whole trace"));
    }

    /// <summary>At the right of the rule.</summary>
    public static void DrawLegend(DrawContext context)
    {
        int x = context.Surface.Width - Legend.Sum(entry => entry.Name.Length + 4) - 1;
        if (x < 24) return;
        foreach ((LaneKind kind, string name) in Legend)
        {
            context.Write(x, 0, " ", Tone.Dim);
            Lanes.DrawSwatch(context, x + 1, 0, kind);
            x = context.Write(x + 2, 0, $" {name} ", Tone.Dim);
        }
    }
}
