using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>Groups that are new, gone, growing or shrinking between two moments.</summary>
internal sealed class ChangeRows : IGoroutineList
{
    /// <summary>A slope of two moments so close together would be a guess.</summary>
    private const double LeastSeconds = 5;

    private readonly ImmutableArray<GroupChange<GroupKey>> _changes;
    private readonly ImmutableDictionary<GroupKey, GoroutineGroup> _now;
    private readonly Comparison _moments;

    private ChangeRows(ImmutableArray<GroupChange<GroupKey>> changes, ImmutableDictionary<GroupKey, GoroutineGroup> now, Comparison moments, string title, string? filterError)
    {
        (_changes, _now, _moments, Title, FilterError) = (changes, now, moments, title, filterError);
    }

    public static NoticeView NothingMarked { get; } = new(
        Tone.Accent, "Nothing is marked to compare with", null,
        "m marks this moment: from then on this view lists the groups that are new, gone, growing and shrinking, with their slope. m again marks a second moment to compare the two; u removes the marks.",
        []);

    public ImmutableArray<TableColumn> Columns { get; } =
    [
        new("CHANGE", 9, Align.Right),
        new("PER MINUTE", 10, Align.Right, Priority: 2),
        new("THEN", 7, Align.Right, Priority: 5),
        new("NOW", 7, Align.Right, Priority: 1),
        new("", 9, Priority: 3),
        new("WAIT REASON", 15, Priority: 4),
        new("START FUNCTION", 20, Grow: 3, Fit: Fit.GoName),
        new("CREATED BY", 24, Priority: 6, Grow: 3, Fit: Fit.GoName),
    ];

    public string Title { get; }

    public string? FilterError { get; }

    public string Empty => "No group has changed between the two moments.";

    public int Count => _changes.Length;

    public static ChangeRows Of(Comparison moments, PaneState state)
    {
        ImmutableArray<GroupChange<GroupKey>> all = GroupChanges.Between(Counts(moments.Then), Counts(moments.Now));
        ImmutableDictionary<GroupKey, GoroutineGroup> now = moments.Now.Now.Groups.Value.ToImmutableDictionary(group => group.Key);
        GoroutineFilter filter = GoroutineFilter.Parse(state.Filter, FilterSubject.Groups);
        ImmutableDictionary<GroupKey, GoroutineGroup> then = moments.Then.Now.Groups.Value.ToImmutableDictionary(group => group.Key);
        GroupChange<GroupKey>[] shown = [.. all.Where(change => filter.Matches(now.GetValueOrDefault(change.Key) ?? then[change.Key], null))];
        bool descending = IsDescendingColumn(state.SortColumn, state.Inverted);
        IEnumerable<GroupChange<GroupKey>> sorted = state.SortColumn switch
        {
            2 => By(change => change.Before),
            3 => By(change => change.After),
            4 => By(change => (int)change.Kind),
            5 => ByText(change => change.Key.WaitReason),
            6 => ByText(change => change.Key.StartFunction),
            7 => ByText(change => change.Key.CreatedBy.Function),
            _ => By(change => change.Change),
        };
        return new ChangeRows([.. sorted], now, moments, TitleOf(all, moments), filter.Error);

        IEnumerable<GroupChange<GroupKey>> By(Func<GroupChange<GroupKey>, long> number) => descending ? shown.OrderByDescending(number) : shown.OrderBy(number);

        IEnumerable<GroupChange<GroupKey>> ByText(Func<GroupChange<GroupKey>, string> text) =>
            descending ? shown.OrderByDescending(text, StringComparer.Ordinal) : shown.OrderBy(text, StringComparer.Ordinal);
    }

    public object KeyAt(int row) => _changes[row].Key;

    public int IndexOf(object key)
    {
        if (key is not GroupKey wanted) return -1;
        for (int i = 0; i < _changes.Length; i++)
        {
            if (_changes[i].Key == wanted) return i;
        }

        return -1;
    }

    public bool IsDescending(int column, bool inverted) => IsDescendingColumn(column, inverted);

    public TableCell Cell(int row, int column)
    {
        GroupChange<GroupKey> change = _changes[row];
        return column switch
        {
            0 => new TableCell(Figures.Change(change.Change), ToneOf(change)),
            1 => Slope(change),
            2 => new TableCell(Figures.Count(change.Before), Tone.Dim),
            3 => new TableCell(Figures.Count(change.After)),
            4 => change.Key.State == GoroutineState.Leaked && change.Change > 0 ? new TableCell("leaked", Tone.Critical) : new TableCell(Words(change.Kind), ToneOf(change)),
            5 => GroupRows.Reason(change.Key.WaitReason, change.Key.State),
            6 => GroupRows.Start(change.Key),
            _ => GroupRows.Creator(change.Key),
        };
    }

    public PreviewPanel? Preview(int row) => _now.TryGetValue(_changes[row].Key, out GoroutineGroup? group) ? PreviewPanel.Of(GroupDetail.Panel(group, PaneState.Initial)) : null;

    private static bool IsDescendingColumn(int column, bool inverted) => column <= 3 != inverted;

    private static IEnumerable<KeyValuePair<GroupKey, long>> Counts(Observation moment) =>
        moment.Now.Groups.Value.Select(group => KeyValuePair.Create(group.Key, (long)group.Count));

    private static string TitleOf(ImmutableArray<GroupChange<GroupKey>> changes, Comparison moments)
    {
        IEnumerable<string> words = changes.GroupBy(change => change.Kind).OrderBy(kind => kind.Key).Select(kind => $"{kind.Count()} {Words(kind.Key)}");
        long leaked = changes.Where(change => change.Key.State == GoroutineState.Leaked).Sum(change => Math.Max(0, change.Change));
        string what = changes.IsEmpty ? "no group changed" : string.Join(", ", words);
        return $"{Figures.Change(changes.Sum(change => change.Change))} {Counted.Noun(Math.Abs(changes.Sum(change => change.Change)), "goroutine")} in {Figures.Age(moments.Seconds)}: {what}{(leaked > 0 ? $"; {Figures.Count(leaked)} found leaked" : "")}";
    }

    private static string Words(GroupChangeKind kind) => kind switch
    {
        GroupChangeKind.New => "new",
        GroupChangeKind.Growing => "growing",
        GroupChangeKind.Shrinking => "shrinking",
        _ => "gone",
    };

    private static Tone ToneOf(GroupChange<GroupKey> change) => change.Change <= 0 ? Tone.Dim : change.Key.State == GoroutineState.Leaked ? Tone.Critical : Tone.Warning;

    private TableCell Slope(GroupChange<GroupKey> change) => _moments.Seconds < LeastSeconds
        ? new TableCell(Figure.MissingText, Tone.Dim)
        : new TableCell(Figures.Invariant($"{change.Change * 60 / _moments.Seconds:+#,0.#;-#,0.#;0}"), ToneOf(change));
}
