using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

internal static class LocksDrawing
{
    public static void Draw(LocksView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height;
        ProfileDrawing.DrawHead(view.Head, context, view.HeadRows);
        int y = view.HeadRows;
        if (view.Instead is { } instead)
        {
            context.WriteWrapped(0, y, width, view.InsteadRows, instead, context.Theme.Style(Tone.Warning));
            y += view.InsteadRows;
        }

        if (view.Table is not { } table) return;
        DrawContext body = context.Slice(0, y, width, height - y);
        Table.Draw(table, body);
        if (table.RowCount == 0) body.WriteWrapped(0, Table.HeadRows, width, Math.Max(0, height - y - Table.HeadRows), view.Empty, body.Theme.DimText);
    }
}
