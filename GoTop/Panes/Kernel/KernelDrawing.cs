using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>Where the parts of the pane go; the same for drawing and for paging.</summary>
/// <param name="Body">Rows of the view itself.</param>
internal readonly record struct KernelRows(int Verdict, int Body)
{
    /// <summary>Of a list's table, without its rule and its head.</summary>
    public int ListRows => Math.Max(1, Body - 2);
}

internal static class KernelDrawing
{
    private const int MostVerdictRows = 5;

    /// <summary>The views' names above, what is collected below.</summary>
    private const int HeadRows = 1;
    private const int FootRows = 1;

    private const int FiguresWidth = 30;

    public static KernelRows Rows(int width, int height, string verdict)
    {
        int most = Math.Clamp((height - HeadRows - FootRows) / 3, 1, MostVerdictRows), rows = Math.Min(most, Math.Max(1, Drawing.WrappedLines(width, verdict)));
        return new KernelRows(rows, Math.Max(0, height - HeadRows - FootRows - rows));
    }

    public static void Draw(KernelView view, DrawContext context)
    {
        context = PaneFrame.Below(context, view.Ended);
        if (view.Notice is { } nothing)
        {
            Notice.Draw(nothing, context);
            return;
        }

        int width = context.Surface.Width, height = context.Surface.Height;
        KernelRows rows = Rows(width, height, view.Verdict.Text);
        ViewBar.Draw(KernelViews.Titles, view.View, context.Slice(0, 0, width, HeadRows));
        context.WriteWrapped(0, HeadRows, width, rows.Verdict, view.Verdict.Text, context.Theme.Style(view.Verdict.Tone));
        DrawContext body = context.Slice(0, HeadRows + rows.Verdict, width, rows.Body);
        DrawFoot(view, context.Slice(0, HeadRows + rows.Verdict + rows.Body, width, FootRows));
        if (view.NoEvents is { } notice) Notice.Draw(notice, body);
        else if (view.Overview is { } overview) DrawOverview(overview, view, body);
        else if (view.List is { } list) DrawList(list, body);
    }

    private static void DrawFoot(KernelView view, DrawContext context)
    {
        int x = context.Write(0, 0, view.Status.Text, view.Status.Tone);
        if (view.NotTold.Length > 0 && x + 12 < context.Surface.Width) context.Write(x > 0 ? x + 2 : 0, 0, view.NotTold, Tone.Dim);
    }

    private static void DrawList(KernelList list, DrawContext context)
    {
        if (context.Surface.Height < 2) return;
        DrawContext inside = Box.Ruled(context, list.Title);
        Table.Draw(list.Table, inside);
        if (list.Table.RowCount == 0) inside.WriteWrapped(0, Table.HeadRows, inside.Surface.Width, Math.Max(0, inside.Surface.Height - Table.HeadRows), list.Empty, inside.Theme.DimText);
    }

    private static void DrawOverview(KernelOverview overview, KernelView view, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        if (width < 70 || height < 8)
        {
            FigureList.Draw(context, overview.Figures, view.History);
            return;
        }

        bool roomy = width >= 110 && height >= 22;
        int gap = roomy ? 1 : 2, right = roomy ? Math.Min(60, width * 2 / 5) : FiguresWidth, left = width - gap - right;
        int axis = PairedHistogram.Rows(overview.Waits, overview.GoWaits) + (overview.WaitsNote is null ? 0 : 1) + Box.Rows(roomy);
        int wanted = roomy ? overview.Longest.RowCount + Box.Rows(true) + Table.HeadRows : 4, lower = Math.Max(Math.Min(wanted, height / 3), height - axis), upper = height - lower;
        DrawWaits(overview, context.Slice(0, 0, left, upper), roomy);
        if (!roomy)
        {
            FigureList.Draw(context.Slice(left + gap, 0, right, height), overview.Figures, view.History);
            Instead(overview, context.Slice(0, upper, left, lower));
            return;
        }

        int figures = Math.Min(overview.Figures.Length + Box.Rows(true), height - 6);
        FigureList.Draw(Box.Framed(context.Slice(left + gap, 0, right, figures), "Per second"), overview.Figures, view.History);
        DrawContext instead = Box.Framed(context.Slice(left + gap, figures, right, height - figures), "While its threads waited for a core");
        Instead(overview, instead);
        Table.Draw(overview.Longest, Box.Framed(context.Slice(0, upper, left, lower), "Longest waits for a core"));
    }

    private static void Instead(KernelOverview overview, DrawContext context)
    {
        if (overview.InsteadNote is { } note) context.WriteWrapped(0, 0, context.Surface.Width, context.Surface.Height, note, context.Theme.DimText);
        else Table.Draw(overview.Instead, context);
    }

    private static void DrawWaits(KernelOverview overview, DrawContext context, bool framed)
    {
        if (context.Surface.Height < 2) return;
        DrawContext inside = Box.Draw(context, framed, "Waits for a core, and for a P");
        int y = 0;
        if (overview.WaitsNote is { } note) y = inside.WriteWrapped(0, 0, inside.Surface.Width, 2, note, inside.Theme.DimText);
        PairedHistogram.Draw(overview.Waits, overview.GoWaits, inside.Slice(0, y, inside.Surface.Width, inside.Surface.Height - y));
    }
}
