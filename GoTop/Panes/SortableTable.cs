using System.Collections.Immutable;
using GoTop.Widgets;

namespace GoTop.Panes;

/// <summary>One row of a table that can be filtered and sorted.</summary>
/// <param name="Key">What the row stands for: selection and opening go by it.</param>
/// <param name="Order">What each column sorts by; NaN for columns of text, below any other number where a figure is absent.</param>
internal sealed record SortableRow(object Key, ImmutableArray<TableCell> Cells, ImmutableArray<double> Order);

/// <summary>Rows as filtered and sorted. Numbers sort from the largest down, texts from A on; inverted is the other way round.</summary>
internal sealed class SortableTable(ImmutableArray<TableColumn> columns, ImmutableArray<SortableRow> rows, int sortColumn, bool descending) : IRowKeys
{
    public ImmutableArray<TableColumn> Columns => columns;

    public int Count => rows.Length;

    public object KeyAt(int row) => rows[row].Key;

    public int IndexOf(object key)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Key.Equals(key)) return i;
        }

        return -1;
    }

    /// <param name="rows">In the order that stands where nothing is sorted.</param>
    /// <param name="state">Filter and sort.</param>
    public static SortableTable Of(ImmutableArray<TableColumn> columns, IEnumerable<SortableRow> rows, PaneState state)
    {
        TextFilter filter = new(state.Filter);
        IEnumerable<SortableRow> shown = filter.IsEmpty ? rows : rows.Where(row => filter.Matches(string.Join(' ', row.Cells.Select(cell => cell.Text))));
        int sort = Math.Clamp(state.SortColumn, 0, columns.Length - 1);
        ImmutableArray<SortableRow> all = [.. shown];
        bool numbers = all.IsEmpty || !double.IsNaN(all[0].Order[sort]), descending = numbers != state.Inverted;
        IEnumerable<SortableRow> sorted = (numbers, descending) switch
        {
            (true, true) => all.OrderByDescending(row => row.Order[sort]),
            (true, false) => all.OrderBy(row => row.Order[sort]),
            (false, true) => all.OrderByDescending(row => row.Cells[sort].Text, StringComparer.Ordinal),
            (false, false) => all.OrderBy(row => row.Cells[sort].Text, StringComparer.Ordinal),
        };
        return new SortableTable(columns, [.. sorted], sort, descending);
    }

    public TableView View(PaneState state, int visibleRows)
    {
        (int selected, int top) = ListNavigation.Resolve(state, this, visibleRows);
        return new TableView(columns, rows.Length, (row, column) => rows[row].Cells[column])
        {
            Top = top,
            Selected = selected,
            SortColumn = sortColumn,
            Descending = descending,
        };
    }
}
