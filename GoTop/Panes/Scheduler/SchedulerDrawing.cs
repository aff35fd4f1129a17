using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

internal static class SchedulerDrawing
{
    public static void Draw(SchedulerView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        MemoryDrawing.Draw(view.Memory!, view.History, context);
    }
}
