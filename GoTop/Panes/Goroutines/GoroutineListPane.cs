using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>
/// A pane of lists about goroutines. Enter opens a row: a group (its stacks, its goroutines), whatever else has goroutines, and
/// then a goroutine (its stack).
/// </summary>
/// <remarks>What is listed is kept between frames, so that a key press never sorts again what is sorted already.</remarks>
public abstract class GoroutineListPane : Pane<GoroutinesView>
{
    private readonly LastResult<(SameObject Table, object? Within, string Filter, int Sort, bool Inverted), GoroutineRows> _rows = new();
    private readonly LastResult<SameObject, WaitIndex> _waits = new();

    public override Interest Interest(PaneInput input) => Opened(input.State) switch
    {
        GroupKey group => new Interest { Stacks = group },
        long goroutine => new Interest { Goroutine = goroutine, Waits = true, Labels = true },
        WaitKey => new Interest { Waits = true, AllStacks = true },
        GoroutineLabel => new Interest { Labels = true },
        _ => Engine.Sources.Interest.None,
    };

    public override ImmutableArray<string> SortColumns(PaneInput input) => Opened(input.State) switch
    {
        long or StackKey => [],
        GroupKey => [.. GroupDetail.Columns.Select(column => column.Title)],
        null => List(input).List is { CanSort: true } list ? [.. list.Columns.Select(column => column.Title)] : [],
        _ => [.. GoroutineRows.AllColumns.Select(column => column.Title)],
    };

    public override GoroutinesView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new GoroutinesView { Notice = NoticeView.NoObservation };
        GoroutinesView view = Opened(input.State) switch
        {
            GroupKey key => GroupDetail.Build(input, observation, key, Rows(input, key)),
            long id => GoroutineDetail.Build(input, observation, id, WaitIndex(input)),
            StackKey key => StackDetail.Build(input, observation, key),
            null => GoroutineList.Build(input, observation, List(input), Views, HasPreview(input.State.View)),
            { } opened => ScopeDetail.Build(input, observation, opened, Rows(input, opened), WaitIndex(input)),
        };
        return view with { Ended = PaneFrame.Ended(observation) };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        switch (command)
        {
            case PaneCommand.Back:
                return ListNavigation.Close(state);
            case PaneCommand.NextView when state.Levels.IsEmpty:
                return PaneState.Initial with { View = (state.View + 1) % Views.Length, Filter = state.Filter, Turned = state.Turned };
            case PaneCommand.NextSort when state.Levels.IsEmpty:
                return List(input).List is { CanSort: true } sorted ? ListNavigation.HandleSort(state, command, sorted.Columns, input.Width) : state;
            case PaneCommand.NextSort or PaneCommand.Invert:
                return ListNavigation.HandleSort(state, command, SortColumns(input).Length);
            case PaneCommand.Left when Opened(state) is GroupKey:
                return state with { Across = Math.Max(0, state.Across - 1) };
            case PaneCommand.Right when Opened(state) is GroupKey key:
                return state with { Across = Math.Min(state.Across + 1, Math.Max(0, GroupDetail.StackCount(input, key) - 1)) };
        }

        if (Shown(input) is not { } rows) return state;
        int visible = VisibleRows(input);
        if (rows is CreatorRows tree && CreatorFolding.Handle(state, command, tree, visible) is { } folded) return folded;
        if (command == PaneCommand.Open)
            return Opened(state) is not (long or StackKey) && SelectedKey(state, rows, visible) is { } opened ? ListNavigation.Open(state, opened) : state;
        return ListNavigation.Handle(state, command, rows, visible);
    }

    protected override void Draw(GoroutinesView view, DrawContext context) => GoroutinesDrawing.Draw(view, context);

    /// <summary>What the view lists, when nothing of it is open.</summary>
    private protected abstract ListOrNotice List(PaneInput input);

    /// <summary>Whether the view shows more about the selected row below its list.</summary>
    private protected abstract bool HasPreview(int view);

    /// <summary>Makes the test of which rows belong to what was opened; null for one that this pane does not open.</summary>
    private protected virtual Func<Func<int, bool>>? Within(PaneInput input, GoroutineTable table, object? opened) => opened switch
    {
        GroupKey group => () => GoroutineScope.Of(table, group),
        AgeRange range => () => GoroutineScope.Of(table, range),
        GoroutineLabel label => () => GoroutineScope.Of(table, label),
        WaitKey key => () => GoroutineScope.Of(WaitIndex(input), key),
        _ => null,
    };

    private protected static object? Opened(PaneState state) => state.Levels.IsEmpty ? null : state.Levels[^1].Opened;

    private protected static GoroutineTable? Table(PaneInput input) => input.Observation?.Now.Facts.Goroutines.ValueOr(null);

    private protected WaitIndex? WaitIndex(PaneInput input) =>
        Table(input) is { } table && table.Waits.TryGet(out GoroutineWaits? waits) ? _waits.Get(new SameObject(waits), (table, waits), static made => new WaitIndex(made.table, made.waits)) : null;

    /// <param name="opened">Only the goroutines of what was opened; null for all.</param>
    private protected GoroutineRows? Rows(PaneInput input, object? opened)
    {
        if (Table(input) is not { } table) return null;
        int sort = opened is GroupKey ? GroupDetail.RowColumn(input.State.SortColumn) : input.State.SortColumn;
        return _rows.Get(
            (new SameObject(table), opened, input.State.Filter, sort, input.State.Inverted),
            (Within(input, table, opened), table, input.State, sort),
            static made => GoroutineRows.Of(made.table, made.Item1?.Invoke(), made.State.Filter, made.sort, made.State.Inverted));
    }

    private static object? SelectedKey(PaneState state, IRowKeys rows, int visibleRows)
    {
        int selected = ListNavigation.Resolve(state, rows, visibleRows).Selected;
        return selected < 0 ? null : rows.KeyAt(selected);
    }

    /// <summary>The rows that movement goes over.</summary>
    private IRowKeys? Shown(PaneInput input) => Opened(input.State) switch
    {
        long id => new NumberedRows(GoroutineDetail.Frames(input.Observation, id).Length),
        StackKey key => new NumberedRows(key.Frames.Length),
        null => List(input).List,
        { } opened => Rows(input, opened),
    };

    private int VisibleRows(PaneInput input)
    {
        int height = input.Height - PaneFrame.RowsTaken(input.Observation);
        return Opened(input.State) switch
        {
            GroupKey key => GroupDetail.Layout(input, key, height).TableRows,
            long id => GoroutinesLayout.List(height, GoroutineDetail.HeadRows(input, id, WaitIndex(input))).TableRows,
            StackKey => GoroutinesLayout.List(height, StackDetail.HeadRows).TableRows,
            null => GoroutineList.Layout(input, HasPreview(input.State.View)).TableRows,
            { } opened => GoroutinesLayout.List(height, ScopeDetail.HeadRows(opened, WaitIndex(input), input)).TableRows,
        };
    }
}
