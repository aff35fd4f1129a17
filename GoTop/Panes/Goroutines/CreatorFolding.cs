namespace GoTop.Panes.Goroutines;

/// <summary>Unfolding and folding the tree of creators, as trees do everywhere: right goes in, left goes out.</summary>
internal static class CreatorFolding
{
    /// <summary>The state after it; null when the command means something else here.</summary>
    public static PaneState? Handle(PaneState state, PaneCommand command, CreatorRows tree, int visibleRows)
    {
        int row = ListNavigation.Resolve(state, tree, visibleRows).Selected;
        if (row < 0) return null;
        object key = tree.KeyAt(row);
        switch (command)
        {
            case PaneCommand.Right:
                return tree.CanUnfold(row) ? Turn(state, key) : ListNavigation.Handle(state, PaneCommand.Down, tree, visibleRows);
            case PaneCommand.Left when tree.IsUnfolded(row):
                return Turn(state, key);
            case PaneCommand.Left:
                return tree.RowAbove(row) is >= 0 and int above ? state with { Selected = tree.KeyAt(above) } : state;
            default:
                return null;
        }
    }

    private static PaneState Turn(PaneState state, object key) =>
        state with { Selected = key, Turned = state.Turned.SymmetricExcept([key]) };
}
