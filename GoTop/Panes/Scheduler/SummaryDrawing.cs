using GoTop.Engine.Analysis.Traces;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>The overview where there is a trace: what it says, then the figures around it.</summary>
internal static class SummaryDrawing
{
    private const int SubjectWidth = 10;
    private const int YesWidth = 4;
    private const int TallestLanes = 16;
    private const int VerdictRows = 6;

    /// <summary>Of Ps, in the overview; 0 where there is no room for lanes.</summary>
    public static int LaneRows(PaneInput input, TraceReport report) =>
        IsRoomy(input.Width, SchedulerViews.Rows(input)) ? Math.Min(TallestLanes, report.Timeline.Procs.Length) : 0;

    public static int LaneColumns(int width) => width - 4;

    public static void Draw(TraceSummary summary, SchedulerView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        bool roomy = IsRoomy(width, height);
        int y = context.WriteWrapped(0, 0, width, roomy ? VerdictRows : Math.Clamp(height / 6, 1, VerdictRows), summary.Verdict, context.Theme.Text);
        if (roomy) y++;
        y += DrawAnswers(summary, context.Slice(0, y, width, height - y), roomy || height >= 16 ? 2 : 1);
        DrawContext below = context.Slice(0, y, width, height - y);
        height = below.Surface.Height;
        if (width < 60 || height < 4) return;
        int lanes = summary.Timeline is { } timeline ? Math.Min(height / 3, timeline.Lanes.Lanes.Length + TimelinePart.Pinned + Lanes.AxisRows + Box.Rows(true)) : 0;
        DrawFigures(summary, view, below.Slice(0, 0, width, height - lanes), roomy);
        if (lanes < 5) return;
        DrawContext place = below.Slice(0, height - lanes, width, lanes);
        DrawContext inside = Box.Framed(place, "Ps over the trace");
        TimelineDrawing.DrawLegend(place);
        Lanes.Draw(summary.Timeline!.Lanes with { Cursor = -1 }, inside);
    }

    private static void DrawFigures(TraceSummary summary, SchedulerView view, DrawContext context, bool framed)
    {
        int width = context.Surface.Width, height = context.Surface.Height, gap = framed ? 1 : 2, half = (width - gap) / 2;
        DrawContext right = context.Slice(half + gap, 0, width - half - gap, height);
        DurationDrawing.Draw(summary.Latency, context.Slice(0, 0, half, height), framed);
        if (view.Memory is not { } memory)
        {
            DrawContext inside = Box.Draw(right, framed, "Now");
            inside.WriteWrapped(0, 0, inside.Surface.Width, inside.Surface.Height, view.MemoryMissing?.Reason ?? "", inside.Theme.DimText);
            return;
        }

        int rows = framed ? Math.Min(height, memory.Rows.Length + Box.Rows(true)) : height;
        FigureList.Draw(Box.Draw(right.Slice(0, 0, right.Surface.Width, rows), framed, "Now"), memory.Rows, view.History);
        DurationDrawing.Draw(memory.Longer, right.Slice(0, rows, right.Surface.Width, height - rows), framed);
    }

    private static int DrawAnswers(TraceSummary summary, DrawContext context, int rowsEach)
    {
        int y = 0, width = context.Surface.Width, height = context.Surface.Height;
        foreach (TraceAnswer answer in summary.Answers)
        {
            if (y >= height) break;
            context.Write(0, y, SubjectWidth, answer.Subject, context.Theme.Style(answer.Tone));
            context.Write(SubjectWidth, y, YesWidth, answer.YesOrNo, context.Theme.Style(answer.Tone).Bold());
            const int Indent = SubjectWidth + YesWidth;
            y += Math.Max(1, context.WriteWrapped(Indent, y, width - Indent, Math.Min(rowsEach, height - y), answer.Text, context.Theme.Text));
        }

        return y;
    }

    private static bool IsRoomy(int width, int height) => width >= 110 && height >= 28;
}
