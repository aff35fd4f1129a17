using System.Collections.Immutable;
using GoTop.Widgets;

namespace GoTop.Panes;

/// <summary>Rows that are selected by what they stand for, not by their number.</summary>
public interface IRowKeys
{
    int Count { get; }

    object KeyAt(int row);

    /// <summary>−1 when there is no such row any more.</summary>
    int IndexOf(object key);
}

/// <summary>Rows whose number is their key: frames of a stack, cores.</summary>
public sealed record NumberedRows(int Count) : IRowKeys
{
    public object KeyAt(int row) => row;

    public int IndexOf(object key) => key is int row && row < Count ? row : -1;
}

/// <summary>How all lists move: the selection stays on its row when rows move, and the window follows the selection.</summary>
public static class ListNavigation
{
    /// <summary>Where the selection and the window are now that the rows are these.</summary>
    /// <returns>The selected row, −1 when there are none, and the first row shown.</returns>
    public static (int Selected, int Top) Resolve(PaneState state, IRowKeys rows, int visibleRows)
    {
        if (rows.Count == 0) return (-1, 0);
        visibleRows = Math.Max(1, visibleRows);
        int highestTop = Math.Max(0, rows.Count - visibleRows);
        int top = Math.Clamp(state.Top, 0, highestTop);
        if (state.Selected is not { } key) return (0, 0);
        int selected = rows.IndexOf(key);
        // What was selected is gone: stay in the same part of the list rather than jump to its head.
        if (selected < 0) return (top, top);
        if (selected < top) top = selected;
        if (selected >= top + visibleRows) top = selected - visibleRows + 1;
        return (selected, Math.Clamp(top, 0, highestTop));
    }

    /// <summary>The state after a movement; the same state for any other command.</summary>
    /// <remarks>Home selects whatever is first from then on, as at the start; any other movement selects that very row.</remarks>
    public static PaneState Handle(PaneState state, PaneCommand command, IRowKeys rows, int visibleRows)
    {
        if (rows.Count == 0) return state;
        visibleRows = Math.Max(1, visibleRows);
        (int selected, int top) = Resolve(state, rows, visibleRows);
        int target = command switch
        {
            PaneCommand.Up => selected - 1,
            PaneCommand.Down => selected + 1,
            PaneCommand.PageUp => selected - visibleRows,
            PaneCommand.PageDown => selected + visibleRows,
            PaneCommand.Home => 0,
            PaneCommand.End => rows.Count - 1,
            _ => -1,
        };
        if (target < 0 && command is not (PaneCommand.Up or PaneCommand.PageUp)) return state;
        target = Math.Clamp(target, 0, rows.Count - 1);
        // A page moves the window by a page as well, so that the selection keeps its place in it.
        if (command is PaneCommand.PageUp or PaneCommand.PageDown) top += target - selected;
        PaneState moved = state with { Selected = command == PaneCommand.Home ? null : rows.KeyAt(target), Top = Math.Max(0, top) };
        return moved with { Top = Resolve(moved, rows, visibleRows).Top };
    }

    /// <summary>As below, past the columns that are hidden at this width: a sort that no head shows is a riddle.</summary>
    public static PaneState HandleSort(PaneState state, PaneCommand command, ImmutableArray<TableColumn> columns, int width)
    {
        Span<int> widths = stackalloc int[columns.Length];
        // Two fewer, as the scroll bar may take them.
        Table.Layout(columns.AsSpan(), width - 2, widths);
        PaneState sorted = HandleSort(state, command, columns.Length);
        for (int turns = 0; command == PaneCommand.NextSort && turns < columns.Length && widths[sorted.SortColumn] == 0; turns++)
            sorted = HandleSort(sorted, command, columns.Length);
        return sorted;
    }

    /// <summary>Next sort column, or the other direction; the same state for any other command.</summary>
    public static PaneState HandleSort(PaneState state, PaneCommand command, int columns) => command switch
    {
        PaneCommand.NextSort when columns > 1 => state with { SortColumn = (Math.Max(0, state.SortColumn) + 1) % columns, Inverted = false },
        PaneCommand.Invert => state with { Inverted = !state.Inverted },
        _ => state,
    };

    /// <summary>Opens a thing: inside, selection, sort and filter start afresh.</summary>
    public static PaneState Open(PaneState state, object opened) => PaneState.Initial with
    {
        View = state.View,
        Measure = state.Measure,
        HidesRuntime = state.HidesRuntime,
        Forced = state.Forced,
        Levels = state.Levels.Add(new PaneState.Level(opened, state)),
    };

    /// <summary>Closes what was opened last and returns to the state before; the same state when nothing is open.</summary>
    /// <remarks>What is shown of everything, its measure and whose frames, is not of a level: it stays.</remarks>
    public static PaneState Close(PaneState state) =>
        state.Levels.IsEmpty ? state : state.Levels[^1].Before with { Measure = state.Measure, HidesRuntime = state.HidesRuntime, Forced = state.Forced };
}
