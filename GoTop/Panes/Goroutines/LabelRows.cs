using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>Profiler labels, and how many goroutines carry each.</summary>
internal sealed class LabelRows : IGoroutineList
{
    private const int StatesShown = 3;

    private readonly ImmutableArray<LabelledGoroutines> _rows;
    private readonly int _labelled;
    private readonly int _unread;

    private LabelRows(ImmutableArray<LabelledGoroutines> rows, int labelled, int unread) => (_rows, _labelled, _unread) = (rows, labelled, unread);

    public ImmutableArray<TableColumn> Columns { get; } =
    [
        new("COUNT", 8, Align.Right),
        new("LABEL", 14, Grow: 1),
        new("VALUE", 20, Grow: 3),
        new("THEY ARE IN", 24, Priority: 1, Grow: 3),
    ];

    public string Title => $"{Figures.Counted(_labelled, "goroutine")} with labels, {Figures.Counted(_rows.Length, "label")}";

    public string? FilterError => null;

    public string Empty => "No goroutine has a label: the program sets them with pprof.Do or pprof.SetGoroutineLabels.";

    public string? Remark => _unread > 0 ? $"of {Figures.Count(_unread)} they could not be read" : null;

    public int Count => _rows.Length;

    /// <param name="labels">All of the table.</param>
    public static LabelRows Of(GoroutineTable table, ImmutableArray<LabelledGoroutines> labels, PaneState state)
    {
        TextFilter filter = new(state.Filter);
        LabelledGoroutines[] shown = filter.IsEmpty ? [.. labels] : [.. labels.Where(label => filter.Matches($"{label.Label.Key}={label.Label.Value}"))];
        bool descending = IsDescendingColumn(state.SortColumn, state.Inverted);
        IEnumerable<LabelledGoroutines> sorted = state.SortColumn switch
        {
            1 => ByText(label => label.Label.Key),
            2 => ByText(label => label.Label.Value),
            _ => descending ? shown : shown.Reverse(),
        };
        int labelled = 0, unread = 0;
        foreach (ref readonly GoroutineRow row in table.Rows.AsSpan())
        {
            if (row.Labels > 0) labelled++;
            if (row.Labels < 0) unread++;
        }

        return new LabelRows([.. sorted], labelled, unread);

        IEnumerable<LabelledGoroutines> ByText(Func<LabelledGoroutines, string> text) =>
            descending ? shown.OrderByDescending(text, StringComparer.Ordinal) : shown.OrderBy(text, StringComparer.Ordinal);
    }

    public object KeyAt(int row) => _rows[row].Label;

    public int IndexOf(object key)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            if (key is GoroutineLabel label && _rows[i].Label == label) return i;
        }

        return -1;
    }

    public bool IsDescending(int column, bool inverted) => IsDescendingColumn(column, inverted);

    public TableCell Cell(int row, int column) => column switch
    {
        0 => new TableCell(Figures.Count(_rows[row].Count)),
        1 => new TableCell(_rows[row].Label.Key, Tone.Dim),
        2 => new TableCell(_rows[row].Label.Value, Tone.Accent),
        _ => new TableCell(StateWords.Of(_rows[row].States, StatesShown)),
    };

    private static bool IsDescendingColumn(int column, bool inverted) => column is 0 or 3 != inverted;
}
