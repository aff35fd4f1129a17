using System.Collections.Immutable;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <param name="Width">The least that it needs.</param>
/// <param name="Priority">0 is never hidden; where room is short, the highest number goes first.</param>
/// <param name="Grow">Its share of the columns left over; 0 keeps its width.</param>
public sealed record TableColumn(
    string Title, int Width, Align Align = Align.Left, int Priority = 0, int Grow = 0, Fit Fit = Fit.End);

public readonly record struct TableCell(string Text, Tone Tone = Tone.Normal);

/// <summary>What a table shows. Cells are asked for when they are drawn, so a row that is out of sight costs nothing.</summary>
public sealed record TableView(ImmutableArray<TableColumn> Columns, int RowCount, Func<int, int, TableCell> Cell)
{
    /// <summary>First row shown.</summary>
    public int Top { get; init; }

    /// <summary>−1 for none.</summary>
    public int Selected { get; init; } = -1;

    /// <summary>Index into <see cref="Columns"/>; −1 for none.</summary>
    public int SortColumn { get; init; } = -1;

    public bool Descending { get; init; }

    /// <summary>Not where rows out of sight cannot be scrolled to.</summary>
    public bool HasScrollBar { get; init; } = true;

    /// <summary>All of it is old: shown dim.</summary>
    public bool IsStale { get; init; }
}

/// <summary>A head line, and rows below it.</summary>
public static class Table
{
    public const int HeadRows = 1;

    private const int Gap = 2;

    public static void Draw(TableView view, DrawContext context)
    {
        Surface surface = context.Surface;
        int rows = surface.Height - HeadRows;
        bool scrolls = view.HasScrollBar && view.RowCount > rows && surface.Width > 20;
        int width = scrolls ? surface.Width - 2 : surface.Width;
        Span<int> widths = stackalloc int[view.Columns.Length];
        Layout(view.Columns.AsSpan(), width, widths);

        Style head = context.Theme.HeadLine();
        surface.Slice(0, 0, surface.Width, 1).Fill(head);
        DrawHead(view, context, widths, head);
        for (int i = 0; i < rows && view.Top + i < view.RowCount; i++)
            DrawRow(view, context, widths, view.Top + i, HeadRows + i, width);
        if (scrolls) DrawScrollBar(view, context, rows);
    }

    /// <summary>The width of each column; 0 for one that is hidden.</summary>
    public static void Layout(ReadOnlySpan<TableColumn> columns, int width, Span<int> widths)
    {
        for (int i = 0; i < columns.Length; i++) widths[i] = columns[i].Width;
        while (Taken(widths) > width)
        {
            int victim = -1;
            for (int i = 0; i < columns.Length; i++)
            {
                if (widths[i] > 0 && columns[i].Priority > 0 && (victim < 0 || columns[i].Priority >= columns[victim].Priority)) victim = i;
            }

            if (victim < 0) break;
            widths[victim] = 0;
        }

        int left = width - Taken(widths), shares = 0;
        for (int i = 0; i < columns.Length; i++) shares += widths[i] > 0 ? columns[i].Grow : 0;
        if (left < 0)
        {
            // Not even the columns that are never hidden fit: the growing ones give way.
            for (int i = 0; i < columns.Length && left < 0; i++)
            {
                if (columns[i].Grow == 0) continue;
                int give = Math.Min(-left, Math.Max(0, widths[i] - 4));
                widths[i] -= give;
                left += give;
            }

            return;
        }

        for (int i = 0; i < columns.Length && shares > 0; i++)
        {
            if (widths[i] == 0 || columns[i].Grow == 0) continue;
            int more = left * columns[i].Grow / shares;
            widths[i] += more;
            left -= more;
            shares -= columns[i].Grow;
        }
    }

    private static int Taken(ReadOnlySpan<int> widths)
    {
        int taken = -Gap;
        foreach (int width in widths) taken += width > 0 ? width + Gap : 0;
        return taken;
    }

    private static void DrawHead(TableView view, DrawContext context, ReadOnlySpan<int> widths, Style head)
    {
        int x = 0;
        for (int i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0) continue;
            TableColumn column = view.Columns[i];
            bool sorted = i == view.SortColumn;
            Style style = sorted ? head.Bold() : head;
            int room = widths[i] - (sorted ? 1 : 0);
            string mark = view.Descending ? context.Glyphs.Down : context.Glyphs.Up;
            if (column.Align == Align.Right)
            {
                context.Write(x, 0, room, column.Title, style, Fit.End, Align.Right);
                if (sorted) context.Write(x + room, 0, 1, mark, style);
            }
            else
            {
                int end = context.Write(x, 0, room, column.Title, style);
                if (sorted) context.Write(end, 0, 1, mark, style);
            }

            x += widths[i] + Gap;
        }
    }

    private static void DrawRow(TableView view, DrawContext context, ReadOnlySpan<int> widths, int row, int y, int width)
    {
        bool selected = row == view.Selected;
        if (selected) context.Surface.Slice(0, y, width, 1).Fill(context.Theme.SelectedRow());
        int x = 0;
        for (int i = 0; i < widths.Length; i++)
        {
            if (widths[i] == 0) continue;
            TableColumn column = view.Columns[i];
            TableCell cell = view.Cell(row, i);
            Style style = selected ? context.Theme.SelectedRow() : context.Theme.Style(view.IsStale ? Tone.Dim : cell.Tone);
            context.Write(x, y, widths[i], cell.Text, style, column.Fit, column.Align);
            x += widths[i] + Gap;
        }
    }

    private static void DrawScrollBar(TableView view, DrawContext context, int rows)
    {
        if (rows <= 0) return;
        int x = context.Surface.Width - 1;
        int length = Math.Max(1, (int)((long)rows * rows / view.RowCount));
        int start = (int)((long)(rows - length) * view.Top / Math.Max(1, view.RowCount - rows));
        for (int i = 0; i < rows; i++)
        {
            bool thumb = i >= start && i < start + length;
            context.Surface.Put(x, HeadRows + i, new(thumb ? context.Glyphs.FilledBar : context.Glyphs.Vertical), context.Theme.DimText);
        }
    }
}
