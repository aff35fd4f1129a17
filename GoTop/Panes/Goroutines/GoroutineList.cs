using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>The two lists: groups, and single goroutines.</summary>
internal static class GoroutineList
{
    public const int HeadRows = 1;

    public static GoroutinesView Build(PaneInput input, Observation observation, GroupRows? groups, GoroutineRows? rows)
    {
        Snapshot now = observation.Now;
        if (groups is null && rows is null)
        {
            return new GoroutinesView
            {
                Notice = input.State.View == 0
                    ? NoticeView.Absent(now.Groups, "goroutines", now)
                    : NoticeView.Absent(now.Facts.Goroutines, "goroutines", now),
            };
        }

        PaneState state = input.State;
        IRowKeys keys = groups is not null ? groups : rows!;
        int visible = Layout(input).TableRows;
        (int selected, int top) = ListNavigation.Resolve(state, keys, visible);
        bool descending = groups is not null
            ? GroupRows.IsDescending(state.SortColumn, state.Inverted)
            : GoroutineRows.IsDescending(state.SortColumn, state.Inverted);
        return new GoroutinesView
        {
            Title = groups is not null ? GroupsTitle(now, groups, state) : RowsTitle(rows!, state),
            Lines = [StatusLine(now, groups?.FilterError ?? rows?.FilterError)],
            Preview = groups is not null && selected >= 0 ? GroupDetail.Panel(groups.Groups[selected], PaneState.Initial) : null,
            Empty = state.Filter.Length > 0 ? "Nothing passes the filter." : "There are no goroutines.",
            Table = new TableView(
                groups is not null ? GroupRows.Columns : GoroutineRows.Columns, keys.Count,
                groups is not null ? groups.Cell : rows!.Cell)
            {
                Top = top,
                Selected = selected,
                SortColumn = state.SortColumn,
                Descending = descending,
                IsStale = now.Groups.State == ReadingState.Stale,
            },
        };
    }

    public static GoroutinesLayout Layout(PaneInput input)
    {
        int height = input.Height - PaneFrame.RowsTaken(input.Observation);
        return input.State.View == 0 ? GoroutinesLayout.Groups(height, HeadRows) : GoroutinesLayout.List(height, HeadRows);
    }

    private static string GroupsTitle(Snapshot now, GroupRows groups, PaneState state)
    {
        ImmutableArray<GoroutineGroup> all = now.Groups.Value;
        long goroutines = 0, shown = 0;
        foreach (GoroutineGroup group in all) goroutines += group.Count;
        foreach (GoroutineGroup group in groups.Groups) shown += group.Count;
        return state.Filter.Length > 0 && groups.FilterError is null
            ? $"{Figures.Count(groups.Count)} of {Figures.Count(all.Length)} groups, {Figures.Count(shown)} of {Figures.Count(goroutines)} goroutines: {state.Filter}"
            : $"{Figures.Count(goroutines)} goroutines in {Figures.Count(all.Length)} groups";
    }

    private static string RowsTitle(GoroutineRows rows, PaneState state) =>
        state.Filter.Length > 0 && rows.FilterError is null
            ? $"{Figures.Count(rows.Count)} of {Figures.Count(rows.Table.Rows.Length)} goroutines: {state.Filter}"
            : $"{Figures.Count(rows.Count)} goroutines";

    /// <summary>What is wrong with the filter, or what the list leaves out.</summary>
    private static (string Text, Tone Tone) StatusLine(Snapshot now, string? filterError)
    {
        if (filterError is not null) return ($"filter: {filterError}", Tone.Warning);
        if (now.Groups.State == ReadingState.Stale) return (Figure.Why(ReadingState.Stale, now.Groups.Reason), Tone.Warning);
        if (!now.Facts.Goroutines.TryGet(out GoroutineTable? table)) return ("", Tone.Dim);
        List<string> left = [];
        if (table.BeyondCap > 0) left.Add($"{Figures.Count(table.BeyondCap)} beyond the cap");
        if (table.Torn > 0) left.Add($"{Figures.Count(table.Torn)} torn");
        if (table.SystemGoroutines > 0) left.Add($"{Figures.Count(table.SystemGoroutines)} of the runtime");
        return left.Count == 0 ? ("", Tone.Dim) : ($"not listed: {string.Join(", ", left)}", table.BeyondCap > 0 ? Tone.Warning : Tone.Dim);
    }
}
