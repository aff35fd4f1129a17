using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>A list of places where goroutines wait, whatever told of them.</summary>
internal interface ILockRows : IRowKeys
{
    ImmutableArray<TableColumn> Columns { get; }

    TableCell Cell(int row, int column);

    bool IsDescending(int column, bool inverted);
}

/// <summary>A place, and how one waits there: what stays the same when figures are read anew.</summary>
internal readonly record struct LockKey(string How, CodeLocation Where);

/// <summary>Rows of any kind, filtered and sorted by columns of which some are numbers.</summary>
internal sealed class LockRows<T>(
    ImmutableArray<TableColumn> columns, ImmutableArray<T> rows, Func<T, LockKey> key, Func<T, int, double?> number, Func<T, int, TableCell> cell) : ILockRows
{
    public ImmutableArray<TableColumn> Columns => columns;

    public int Count => rows.Length;

    public T this[int row] => rows[row];

    public object KeyAt(int row) => key(rows[row]);

    public int IndexOf(object wanted)
    {
        if (wanted is not LockKey) return -1;
        for (int i = 0; i < rows.Length; i++)
        {
            if (key(rows[i]).Equals(wanted)) return i;
        }

        return -1;
    }

    public TableCell Cell(int row, int column) => cell(rows[row], column);

    /// <summary>Numbers sort from the largest down, texts from A on; inverted is the other way round.</summary>
    public bool IsDescending(int column, bool inverted) => columns[column].Align == Align.Right != inverted;

    public LockRows<T> For(PaneState state)
    {
        TextFilter filter = new(state.Filter);
        int column = Math.Clamp(state.SortColumn, 0, columns.Length - 1);
        bool descending = IsDescending(column, state.Inverted);
        IEnumerable<T> shown = rows.Where(row => filter.Matches($"{key(row).How} {key(row).Where.Function} {key(row).Where.File}"));
        // A stable sort: between equals the order they came in decides. What is not known goes last in either direction.
        IEnumerable<T> sorted = columns[column].Align != Align.Right
            ? descending ? shown.OrderByDescending(Text, StringComparer.Ordinal) : shown.OrderBy(Text, StringComparer.Ordinal)
            : descending ? shown.OrderByDescending(row => number(row, column) ?? double.NegativeInfinity) : shown.OrderBy(row => number(row, column) ?? double.PositiveInfinity);
        return new LockRows<T>(columns, [.. sorted], key, number, cell);

        string Text(T row) => cell(row, column).Text;
    }
}
