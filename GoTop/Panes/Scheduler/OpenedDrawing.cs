using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

internal static class OpenedDrawing
{
    /// <summary>Title and two lines.</summary>
    public const int HeadRows = 3;

    /// <summary>Rows of the second part, of which it gets at most its half.</summary>
    public const int LikelySecond = 8;

    public static void Draw(OpenedPart opened, DrawContext context)
    {
        int width = context.Surface.Width;
        context.Write(0, 0, width, opened.Title, context.Theme.TitleText);
        for (int i = 0; i < opened.Lines.Length && i < HeadRows - 1; i++) context.Write(0, i + 1, opened.Lines[i].Text, opened.Lines[i].Tone);
        if (opened.FirstTitle.Length == 0) return;
        DrawContext body = context.Slice(0, HeadRows, width, context.Surface.Height - HeadRows);
        ListLayout layout = ListLayout.Of(body.Surface.Height, opened.First.RowCount, LikelySecond);
        Part(opened.FirstTitle, opened.First, "The trace tells no stack.", body.Slice(0, 0, width, layout.FirstRows));
        if (opened.SecondTitle.Length > 0) Part(opened.SecondTitle, opened.Second, opened.SecondMissing, body.Slice(0, layout.FirstRows, width, layout.SecondRows));
    }

    private static void Part(string title, TableView? table, string missing, DrawContext context)
    {
        if (context.Surface.Height < 2) return;
        DrawContext inside = Box.Ruled(context, title);
        if (table is { RowCount: > 0 }) Table.Draw(table, inside);
        else inside.WriteWrapped(0, 0, inside.Surface.Width, inside.Surface.Height, missing, inside.Theme.DimText);
    }
}
