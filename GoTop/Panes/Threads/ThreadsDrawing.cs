using GoTop.Panes.Scheduler;
using GoTop.Widgets;

namespace GoTop.Panes.Threads;

internal static class ThreadsDrawing
{
    private const int NarrowestWithDelays = 130;
    private const int DelaysWidth = 48;

    /// <summary>Rows above the list.</summary>
    public static int HeadRows(int height, bool opened) => opened ? Math.Min(ThreadPage.HeadRows, height) : height < 14 ? 1 : 2;

    public static void Draw(ThreadsView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height, head = HeadRows(height, view.Title is not null), y = 0;
        if (view.Title is { } title) context.Write(0, y++, width, title, context.Theme.TitleText);
        for (int i = 0; i < view.Lines.Length && y < head; i++) context.Write(0, y++, view.Lines[i].Text, view.Lines[i].Tone);
        if (view.Table is not { } table || height <= head) return;
        int beside = view.Delays is not null && width >= NarrowestWithDelays ? DelaysWidth : 0;
        DrawContext body = context.Slice(0, head, width - beside, height - head);
        Table.Draw(table, body);
        if (table.RowCount == 0) body.WriteWrapped(0, Table.HeadRows, width, Math.Max(0, height - head - Table.HeadRows), view.Empty, body.Theme.DimText);
        if (beside > 0) DurationDrawing.Draw(view.Delays!, context.Slice(width - beside + 1, head, beside - 1, height - head), framed: false);
    }
}
