using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>An open group: its stacks, and its goroutines.</summary>
internal static class GroupDetail
{
    private const int LabelsShown = 6;

    /// <summary>With a line for growth and age where there is room for it, and one for labels where there are some.</summary>
    private static int HeadRows(int height, GoroutineGroup? group) => height < 16 ? 2 : group is { Labels.IsEmpty: false } ? 4 : 3;

    /// <summary>Columns that tell goroutines of one group apart, as indices into <see cref="GoroutineRows.AllColumns"/>.</summary>
    private static readonly ImmutableArray<int> RowColumns = [0, 1, 6, 7];

    public static ImmutableArray<TableColumn> Columns { get; } = [.. RowColumns.Select(column => GoroutineRows.AllColumns[column])];

    public static int RowColumn(int column) => RowColumns[Math.Clamp(column, 0, RowColumns.Length - 1)];

    public static int StackCount(PaneInput input, GroupKey key) => Find(input.Observation, key)?.Stacks is { IsDefault: false } stacks ? stacks.Length : 0;

    public static GoroutinesLayout Layout(PaneInput input, GroupKey key, int height)
    {
        GoroutineGroup? group = Find(input.Observation, key);
        int frames = group is null || group.Stacks.IsDefaultOrEmpty ? 1 : Shape(group, input.State).Frames.Length;
        return GoroutinesLayout.Group(input.Width, height, HeadRows(height, group), frames);
    }

    public static GoroutinesView Build(PaneInput input, Observation observation, GroupKey key, GoroutineRows? rows)
    {
        Snapshot now = observation.Now;
        if (!now.Groups.HasValue) return new GoroutinesView { Notice = NoticeView.Absent(now.Groups, "goroutines", now) };
        GoroutineGroup? group = Find(observation, key);
        int height = input.Height - PaneFrame.RowsTaken(observation), visible = Layout(input, key, height).TableRows;
        (string Text, Tone Tone) origin = rows?.FilterError is { } error ? ($"filter: {error}", Tone.Warning) : (GoroutineWords.Origin(key.CreatedBy, 0, input.Width), Tone.Dim);
        (int selected, int top) = rows is null ? (-1, 0) : ListNavigation.Resolve(input.State, rows, visible);
        return new GoroutinesView
        {
            Title = Title(group, key),
            Lines = HeadRows(height, group) switch
            {
                2 => [origin],
                3 => [(Growth(group, key, observation), Tone.Normal), origin],
                _ => [(Growth(group, key, observation), Tone.Normal), (Labels(group!), Tone.Accent), origin],
            },
            Empty = group is null ? "This group has no goroutines any more." : "Its goroutines are not listed by any source.",
            Stack = group is null ? null : Panel(group, input.State),
            Table = rows is null ? null : new TableView(Columns, rows.Count, (row, column) => rows.Cell(row, RowColumns[column]))
            {
                Top = top,
                Selected = selected,
                SortColumn = Math.Clamp(input.State.SortColumn, 0, RowColumns.Length - 1),
                Descending = GoroutineRows.IsDescendingColumn(RowColumn(input.State.SortColumn), input.State.Inverted),
                IsStale = now.Groups.State == ReadingState.Stale,
            },
        };
    }

    private static string Title(GoroutineGroup? group, GroupKey key)
    {
        string start = key.StartFunction.Length > 0 ? key.StartFunction : "unknown start function";
        string state = key.WaitReason.Length > 0 ? $"{GoroutineWords.Of(key.State)} [{key.WaitReason}]" : GoroutineWords.Of(key.State);
        string count = group is null ? "none left" : Figures.Count(group.Count);
        return $"{count} × {Drawing.WithoutImportPath(start)} {state}";
    }

    private static string Growth(GoroutineGroup? group, GroupKey key, Observation observation)
    {
        string growth = observation.History.Groups.TryGetValue(key, out GroupTrend trend) && trend.WindowSeconds >= 1
            ? $"{Figures.Change(trend.Growth)} in {Figures.Age(trend.WindowSeconds)}"
            : "growth not known yet";
        return group is not null && group.OldestSeconds.TryGet(out double age) ? $"{growth}; the oldest has waited {Figures.Age(age)} at least" : growth;
    }

    /// <summary><c>labels endpoint=POST /orders 5,589, tenant=acme 3,726, 2 more</c>.</summary>
    private static string Labels(GoroutineGroup group)
    {
        IEnumerable<string> words = group.Labels.Take(LabelsShown).Select(label => $"{label.Label.Key}={label.Label.Value} {Figures.Count(label.Count)}");
        if (group.Labels.Length > LabelsShown) words = words.Append("more");
        return $"labels {string.Join(", ", words)}";
    }

    public static StackPanel Panel(GoroutineGroup group, PaneState state) => new(
        group.Stacks.IsDefault ? [] : group.Stacks,
        group.Stacks.IsDefaultOrEmpty ? 0 : Math.Clamp(state.Across, 0, group.Stacks.Length - 1),
        group.Count,
        !group.Stacks.IsDefaultOrEmpty ? null : group.Key.State == GoroutineState.Running
            ? "A running goroutine has no stack that can be read from outside."
            : "No stack of it has been read yet; the next reading may have one.");

    private static StackShape Shape(GoroutineGroup group, PaneState state) => group.Stacks[Math.Clamp(state.Across, 0, group.Stacks.Length - 1)];

    private static GoroutineGroup? Find(Observation? observation, GroupKey key)
    {
        if (observation is null || !observation.Now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return null;
        foreach (GoroutineGroup group in groups)
        {
            if (group.Key == key) return group;
        }

        return null;
    }
}
