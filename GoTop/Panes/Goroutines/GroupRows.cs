using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>The groups as filtered and sorted.</summary>
internal sealed class GroupRows(ImmutableArray<GoroutineGroup> groups, ImmutableDictionary<GroupKey, GroupTrend> trends, string title, string? filterError) : IGoroutineList
{
    public static readonly ImmutableArray<TableColumn> AllColumns =
    [
        new("COUNT", 7, Align.Right),
        new("CHANGE", 9, Align.Right, Priority: 4),
        new("IN 2 MIN", 10, Align.Right, Priority: 1),
        new("OLDEST≥", 8, Align.Right, Priority: 3),
        new("STATE", 9, Priority: 5),
        new("WAIT REASON", 15, Priority: 2),
        new("START FUNCTION", 30, Grow: 3, Fit: Fit.GoName),
        new("TAGS", 14, Priority: 4, Grow: 1),
        new("CREATED BY", 24, Priority: 6, Grow: 3, Fit: Fit.GoName),
    ];

    /// <summary>The window that the growth column is headed by; a shorter one is written beside its figure.</summary>
    private const double FullWindowSeconds = 110;

    public ImmutableArray<TableColumn> Columns => AllColumns;

    public ImmutableArray<GoroutineGroup> Groups => groups;

    public string Title => title;

    public string? FilterError => filterError;

    public string Empty => "There are no goroutines.";

    public int Count => groups.Length;

    public object KeyAt(int row) => groups[row].Key;

    public int IndexOf(object key)
    {
        if (key is not GroupKey wanted) return -1;
        for (int i = 0; i < groups.Length; i++)
        {
            if (groups[i].Key == wanted) return i;
        }

        return -1;
    }

    /// <summary>Numbers sort from the largest down, texts from A on; inverted is the other way round.</summary>
    public bool IsDescending(int column, bool inverted) => IsDescendingColumn(column, inverted);

    public static GroupRows Of(Observation observation, PaneState state)
    {
        GoroutineFilter filter = GoroutineFilter.Parse(state.Filter, FilterSubject.Groups);
        ImmutableDictionary<GroupKey, GroupTrend> trends = observation.History.Groups;
        GoroutineGroup[] shown = [.. observation.Now.Groups.Value.Where(group => filter.Matches(group, Trend(group)))];
        // The engine's order, by count, decides between equals: so a stable sort.
        bool descending = IsDescendingColumn(state.SortColumn, state.Inverted);
        IEnumerable<GoroutineGroup> sorted = state.SortColumn switch
        {
            1 => By(group => group.ChangePerSecond.HasValue ? group.ChangePerSecond.Value : double.NaN),
            2 => By(group => Trend(group)?.Growth ?? double.NaN),
            3 => By(group => group.OldestSeconds.HasValue ? group.OldestSeconds.Value : double.NaN),
            4 => ByText(group => GoroutineWords.Of(group.Key.State)),
            5 => ByText(group => group.Key.WaitReason),
            6 => ByText(group => group.Key.StartFunction),
            7 => ByText(group => Tags(group)),
            8 => ByText(group => group.Key.CreatedBy.Function),
            _ => By(group => group.Count),
        };
        return new GroupRows([.. sorted], trends, TitleOf(observation.Now.Groups.Value, shown, state, filter), filter.Error);

        GroupTrend? Trend(GoroutineGroup group) => trends.TryGetValue(group.Key, out GroupTrend trend) ? trend : null;

        // What is not known goes last in either direction.
        IEnumerable<GoroutineGroup> By(Func<GoroutineGroup, double> number) => descending
            ? shown.OrderByDescending(group => double.IsNaN(number(group)) ? double.NegativeInfinity : number(group))
            : shown.OrderBy(group => double.IsNaN(number(group)) ? double.PositiveInfinity : number(group));

        IEnumerable<GoroutineGroup> ByText(Func<GoroutineGroup, string> text) => descending
            ? shown.OrderByDescending(text, StringComparer.Ordinal)
            : shown.OrderBy(text, StringComparer.Ordinal);
    }

    public TableCell Cell(int row, int column) => Cell(groups[row], trends, column);

    public PreviewPanel? Preview(int row) => PreviewPanel.Of(GroupDetail.Panel(groups[row], PaneState.Initial));

    /// <summary>Where there is no reason, the state in brackets: the column for it may be hidden.</summary>
    internal static TableCell Reason(string reason, GoroutineState state) => reason.Length > 0
        ? new TableCell(reason)
        : new TableCell($"({GoroutineWords.Of(state)})", GoroutineWords.ToneOf(state));

    internal static TableCell Start(GroupKey key) =>
        key.StartFunction.Length > 0 ? new TableCell(key.StartFunction, Tone.Accent) : new TableCell("unknown", Tone.Dim);

    private static string Tags(GoroutineGroup group) => string.Join(", ", GoroutineTags.Of(group));

    internal static TableCell Creator(GroupKey key) =>
        key.CreatedBy.Function.Length > 0 ? new TableCell(key.CreatedBy.Function, Tone.Dim) : new TableCell(Figure.MissingText, Tone.Dim);

    private static bool IsDescendingColumn(int column, bool inverted) => column is 0 or 1 or 2 or 3 != inverted;

    private static string TitleOf(ImmutableArray<GoroutineGroup> all, GoroutineGroup[] shown, PaneState state, GoroutineFilter filter)
    {
        long goroutines = all.Sum(group => (long)group.Count);
        return state.Filter.Length > 0 && filter.Error is null
            ? $"{Figures.Count(shown.Length)} of {Figures.Counted(all.Length, "group")}, {Figures.Count(shown.Sum(group => (long)group.Count))} of {Figures.Counted(goroutines, "goroutine")}: {state.Filter}"
            : $"{Figures.Counted(goroutines, "goroutine")} in {Figures.Counted(all.Length, "group")}";
    }

    public static TableCell Cell(GoroutineGroup group, ImmutableDictionary<GroupKey, GroupTrend> trends, int column) => column switch
    {
        0 => new TableCell(Figures.Count(group.Count)),
        1 => Figure.Of(group.ChangePerSecond, Figures.ChangePerSecond, rate => rate >= 0.05 ? Tone.Warning : rate > -0.05 ? Tone.Dim : Tone.Normal).Cell,
        2 => Growth(group, trends),
        3 => Figure.Of(group.OldestSeconds, Figures.Age).Cell,
        4 => new TableCell(GoroutineWords.Of(group.Key.State), GoroutineWords.ToneOf(group.Key.State)),
        5 => Reason(group.Key.WaitReason, group.Key.State),
        6 => Start(group.Key),
        7 => new TableCell(Tags(group), Tone.Dim),
        _ => Creator(group.Key),
    };

    private static TableCell Growth(GoroutineGroup group, ImmutableDictionary<GroupKey, GroupTrend> trends)
    {
        if (!trends.TryGetValue(group.Key, out GroupTrend trend) || trend.WindowSeconds < 1) return new TableCell(Figure.MissingText, Tone.Dim);
        string text = Figures.Change(trend.Growth);
        // In seconds alone, since minutes with seconds do not fit beside a large number.
        if (trend.WindowSeconds < FullWindowSeconds) text += Figures.Invariant($"/{Math.Round(trend.WindowSeconds)}s");
        // As the leak rule sees it: a growth that stands out from the group's size.
        bool grows = trend.Growth >= Math.Max(20, group.Count * 0.05);
        return new TableCell(text, grows ? Tone.Warning : trend.Growth == 0 ? Tone.Dim : Tone.Normal);
    }
}
