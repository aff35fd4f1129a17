using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>Any view's list, with what stands around it.</summary>
internal static class GoroutineList
{
    /// <summary>The views' names, and the title.</summary>
    public const int HeadRows = 2;

    /// <param name="hasPreview">Room is kept below the list, so that it keeps its size from one row to the next.</param>
    public static GoroutinesView Build(PaneInput input, Observation observation, ListOrNotice made, ImmutableArray<string> views, bool hasPreview)
    {
        GoroutinesView view = new() { Views = (views, input.State.View), HasPreview = hasPreview };
        if (made.List is not { } list) return view with { Notice = made.Notice };
        PaneState state = input.State;
        GoroutinesLayout layout = Layout(input, hasPreview);
        (int selected, int top) = ListNavigation.Resolve(state, list, layout.TableRows);
        return view with
        {
            Title = list.Title,
            Lines = Status(observation.Now, list) is { } status ? [status] : [],
            Preview = layout.StackRows > 0 && selected >= 0 ? list.Preview(selected) : null,
            Empty = state.Filter.Length > 0 ? "Nothing passes the filter." : list.Empty,
            Table = Table(list, state, selected, top, observation.Now),
        };
    }

    public static TableView Table(IGoroutineList list, PaneState state, int selected, int top, Snapshot now) => new(list.Columns, list.Count, list.Cell)
    {
        Top = top,
        Selected = selected,
        SortColumn = list.CanSort ? Math.Clamp(state.SortColumn, 0, list.Columns.Length - 1) : -1,
        Descending = list.IsDescending(state.SortColumn, state.Inverted),
        IsStale = now.Groups.State == ReadingState.Stale,
    };

    public static GoroutinesLayout Layout(PaneInput input, bool hasPreview)
    {
        int height = input.Height - PaneFrame.RowsTaken(input.Observation);
        return hasPreview ? GoroutinesLayout.ListWithPreview(height, HeadRows) : GoroutinesLayout.List(height, HeadRows);
    }

    /// <summary>What is wrong with the filter, what is old, or what the list leaves out; one line, the weightiest.</summary>
    private static (string Text, Tone Tone)? Status(Snapshot now, IGoroutineList list)
    {
        if (list.FilterError is { } error) return ($"filter: {error}", Tone.Warning);
        if (now.Groups.State == ReadingState.Stale) return (Figure.Why(ReadingState.Stale, now.Groups.Reason), Tone.Warning);
        if (list.Remark is { } remark) return (remark, Tone.Dim);
        if (!now.Facts.Goroutines.TryGet(out GoroutineTable? table)) return null;
        List<string> left = [];
        if (table.BeyondCap > 0) left.Add($"{Figures.Count(table.BeyondCap)} beyond the cap");
        if (table.Torn > 0) left.Add($"{Figures.Count(table.Torn)} torn");
        if (table.SystemGoroutines > 0) left.Add($"{Figures.Count(table.SystemGoroutines)} of the runtime");
        return left.Count == 0 ? null : ($"not listed: {string.Join(", ", left)}", table.BeyondCap > 0 ? Tone.Warning : Tone.Dim);
    }
}
