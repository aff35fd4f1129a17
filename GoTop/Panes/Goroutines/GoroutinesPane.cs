using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>
/// What all goroutines do: by group, or one by one. Enter opens a group (its stacks, its goroutines) and then a
/// goroutine (its stack).
/// </summary>
/// <remarks>The sorted rows are kept between frames, so that a key press never sorts again what is sorted already.</remarks>
public sealed class GoroutinesPane : Pane<GoroutinesView>
{
    private const int GroupsView = 0;
    private const int ViewCount = 2;

    private readonly LastResult<(SameObject Observation, string Filter, int Sort, bool Inverted), GroupRows> _groups = new();
    private readonly LastResult<(SameObject Table, GroupKey? Group, string Filter, int Sort, bool Inverted), GoroutineRows> _rows = new();

    public override string Id => "goroutines";

    public override string Title => "Goroutines";

    public override string ShortTitle => "Gorout";

    public override Interest Interest(PaneInput input) => Opened(input.State) switch
    {
        GroupKey group => new Interest { Stacks = group },
        long goroutine => new Interest { Goroutine = goroutine },
        _ => Engine.Sources.Interest.None,
    };

    public override ImmutableArray<string> SortColumns(PaneInput input) => Opened(input.State) switch
    {
        long => [],
        GroupKey => [.. GroupDetail.Columns.Select(column => column.Title)],
        _ => [.. (input.State.View == GroupsView ? GroupRows.Columns : GoroutineRows.Columns).Select(column => column.Title)],
    };

    public override GoroutinesView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new GoroutinesView { Notice = NoticeView.NoObservation };
        GoroutinesView view = Opened(input.State) switch
        {
            GroupKey key => GroupDetail.Build(input, observation, key, Rows(input, key)),
            long id => GoroutineDetail.Build(input, observation, id),
            _ => GoroutineList.Build(input, observation, Groups(input), Rows(input, null)),
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
                return PaneState.Initial with { View = (state.View + 1) % ViewCount, Filter = state.Filter };
            case PaneCommand.NextSort when state.Levels.IsEmpty:
                return ListNavigation.HandleSort(state, command, state.View == GroupsView ? GroupRows.Columns : GoroutineRows.Columns, input.Width);
            case PaneCommand.NextSort or PaneCommand.Invert:
                return ListNavigation.HandleSort(state, command, SortColumns(input).Length);
            case PaneCommand.Left when Opened(state) is GroupKey:
                return state with { Across = Math.Max(0, state.Across - 1) };
            case PaneCommand.Right when Opened(state) is GroupKey key:
                return state with { Across = Math.Min(state.Across + 1, Math.Max(0, GroupDetail.StackCount(input, key) - 1)) };
        }

        if (List(input) is not { } rows) return state;
        if (command == PaneCommand.Open)
            return Opened(state) is not long && SelectedKey(state, rows, VisibleRows(input)) is { } opened ? ListNavigation.Open(state, opened) : state;
        return ListNavigation.Handle(state, command, rows, VisibleRows(input));
    }

    protected override void Draw(GoroutinesView view, DrawContext context) => GoroutinesDrawing.Draw(view, context);

    private static object? Opened(PaneState state) => state.Levels.IsEmpty ? null : state.Levels[^1].Opened;

    private static object? SelectedKey(PaneState state, IRowKeys rows, int visibleRows)
    {
        int selected = ListNavigation.Resolve(state, rows, visibleRows).Selected;
        return selected < 0 ? null : rows.KeyAt(selected);
    }

    private IRowKeys? List(PaneInput input) => Opened(input.State) switch
    {
        GroupKey key => Rows(input, key),
        long id => new NumberedRows(GoroutineDetail.Frames(input.Observation, id).Length),
        _ => input.State.View == GroupsView ? Groups(input) : Rows(input, null),
    };

    private static int VisibleRows(PaneInput input)
    {
        int height = input.Height - PaneFrame.RowsTaken(input.Observation);
        return Opened(input.State) switch
        {
            GroupKey key => GroupDetail.Layout(input, key, height).TableRows,
            long => GoroutinesLayout.List(height, GoroutineDetail.HeadRows).TableRows,
            _ => GoroutineList.Layout(input).TableRows,
        };
    }

    private GroupRows? Groups(PaneInput input) =>
        input.State.View == GroupsView && input.Observation is { } observation && observation.Now.Groups.HasValue
            ? _groups.Get(
                (new SameObject(observation), input.State.Filter, input.State.SortColumn, input.State.Inverted),
                (observation, input.State),
                static made => GroupRows.Of(made.observation, made.State))
            : null;

    private GoroutineRows? Rows(PaneInput input, GroupKey? group)
    {
        if (group is null && input.State.View == GroupsView) return null;
        if (input.Observation is null || !input.Observation.Now.Facts.Goroutines.TryGet(out GoroutineTable? table)) return null;
        int sort = group is null ? input.State.SortColumn : GroupDetail.RowColumn(input.State.SortColumn);
        return _rows.Get(
            (new SameObject(table), group, input.State.Filter, sort, input.State.Inverted),
            (table, group, input.State, sort),
            static made => GoroutineRows.Of(made.table, made.group, made.State.Filter, made.sort, made.State.Inverted));
    }
}
