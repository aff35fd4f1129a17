using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>A table of a trace, and what stands below it.</summary>
internal static class ListDrawing
{
    /// <summary>Rows that a histogram is given, where there is room.</summary>
    public const int HistogramRows = 12;

    /// <summary>A wider second part is shared by its table and the histogram.</summary>
    private const int WidestAlone = 100;

    public static void Draw(TraceList list, DrawContext context)
    {
        int width = context.Surface.Width, second = list.Second is { } below ? Math.Max(1, below.RowCount) : list.Histogram is null ? 0 : HistogramRows;
        ListLayout layout = ListLayout.Of(context.Surface.Height, list.Table.RowCount, second);
        DrawContext first = Box.Ruled(context.Slice(0, 0, width, layout.FirstRows), list.Title);
        Table.Draw(list.Table, first);
        if (list.Table.RowCount == 0) first.WriteWrapped(0, Table.HeadRows, width, 2, list.Empty, context.Theme.DimText);
        if (layout.SecondRows < 2) return;
        DrawContext rest = context.Slice(0, layout.FirstRows, width, layout.SecondRows);
        if (list is { Histogram: { } beside, Second: not null } && width >= WidestAlone)
        {
            int half = width / 2;
            DurationDrawing.Draw(beside, rest.Slice(half + 1, 0, width - half - 1, layout.SecondRows), framed: false);
            rest = rest.Slice(0, 0, half - 1, layout.SecondRows);
        }

        if (list is { Histogram: { } histogram, Second: null }) DurationDrawing.Draw(histogram, rest, framed: false);
        else if (list.Second is { RowCount: > 0 } table) Table.Draw(table, Box.Ruled(rest, list.SecondTitle));
        else Box.Ruled(rest, list.SecondTitle).Write(0, 0, "none", Tone.Dim);
    }
}
