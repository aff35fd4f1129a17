using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>Single goroutines as filtered and sorted: the order as indices into the table's rows, so 100,000 stay small.</summary>
internal sealed class GoroutineRows(GoroutineTable table, int[] order, int before, string filter, string? filterError) : IGoroutineList
{
    public static readonly ImmutableArray<TableColumn> AllColumns =
    [
        new("WAITING≥", 9, Align.Right),
        new("GOROUTINE", 10, Align.Right),
        new("STATE", 9, Priority: 2),
        new("WAIT REASON", 15, Priority: 1),
        new("START FUNCTION", 28, Grow: 3, Fit: Fit.GoName),
        new("CREATED BY", 24, Priority: 4, Grow: 3, Fit: Fit.GoName),
        new("PARENT", 9, Align.Right, Priority: 5),
        new("LOCKED", 7, Priority: 3),
        new("TAGS", 14, Priority: 6, Grow: 1),
        new("LABELS", 30, Priority: 7, Grow: 1),
    ];

    private readonly GoroutineTags _tags = new(table);

    public ImmutableArray<TableColumn> Columns => AllColumns;

    public string Title => filter.Length > 0 && filterError is null
        ? $"{Figures.Count(Count)} of {Figures.Counted(before, "goroutine")}: {filter}"
        : Figures.Counted(Count, "goroutine");

    public string Empty => "There are no goroutines.";

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

    public static bool IsDescendingColumn(int column, bool inverted) => column is 0 or 7 != inverted;

    public bool IsDescending(int column, bool inverted) => IsDescendingColumn(column, inverted);

    /// <param name="within">Whether the row of this number is one of those that are listed at all; null for all.</param>
    public static GoroutineRows Of(GoroutineTable table, Func<int, bool>? within, string filterText, int sortColumn, bool inverted)
    {
        GoroutineFilter filter = GoroutineFilter.Parse(filterText, FilterSubject.Goroutines);
        Predicate<GoroutineRow>? passes = filter.IsEmpty ? null : filter.ForRows(table);
        Func<GoroutineRow, long> number = SortNumber(table, sortColumn);
        bool descending = IsDescendingColumn(sortColumn, inverted);

        ReadOnlySpan<GoroutineRow> rows = table.Rows.AsSpan();
        long[] keys = new long[rows.Length];
        int[] order = new int[rows.Length];
        int count = 0, before = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (within is not null && !within(i)) continue;
            before++;
            if (passes is not null && !passes(rows[i])) continue;
            long sortBy = number(rows[i]);
            keys[count] = sortBy == Unknown ? long.MaxValue : descending ? -sortBy : sortBy;
            order[count++] = i;
        }

        Sort(keys.AsSpan(0, count), order.AsSpan(0, count));
        Array.Resize(ref order, count);
        return new GoroutineRows(table, order, before, filterText, filter.Error);
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
            case 8:
                GoroutineTags tags = new(table);
                Dictionary<string, int> tagRanks = TagRanks(table, tags);
                return row => tags.Of(row) is { IsEmpty: false } of ? tagRanks[string.Join(", ", of)] : Unknown;
            case 9:
                int[] labels = Ranks(LabelTexts(table));
                return row => row.Labels <= 0 ? Unknown : labels[row.Labels];
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
            7 => new TableCell(row.LockedToThread ? "thread" : "", Tone.Warning),
            8 => new TableCell(string.Join(", ", _tags.Of(row)), Tone.Dim),
            _ => row.Labels < 0 ? new TableCell(Figure.MissingText, Tone.Dim) : new TableCell(LabelText(table, row.Labels), Tone.Dim),
        };
    }

    /// <summary><c>path=/orders tenant=acme</c>; empty for none.</summary>
    internal static string LabelText(GoroutineTable table, int set) =>
        set > 0 && table.LabelSets.TryGet(out ImmutableArray<ImmutableArray<GoroutineLabel>> sets) ? string.Join(' ', sets[set].Select(label => $"{label.Key}={label.Value}")) : "";

    private static Dictionary<string, int> TagRanks(GoroutineTable table, GoroutineTags tags)
    {
        string[] texts = [.. table.Rows.Select(row => tags.Of(row)).Distinct().Select(of => string.Join(", ", of)).Distinct()];
        int[] ranks = Ranks([.. texts]);
        return texts.Select((text, i) => (text, ranks[i])).ToDictionary(pair => pair.text, pair => pair.Item2);
    }

    private static ImmutableArray<string> LabelTexts(GoroutineTable table) =>
        table.LabelSets.TryGet(out ImmutableArray<ImmutableArray<GoroutineLabel>> sets) ? [.. Enumerable.Range(0, sets.Length).Select(set => LabelText(table, set))] : [""];

    public TableCell Waiting(GoroutineRow row) => row.WaitSinceNanoseconds > 0
        ? new TableCell(Figures.Age(Math.Max(0, table.NowNanoseconds - row.WaitSinceNanoseconds) / 1e9))
        : new TableCell(Figure.MissingText, Tone.Dim);
}
