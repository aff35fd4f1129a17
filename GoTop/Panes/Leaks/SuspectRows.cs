using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes.Goroutines;
using GoTop.Widgets;

namespace GoTop.Panes.Leaks;

/// <summary>Groups that may leak, as filtered and sorted.</summary>
internal sealed class SuspectRows : IGoroutineList
{
    private readonly ImmutableArray<LeakSuspect> _rows;

    private SuspectRows(ImmutableArray<LeakSuspect> rows, string title, string remark, string? filterError) => (_rows, Title, Remark, FilterError) = (rows, title, remark, filterError);

    public ImmutableArray<TableColumn> Columns { get; } =
    [
        new("GREW BY", 9, Align.Right),
        new("PER MINUTE", 10, Align.Right, Priority: 1),
        new("NOW", 7, Align.Right, Priority: 3),
        new("OLDEST≥", 8, Align.Right, Priority: 4),
        new("AND", 16),
        new("WAIT REASON", 15, Priority: 2),
        new("START FUNCTION", 20, Grow: 3, Fit: Fit.GoName),
        new("CREATED BY", 24, Priority: 5, Grow: 3, Fit: Fit.GoName),
    ];

    public string Title { get; }

    public string? FilterError { get; }

    public string Remark { get; }

    public string Empty => "No group of waiting goroutines has grown. Watch on: a slow leak takes its time.";

    public int Count => _rows.Length;

    /// <param name="marks">Where nothing is marked, the moments are the first and the last that were watched.</param>
    /// <param name="remark">What the runtime says of them, if it was asked.</param>
    public static SuspectRows Of(Comparison moments, Marks marks, string remark, PaneState state)
    {
        ImmutableArray<LeakSuspect> all = LeakSuspects.Of(moments.Then.Now.Groups.Value, moments.Now.Now.Groups.Value, moments.Seconds, moments.Now.History.Groups);
        GoroutineFilter filter = GoroutineFilter.Parse(state.Filter, FilterSubject.Groups);
        LeakSuspect[] shown = [.. all.Where(suspect => filter.Matches(suspect.Group, null))];
        bool descending = IsDescendingColumn(state.SortColumn, state.Inverted);
        IEnumerable<LeakSuspect> sorted = state.SortColumn switch
        {
            1 => By(suspect => suspect.PerMinute),
            2 => By(suspect => suspect.Group.Count),
            3 => By(suspect => suspect.Group.OldestSeconds.HasValue ? suspect.Group.OldestSeconds.Value : -1),
            4 => By(suspect => (int)suspect.Sign),
            5 => ByText(suspect => suspect.Group.Key.WaitReason),
            6 => ByText(suspect => suspect.Group.Key.StartFunction),
            7 => ByText(suspect => suspect.Group.Key.CreatedBy.Function),
            _ => descending ? shown : shown.Reverse(),
        };
        string since = !marks.Any ? "since GoTop began to watch" : marks.Second is null ? "since the mark" : "from mark to mark";
        string groups = $"{Figures.Counted(all.Length, "group")} grew";
        return new SuspectRows([.. sorted], $"{groups} {since}, in {Figures.Age(moments.Seconds)}", remark, filter.Error);

        IEnumerable<LeakSuspect> By(Func<LeakSuspect, double> number) => descending ? shown.OrderByDescending(number) : shown.OrderBy(number);

        IEnumerable<LeakSuspect> ByText(Func<LeakSuspect, string> text) => descending ? shown.OrderByDescending(text, StringComparer.Ordinal) : shown.OrderBy(text, StringComparer.Ordinal);
    }

    public object KeyAt(int row) => _rows[row].Group.Key;

    public int IndexOf(object key)
    {
        for (int i = 0; key is GroupKey wanted && i < _rows.Length; i++)
        {
            if (_rows[i].Group.Key == wanted) return i;
        }

        return -1;
    }

    public bool IsDescending(int column, bool inverted) => IsDescendingColumn(column, inverted);

    public TableCell Cell(int row, int column)
    {
        LeakSuspect suspect = _rows[row];
        return column switch
        {
            0 => new TableCell(Figures.Change(suspect.Growth), ToneOf(suspect.Sign)),
            1 => new TableCell(Figures.Invariant($"{suspect.PerMinute:+#,0.#;-#,0.#;0}"), ToneOf(suspect.Sign)),
            2 => new TableCell(Figures.Count(suspect.Group.Count)),
            3 => Figure.Of(suspect.Group.OldestSeconds, Figures.Age).Cell,
            4 => new TableCell(Words(suspect.Sign), ToneOf(suspect.Sign)),
            5 => GroupRows.Reason(suspect.Group.Key.WaitReason, suspect.Group.Key.State),
            6 => GroupRows.Start(suspect.Group.Key),
            _ => GroupRows.Creator(suspect.Group.Key),
        };
    }

    public PreviewPanel? Preview(int row) => PreviewPanel.Of(GroupDetail.Panel(_rows[row].Group, PaneState.Initial));

    private static bool IsDescendingColumn(int column, bool inverted) => column <= 3 != inverted;

    private static string Words(LeakSign sign) => sign switch
    {
        LeakSign.Proven => "proven leaked",
        LeakSign.Growing => "still grows",
        LeakSign.StoppedGrowing => "stopped growing",
        _ => "goes back",
    };

    private static Tone ToneOf(LeakSign sign) => sign switch
    {
        LeakSign.Proven => Tone.Critical,
        LeakSign.Growing => Tone.Warning,
        _ => Tone.Dim,
    };
}
