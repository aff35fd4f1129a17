using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>What goroutines wait on, and how many wait for each: who waits with whom.</summary>
internal sealed class WaitRows : IGoroutineList
{
    private readonly GoroutineTable _table;
    private readonly GoroutineWaits _waits;
    private readonly WaitIndex _index;
    private readonly ImmutableArray<WaitFamily> _rows;

    private WaitRows(GoroutineTable table, GoroutineWaits waits, WaitIndex index, ImmutableArray<WaitFamily> rows) => (_table, _waits, _index, _rows) = (table, waits, index, rows);

    public ImmutableArray<TableColumn> Columns { get; } =
    [
        new("WAITERS", 8, Align.Right),
        new("FOR", 18, Grow: 1),
        new("WHICH IS", 17, Priority: 2),
        new("OLDEST≥", 8, Align.Right, Priority: 3),
        new("IN", 15, Priority: 5),
        new("MOST OF THEM AT", 24, Priority: 1, Grow: 3),
        new("ADDRESS", 14, Priority: 4),
    ];

    public string Title => $"{Figures.Counted(_index.Objects.Length, "thing")} waited for, by {Figures.Counted(DistinctWaiters(), "goroutine")}";

    public string? FilterError => null;

    public string Empty => _rows.IsEmpty && _index.Objects.Length > 0 ? "Nothing passes the filter." : "No goroutine waits on a channel, a lock or a condition.";

    public string? Remark => !_waits.Missing.IsEmpty ? _waits.Missing[0] : _waits.Unread > 0 ? $"what {Figures.Count(_waits.Unread)} more wait for could not be told" : null;

    public int Count => _rows.Length;

    public static WaitRows Of(GoroutineTable table, GoroutineWaits waits, WaitIndex index, PaneState state)
    {
        TextFilter filter = new(state.Filter);
        WaitFamily[] shown = filter.IsEmpty ? [.. index.Families] : [.. index.Families.Where(family => filter.Matches(Words(index, family)))];
        bool descending = IsDescendingColumn(state.SortColumn, state.Inverted);
        IEnumerable<WaitFamily> sorted = state.SortColumn switch
        {
            1 => ByText(family => WaitWords.Kind(index.Objects[family.First], index.ElementType(family.First))),
            2 => ByText(family => WaitDetail.Standing(index, family)),
            3 => By(family => OldestSince(index, family) is > 0 and long since ? table.NowNanoseconds - since : long.MinValue),
            4 => ByText(family => family.Site.WaitReason),
            5 => ByText(family => family.Site.Where.Function),
            6 => By(family => family.IsOne ? (long)(index.Objects[family.First].Address >> 1) : 0),
            _ => By(family => family.Waiters),
        };
        return new WaitRows(table, waits, index, [.. sorted]);

        IEnumerable<WaitFamily> By(Func<WaitFamily, long> number) => descending ? shown.OrderByDescending(number) : shown.OrderBy(number);

        IEnumerable<WaitFamily> ByText(Func<WaitFamily, string> text) => descending ? shown.OrderByDescending(text, StringComparer.Ordinal) : shown.OrderBy(text, StringComparer.Ordinal);
    }

    public object KeyAt(int row) => WaitKey.Of(_index, _rows[row]);

    public int IndexOf(object key)
    {
        for (int i = 0; key is WaitKey wanted && i < _rows.Length; i++)
        {
            if (WaitKey.Of(_index, _rows[i]) == wanted) return i;
        }

        return -1;
    }

    public bool IsDescending(int column, bool inverted) => IsDescendingColumn(column, inverted);

    public TableCell Cell(int row, int column)
    {
        WaitFamily family = _rows[row];
        return column switch
        {
            0 => new TableCell(Figures.Count(family.Waiters), family.Waiters > 1 ? Tone.Normal : Tone.Dim),
            1 => new TableCell(WaitDetail.Name(_index, family), Tone.Accent),
            2 => new TableCell(WaitDetail.Standing(_index, family)),
            3 => OldestSince(_index, family) is > 0 and long since
                ? new TableCell(Figures.Age(Math.Max(0, _table.NowNanoseconds - since) / 1e9))
                : new TableCell(Figure.MissingText, Tone.Dim),
            4 => new TableCell(family.Site.WaitReason),
            5 => new TableCell(Site(family.Site), Tone.Dim),
            _ => new TableCell(family.IsOne ? WaitWords.Address(_index.Objects[family.First]) : "several", Tone.Dim),
        };
    }

    public PreviewPanel? Preview(int row) => WaitDetail.Preview(_index, _rows[row], _table);

    /// <summary><c>publisher.go:62 orders.(*Publisher).publish</c>: the line first, since a name is told by its beginning.</summary>
    internal static string Site(WaitSite site)
    {
        if (site.Where.Function.Length == 0) return "unknown";
        string name = Drawing.WithoutImportPath(site.Where.Function).ToString();
        // Go writes slashes on Windows as well.
        return site.Where.File.Length == 0 ? name : Figures.Invariant($"{site.Where.File[(site.Where.File.LastIndexOf('/') + 1)..]}:{site.Where.Line} {name}");
    }

    private static bool IsDescendingColumn(int column, bool inverted) => column is 0 or 3 != inverted;

    private static string Words(WaitIndex index, WaitFamily family) =>
        $"{WaitDetail.Name(index, family)} {WaitDetail.Standing(index, family)} {WaitWords.Address(index.Objects[family.First])} {family.Site.WaitReason} {family.Site.Where.Function} {family.Site.Where.File}";

    private static long OldestSince(WaitIndex index, WaitFamily family)
    {
        long oldest = 0;
        foreach (int thing in family.Things)
        {
            long since = index.OldestSince(thing);
            if (since > 0 && (oldest == 0 || since < oldest)) oldest = since;
        }

        return oldest;
    }

    private int DistinctWaiters()
    {
        int count = 0, last = -1;
        foreach (GoroutineWait wait in _waits.Waits)
        {
            if (wait.Row != last) count++;
            last = wait.Row;
        }

        return count;
    }
}
