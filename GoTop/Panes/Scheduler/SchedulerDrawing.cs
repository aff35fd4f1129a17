using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

internal static class SchedulerDrawing
{
    public static void Draw(SchedulerView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Status is not { } status)
        {
            Notice.Draw(view.Notice!, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height;
        ViewBar.Draw(SchedulerViews.Titles, view.View, context.Slice(0, 0, width, 1));
        DrawStatus(status, context.Slice(0, 1, width, 1));
        DrawContext body = context.Slice(0, SchedulerViews.HeadRows, width, height - SchedulerViews.HeadRows - SchedulerViews.FootRows);
        context.Slice(0, height - 1, width, 1).Write(0, 0, status.Cost, Tone.Dim);
        if (view.Notice is { } notice) Notice.Draw(notice, body);
        else if (view.Opened is { } opened) OpenedDrawing.Draw(opened, body);
        else if (view.Timeline is { } timeline) TimelineDrawing.Draw(timeline, body);
        else if (view.List is { } list) ListDrawing.Draw(list, body);
        else if (view.Summary is { } summary) SummaryDrawing.Draw(summary, view, body);
        else if (view.Memory is { } memory) MemoryDrawing.Draw(memory, view.History, body);
        else if (view.MemoryMissing is { } missing) Notice.Draw(missing, body);
    }

    private static void DrawStatus(TraceStatus status, DrawContext context)
    {
        const int BarWidth = 20, Narrowest = 60;
        int width = context.Surface.Width, right = width;
        if (status.Progress is { } progress && width >= Narrowest)
        {
            right -= BarWidth;
            Bar.Draw(context, right, 0, BarWidth, progress);
        }
        else if (width >= Narrowest)
        {
            right -= status.Cycle.Length;
            context.Write(right, 0, status.Cycle, Tone.Dim);
        }

        context.Write(0, 0, right - 2, status.Text, context.Theme.Style(status.Tone));
    }
}
