using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>Single goroutines as filtered and sorted: the order as indices into the table's rows, so 100,000 stay small.</summary>
internal sealed class GoroutineRows(GoroutineTable table, int[] order, string? filterError) : IRowKeys
{
    public static readonly ImmutableArray<TableColumn> Columns =
    [
        new("WAITING≥", 9, Align.Right),
        new("GOROUTINE", 10, Align.Right),
        new("STATE", 9, Priority: 2),
        new("WAIT REASON", 15, Priority: 1),
        new("START FUNCTION", 28, Grow: 3, Fit: Fit.GoName),
        new("CREATED BY", 24, Priority: 4, Grow: 3, Fit: Fit.GoName),
        new("PARENT", 9, Align.Right, Priority: 5),
        new("LOCKED", 7, Priority: 3),
    ];

    public GoroutineTable Table => table;

    public string? FilterError => filterError;

    public int Count => order.Length;

    public GoroutineRow this[int row] => table.Rows[order[row]];

    public object KeyAt(int row) => table.Rows[order[row]].Id;

    public int IndexOf(object key)
    {
        if (key is not long id) return -1;
        // Through the table in its order, then through the order: two straight runs, and no jumping about in memory.
        ReadOnlySpan<GoroutineRow> rows = table.Rows.AsSpan();
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Id == id) return order.AsSpan().IndexOf(i);
        }

        return -1;
    }

    public static bool IsDescending(int column, bool inverted) => column is 0 or 7 != inverted;

    /// <param name="group">Only its goroutines; null for all.</param>
    public static GoroutineRows Of(GoroutineTable table, GroupKey? group, string filterText, int sortColumn, bool inverted)
    {
        GoroutineFilter filter = GoroutineFilter.Parse(filterText, grouped: false);
        Predicate<GoroutineRow>? inGroup = group is { } key ? InGroup(table, key) : null;
        Predicate<GoroutineRow>? passes = filter.IsEmpty ? null : filter.ForRows(table);
        Func<GoroutineRow, long> number = SortNumber(table, sortColumn);
        bool descending = IsDescending(sortColumn, inverted);

        ReadOnlySpan<GoroutineRow> rows = table.Rows.AsSpan();
        long[] keys = new long[rows.Length];
        int[] order = new int[rows.Length];
        int count = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (inGroup is not null && !inGroup(rows[i])) continue;
            if (passes is not null && !passes(rows[i])) continue;
            long sortBy = number(rows[i]);
            keys[count] = sortBy == Unknown ? long.MaxValue : descending ? -sortBy : sortBy;
            order[count++] = i;
        }

        Sort(keys.AsSpan(0, count), order.AsSpan(0, count));
        Array.Resize(ref order, count);
        return new GoroutineRows(table, order, filter.Error);
    }

    /// <summary>
    /// By key; between equals the table's own order decides, which stays the same from tick to tick. Sorting plain
    /// numbers first and each run of equals after is several times faster than comparing pairs.
    /// </summary>
    private static void Sort(Span<long> keys, Span<int> order)
    {
        keys.Sort(order);
        for (int start = 0; start < keys.Length;)
        {
            int end = start + 1;
            while (end < keys.Length && keys[end] == keys[start]) end++;
            if (end - start > 1) order[start..end].Sort();
            start = end;
        }
    }

    /// <summary>Sorts last in either direction.</summary>
    private const long Unknown = long.MinValue;

    private static Func<GoroutineRow, long> SortNumber(GoroutineTable table, int column)
    {
        long now = table.NowNanoseconds;
        switch (column)
        {
            case 1:
                return row => row.Id;
            case 2:
                return row => (long)row.State;
            case 3:
                int[] reasons = Ranks(table.WaitReasons);
                return row => row.WaitReason == 0 ? Unknown : reasons[row.WaitReason];
            case 4:
                int[] starts = Ranks([.. table.Locations.Select(location => location.Function)]);
                return row => row.StartFunction < 0 ? Unknown : starts[row.StartFunction];
            case 5:
                int[] creators = Ranks([.. table.Locations.Select(location => location.Function)]);
                return row => row.CreatedBy < 0 ? Unknown : creators[row.CreatedBy];
            case 6:
                return row => row.ParentId == 0 ? Unknown : row.ParentId;
            case 7:
                return row => row.LockedToThread ? 1 : 0;
            default:
                return row => row.WaitSinceNanoseconds <= 0 ? Unknown : now - row.WaitSinceNanoseconds;
        }
    }

    /// <summary>Each text's place in the alphabet, so that rows compare numbers; equal texts share a place.</summary>
    private static int[] Ranks(ImmutableArray<string> texts)
    {
        int[] byText = [.. Enumerable.Range(0, texts.Length)];
        Array.Sort(byText, (a, b) => string.CompareOrdinal(texts[a], texts[b]));
        int[] ranks = new int[texts.Length];
        int rank = 0;
        for (int i = 0; i < byText.Length; i++)
        {
            if (i > 0 && texts[byText[i]] != texts[byText[i - 1]]) rank++;
            ranks[byText[i]] = rank;
        }

        return ranks;
    }

    /// <summary>As the engine forms groups: by what is shown of a place, not by its index.</summary>
    private static Predicate<GoroutineRow> InGroup(GoroutineTable table, GroupKey group)
    {
        bool[] creators = [.. table.Locations.Select(location => location == group.CreatedBy)];
        bool[] starts = [.. table.Locations.Select(location => location.Function == group.StartFunction)];
        bool[] reasons = [.. table.WaitReasons.Select(reason => reason == group.WaitReason)];
        bool noCreator = group.CreatedBy.Function.Length == 0, noStart = group.StartFunction.Length == 0;
        return row => row.State == group.State
            && reasons[row.WaitReason]
            && (row.CreatedBy < 0 ? noCreator : creators[row.CreatedBy])
            && (row.StartFunction < 0 ? noStart : starts[row.StartFunction]);
    }

    public TableCell Cell(int index, int column)
    {
        GoroutineRow row = this[index];
        return column switch
        {
            0 => Waiting(row),
            1 => new TableCell(Figures.Invariant($"{row.Id}")),
            2 => new TableCell(GoroutineWords.Of(row.State), GoroutineWords.ToneOf(row.State)),
            3 => GroupRows.Reason(table.WaitReasons[row.WaitReason], row.State),
            4 => row.StartFunction >= 0 ? new TableCell(GoroutineWords.Function(table.Locations[row.StartFunction]), Tone.Accent) : new TableCell("unknown", Tone.Dim),
            5 => row.CreatedBy >= 0 ? new TableCell(GoroutineWords.Function(table.Locations[row.CreatedBy]), Tone.Dim) : new TableCell(Figure.MissingText, Tone.Dim),
            6 => row.ParentId > 0 ? new TableCell(Figures.Invariant($"{row.ParentId}"), Tone.Dim) : new TableCell(Figure.MissingText, Tone.Dim),
            _ => new TableCell(row.LockedToThread ? "thread" : "", Tone.Warning),
        };
    }

    public TableCell Waiting(GoroutineRow row) => row.WaitSinceNanoseconds > 0
        ? new TableCell(Figures.Age(Math.Max(0, table.NowNanoseconds - row.WaitSinceNanoseconds) / 1e9))
        : new TableCell(Figure.MissingText, Tone.Dim);
}
