using System.Collections.Immutable;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Fleet;

/// <summary>Many targets at once, those in most trouble first; or what they have in common: services, versions, hosts.</summary>
public sealed class FleetPane : Pane<FleetView>
{
    private static readonly ImmutableArray<FleetGrouping> Groupings = [FleetGrouping.None, FleetGrouping.Service, FleetGrouping.Version, FleetGrouping.Host];

    private readonly LastResult<(SameObject Fleet, int View, object? Group, string Filter, int Sort, bool Inverted), FleetTable> _tables = new();

    public override string Id => "fleet";

    public override string Title => "Fleet";

    public override ImmutableArray<string> Views { get; } = ["targets", "services", "versions", "hosts"];

    public override ImmutableArray<string> SortColumns(PaneInput input) => Table(input) is { } table ? [.. table.Columns.Select(column => column.Title)] : [];

    public override FleetView Build(PaneInput input)
    {
        FleetView view = new(Views, input.State.View, null, "", Tone.Dim, null, null, null, []);
        if (!input.App.Fleet.TryGet(out FleetSnapshot? fleet)) return view with { Notice = NoFleet(input.App.Fleet) };
        view = view with { Status = Status(fleet, input.State), StatusTone = StatusTone(fleet), Troubled = [.. fleet.Sources.Where(source => source.Reason is not null)] };
        if (OpenedTarget(input.State) is { } opened) return view with { Opened = Opened(fleet, opened, input), Notice = fleet.Find(opened.Id) is null ? Gone : null };
        FleetTable table = Table(input)!;
        TableView rows = table.View(input.State, FleetDrawing.VisibleRows(input.Height, view.Troubled.Length));
        return view with { Table = rows, Selected = rows.Selected >= 0 && table.KeyAt(rows.Selected) is FleetTargetKey key ? fleet.Find(key.Id) : null };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        if (command == PaneCommand.NextView) return PaneState.Initial with { View = (state.View + 1) % Views.Length };
        if (command == PaneCommand.Back) return ListNavigation.Close(state);
        if (OpenedTarget(state) is not null) return command == PaneCommand.Left ? ListNavigation.Close(state) : state;
        if (Table(input) is not { } table || !input.App.Fleet.TryGet(out FleetSnapshot? fleet)) return state;
        if (command is PaneCommand.NextSort or PaneCommand.Invert) return ListNavigation.HandleSort(state, command, table.Columns, input.Width);
        int visible = FleetDrawing.VisibleRows(input.Height, fleet.Sources.Count(source => source.Reason is not null));
        if (command is not (PaneCommand.Open or PaneCommand.Right)) return ListNavigation.Handle(state, command, table, visible);
        int selected = ListNavigation.Resolve(state, table, visible).Selected;
        if (selected < 0) return state;
        object key = table.KeyAt(selected);
        // What Enter does with a target that can be watched is the application's; it finds its key in the selection.
        bool isForTheApplication = command == PaneCommand.Open && key is FleetTargetKey target && fleet.Find(target.Id)?.Row.Target is not null;
        PaneState onIt = state with { Selected = key };
        return isForTheApplication ? onIt : ListNavigation.Open(onIt, key);
    }

    /// <summary>The target whose figures are shown; null while a table is.</summary>
    public static FleetTargetKey? OpenedTarget(PaneState state) => state.Levels.IsEmpty ? null : state.Levels[^1].Opened as FleetTargetKey;

    protected override void Draw(FleetView view, DrawContext context) => FleetDrawing.Draw(view, context);

    private static NoticeView Gone { get; } = new(Tone.Warning, "The target is gone", "Its source no longer tells of it.", "Esc goes back to the others.", []);

    private static NoticeView NoFleet(Reading<FleetSnapshot> fleet) => fleet.State == ReadingState.NotYet
        ? new NoticeView(Tone.Accent, "Waiting for the first answers", fleet.Reason, null, [])
        : new NoticeView(
            Tone.Accent, "There is no fleet", fleet.Reason,
            "It is made of the targets of gotop.toml that have a url or metrics, and of what a Prometheus-compatible engine knows: [fleet] prometheus = \"http://host:9090\", or gotop fleet --prometheus URL.", []);

    private static FleetOpenedView? Opened(FleetSnapshot fleet, FleetTargetKey key, PaneInput input)
    {
        if (fleet.Find(key.Id) is not { } row) return null;
        Reading<FleetHistory> history = input.App.FleetDetail is { } detail && detail.Id == key.Id ? detail.History : Reading.NotYet<FleetHistory>("its past has been asked for");
        return new FleetOpenedView(row, [.. FleetFigureCatalog.All.Select(info => Line(row, info))], history);
    }

    private static FleetFigureLine Line(RankedRow row, FleetFigureInfo info)
    {
        Figure value = Figure.Of(row.Row[info.Figure], number => Figures.Of(info.Unit, number));
        Oddness? odd = row.Odd.FirstOrDefault(one => one.Figure == info.Figure);
        return new FleetFigureLine(info, value, odd is null ? "" : $"{odd.Peers} peers {Figures.Of(info.Unit, odd.Median)}", odd is null ? Tone.Normal : Tone.Accent);
    }

    private static string Status(FleetSnapshot fleet, PaneState state)
    {
        int down = fleet.Rows.Count(row => row.Row.State == FleetState.Down), trouble = fleet.Rows.Count(row => row.IsInTrouble);
        string filter = state.Filter.Length > 0 ? $", /{state.Filter}" : "", beyond = fleet.Beyond > 0 ? $", {Figures.Count(fleet.Beyond)} left out" : "";
        string group = state.Levels is [.., { Opened: FleetGroupKey opened }] ? $"{opened.Name ?? "not known"}: of " : "";
        return $"{group}{Figures.Counted(fleet.Rows.Length, "target")}, {Figures.Count(down)} down, {Figures.Count(trouble)} in trouble{beyond}{filter}";
    }

    private static Tone StatusTone(FleetSnapshot fleet) => fleet.Rows is [var worst, ..] ? worst.IsInTrouble ? FleetColumns.ToneOf(worst.Causes[0]) : Tone.Good : Tone.Dim;

    private FleetTable? Table(PaneInput input)
    {
        if (!input.App.Fleet.TryGet(out FleetSnapshot? fleet)) return null;
        PaneState state = input.State;
        FleetGroupKey? group = state.Levels.Select(level => level.Opened).OfType<FleetGroupKey>().FirstOrDefault();
        return _tables.Get(
            (new SameObject(fleet), state.View, group, state.Filter, state.SortColumn, state.Inverted),
            (fleet, group, state),
            static made =>
            {
                FleetGrouping grouping = Groupings[Math.Clamp(made.state.View, 0, Groupings.Length - 1)];
                if (made.group is { } group) return FleetTable.Of([.. made.fleet.Rows.Where(row => FleetGroup.NameOf(row.Row, grouping) == group.Name)], made.state);
                return grouping == FleetGrouping.None ? FleetTable.Of(made.fleet.Rows, made.state) : FleetTable.Of(FleetGroup.Of(made.fleet.Rows, grouping), made.state);
            });
    }
}
