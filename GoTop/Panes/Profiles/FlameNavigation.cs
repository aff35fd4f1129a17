using GoTop.Widgets.Flame;

namespace GoTop.Panes.Profiles;

/// <summary>Moving about a flame graph. What is selected and what is zoomed to are kept as paths, so they outlast the profile.</summary>
internal static class FlameNavigation
{
    /// <summary>What is zoomed to; the root while nothing is, or where it is not in this profile.</summary>
    public static int Zoomed(PaneState state, IFlameTree tree, out bool found)
    {
        found = true;
        return state.Levels is [.., { Opened: FlamePath path }] ? path.FindIn(tree, out found) : 0;
    }

    /// <summary>The selected bar, or its nearest caller that is wide enough to be seen; (−1, −1) where there is none at all.</summary>
    public static (int Row, int Bar) Selected(PaneState state, IFlameTree tree, FlameLayout layout) =>
        layout.Rows.IsEmpty ? (-1, -1) : state.Selected is FlamePath path ? layout.Find(tree, path.FindIn(tree, out _)) : (0, 0);

    /// <summary>First row shown: the selection is always in sight, with the rows below it where there is room.</summary>
    public static int Top(PaneState state, int selectedRow, int rows, int visibleRows)
    {
        visibleRows = Math.Max(1, visibleRows);
        int top = Math.Clamp(state.Top, 0, Math.Max(0, rows - visibleRows));
        if (selectedRow < top) top = Math.Max(0, selectedRow);
        return selectedRow >= top + visibleRows ? selectedRow - visibleRows + 1 : top;
    }

    /// <summary>The state after a movement or a zoom; the same for any other command.</summary>
    public static PaneState Handle(PaneState state, PaneCommand command, IFlameTree tree, FlameLayout layout, int visibleRows)
    {
        (int row, int bar) = Selected(state, tree, layout);
        if (row < 0) return state;
        (int toRow, int toBar) = command switch
        {
            PaneCommand.Up => Parent(tree, layout, row, bar, 1),
            PaneCommand.Down => Child(layout, row, bar, 1),
            PaneCommand.PageUp => Parent(tree, layout, row, bar, visibleRows - 1),
            PaneCommand.PageDown => Child(layout, row, bar, visibleRows - 1),
            PaneCommand.Left => Beside(layout, row, bar, -1),
            PaneCommand.Right => Beside(layout, row, bar, 1),
            PaneCommand.Home => (0, 0),
            PaneCommand.End => Child(layout, row, bar, int.MaxValue),
            _ => (-1, -1),
        };
        if (command == PaneCommand.Open) return row == 0 ? state : ListNavigation.Open(state, Path(row, bar)) with { Filter = state.Filter };
        if (toRow < 0) return state;
        PaneState moved = state with { Selected = command == PaneCommand.Home ? null : Path(toRow, toBar) };
        return moved with { Top = Top(moved, toRow, layout.Rows.Length, visibleRows) };

        FlamePath Path(int atRow, int atBar) => FlamePath.Of(tree, layout.Rows[atRow][atBar].Node);
    }

    private static (int Row, int Bar) Parent(IFlameTree tree, FlameLayout layout, int row, int bar, int steps)
    {
        int node = layout.Rows[row][bar].Node;
        for (; steps > 0 && row > 0; steps--, row--) node = tree.ParentOf(node);
        return (row, IndexOf(layout, row, node));
    }

    /// <summary>Down the heaviest callees.</summary>
    private static (int Row, int Bar) Child(FlameLayout layout, int row, int bar, int steps)
    {
        for (; steps > 0 && row + 1 < layout.Rows.Length; steps--)
        {
            FlameBar above = layout.Rows[row][bar];
            int child = -1;
            for (int i = 0; i < layout.Rows[row + 1].Length && child < 0; i++)
            {
                FlameBar below = layout.Rows[row + 1][i];
                if (below.Node >= 0 && below.Left >= above.Left && below.Left < above.Left + above.Width) child = i;
            }

            if (child < 0) break;
            (row, bar) = (row + 1, child);
        }

        return (row, bar);
    }

    /// <summary>The next frame in that row, whoever called it; the same where there is none.</summary>
    private static (int Row, int Bar) Beside(FlameLayout layout, int row, int bar, int step)
    {
        for (int i = bar + step; i >= 0 && i < layout.Rows[row].Length; i += step)
        {
            if (layout.Rows[row][i].Node >= 0) return (row, i);
        }

        return (row, bar);
    }

    private static int IndexOf(FlameLayout layout, int row, int node)
    {
        for (int i = 0; i < layout.Rows[row].Length; i++)
        {
            if (layout.Rows[row][i].Node == node) return i;
        }

        return 0;
    }
}
