using GoTop.Widgets;

namespace GoTop.Panes.Alerts;

internal static class AlertsDrawing
{
    private const int LabelWidth = 14;

    /// <summary>The bar of views, and the status.</summary>
    private const int HeadRows = 2;

    public static int VisibleRows(int height) => Math.Max(0, height - HeadRows - Table.HeadRows - DetailRows(height));

    public static void Draw(AlertsView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height, detail = DetailRows(height);
        ViewBar.Draw(view.Views, view.View, context.Slice(0, 0, width, 1));
        if (view.Notice is { } notice)
        {
            Notice.Draw(notice, context.Slice(0, 1, width, height - 1));
            return;
        }

        context.Write(0, 1, width, view.Status, context.Theme.Style(view.StatusTone));
        DrawContext body = context.Slice(0, HeadRows, width, height - HeadRows - detail);
        Table.Draw(view.Table!, body);
        if (view.Table!.RowCount == 0) body.WriteWrapped(0, Table.HeadRows, width, Math.Max(0, height - HeadRows - detail - Table.HeadRows), view.Empty, body.Theme.DimText);
        if (detail > 0 && view.Detail.Length > 0) DrawDetail(view, context.Slice(0, height - detail, width, detail));
    }

    private static void DrawDetail(AlertsView view, DrawContext context)
    {
        DrawContext inside = Box.Ruled(context, "the selected rule");
        int y = 0, width = inside.Surface.Width - LabelWidth;
        foreach ((string label, string text) in view.Detail)
        {
            if (y >= inside.Surface.Height) return;
            inside.Write(0, y, label, Tone.Dim);
            y += Math.Max(1, inside.WriteWrapped(LabelWidth, y, width, inside.Surface.Height - y, text, inside.Theme.Text));
        }
    }

    private static int DetailRows(int height) => height >= 18 ? 9 : 0;
}
