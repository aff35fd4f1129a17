using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes.Kernel;
using GoTop.Widgets;

namespace GoTop.Panes.Cores;

/// <summary>What each core does, which of them the target may use, and what its Ps do.</summary>
public sealed class CoresPane : Pane<CoresView>
{
    private const int LoadView = 0;
    private const int WhoView = 1;

    private readonly LastResult<(SameObject Observation, string Filter, int Sort, bool Inverted), SortableTable> _table = new();

    public override string Id => "cores";

    public override string Title => "Cores";

    public override ImmutableArray<string> Views { get; } = ["load", "who has them"];

    /// <summary>The first view is made of counters, which cost nothing.</summary>
    public override Interest Interest(PaneInput input) => input.State.View == WhoView ? new Interest { KernelEvents = true } : base.Interest(input);

    public override ImmutableArray<string> SortColumns(PaneInput input) =>
        input.State.Levels.IsEmpty && Table(input) is { } table ? [.. table.Columns.Select(column => column.Title)] : [];

    public override bool HasRows(PaneState state) => state.View == WhoView;

    public override CoresView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new CoresView { Notice = NoticeView.NoObservation };
        Snapshot now = observation.Now;
        if (input.State.View == WhoView) return Who(input, observation);
        Reading<ImmutableArray<ProcCounters>> procs = now.Go.Counters.Procs;
        (ImmutableArray<CoreLine> lines, int columns) = Lines(input, observation);
        int rows = CoresLayout.Of(input.Width, Rows(input), lines.Length, ProcCount(now)).CoreRows;
        return new CoresView
        {
            Ended = PaneFrame.Ended(observation),
            Words = CoreWords.Of(now),
            Lines = lines,
            Columns = columns,
            Curve = Curve(observation.History, input.Width * 2),
            Top = Math.Clamp(input.State.Top, 0, Math.Max(0, lines.Length - rows)),
            CoresMissing = now.Host.Cores.HasValue ? null : Figure.Of(now.Host.Cores, _ => "").Reason,
            Allowed = now.Process.AllowedCores.ValueOr(null),
            Procs = procs.HasValue ? procs.Value : [],
            ProcsTitle = ProcGrid.Queues(now.Go),
            ProcsMissing = procs.HasValue ? null : Figure.Of(procs, _ => "").Reason,
        };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        if (input.Observation is not { } observation) return input.State;
        if (command == PaneCommand.Back) return ListNavigation.Close(input.State);
        if (command == PaneCommand.NextView && input.State.Levels.IsEmpty) return PaneState.Initial with { View = input.State.View == LoadView ? WhoView : LoadView };
        if (input.State.View == WhoView) return HandleWho(command, input, observation);
        int lines = Lines(input, observation).Lines.Length;
        int rows = CoresLayout.Of(input.Width, Rows(input), lines, ProcCount(observation.Now)).CoreRows;
        int highest = Math.Max(0, lines - rows), top = Math.Clamp(input.State.Top, 0, highest);
        int moved = command switch
        {
            PaneCommand.Up => top - 1,
            PaneCommand.Down => top + 1,
            PaneCommand.PageUp => top - rows,
            PaneCommand.PageDown => top + rows,
            PaneCommand.Home => 0,
            PaneCommand.End => highest,
            _ => top,
        };
        moved = Math.Clamp(moved, 0, highest);
        return moved == input.State.Top ? input.State : input.State with { Top = moved };
    }

    protected override void Draw(CoresView view, DrawContext context) => CoresDrawing.Draw(view, Views, context);

    /// <summary>Below the views' names.</summary>
    private static int Rows(PaneInput input) => Math.Max(0, input.Height - PaneFrame.RowsTaken(input.Observation) - CoresLayout.HeadRows);

    private static int TableRows(PaneInput input) => Math.Max(1, Rows(input) - CoresLayout.WordsAbove(Rows(input)) - Box.Rows(false) - Widgets.Table.HeadRows);

    private static CoreLoad? Opened(PaneInput input, Observation observation) =>
        !input.State.Levels.IsEmpty && input.State.Levels[^1].Opened is int id && observation.Now.Host.Cores.TryGet(out ImmutableArray<CoreLoad> cores) ? cores.FirstOrDefault(core => core.Core.Id == id) : null;

    private CoresView Who(PaneInput input, Observation observation)
    {
        Snapshot now = observation.Now;
        CoresView view = new() { View = WhoView, Ended = PaneFrame.Ended(observation), Words = CoreWords.Of(now), CoresMissing = now.Host.Cores.HasValue ? null : Figure.Of(now.Host.Cores, _ => "").Reason };
        if (Opened(input, observation) is { } core)
        {
            string title = Figures.Invariant($"Core {core.Core.Id}: NUMA node {core.Core.NumaNode}, package {core.Core.Package}, physical core {core.Core.PhysicalCore}");
            return view with { TableTitle = title, Table = CoreRows.Page(observation, core).Table(input.State, TableRows(input)) };
        }

        string status = now.Kernel.TryGet(out KernelFigures? kernel) ? KernelTier.Status(kernel, now.Kernel).Text : $"By process: {Figure.Of(now.Kernel, _ => "").Reason}";
        return view with { TableTitle = status, Table = Table(input)?.View(input.State, TableRows(input)) };
    }

    private PaneState HandleWho(PaneCommand command, PaneInput input, Observation observation)
    {
        int rows = TableRows(input);
        if (Opened(input, observation) is { } core) return ListNavigation.Handle(input.State, command, new NumberedRows(CoreRows.Page(observation, core).Count), rows);
        if (Table(input) is not { } table) return input.State;
        return command switch
        {
            PaneCommand.NextSort or PaneCommand.Invert => ListNavigation.HandleSort(input.State, command, table.Columns, input.Width),
            PaneCommand.Open when ListNavigation.Resolve(input.State, table, rows).Selected is >= 0 and int row => ListNavigation.Open(input.State, table.KeyAt(row)),
            _ => ListNavigation.Handle(input.State, command, table, rows),
        };
    }

    private SortableTable? Table(PaneInput input)
    {
        PaneState state = input.State;
        if (state.View != WhoView || input.Observation is not { } observation || !observation.Now.Host.Cores.TryGet(out ImmutableArray<CoreLoad> cores)) return null;
        return _table.Get((new SameObject(observation), state.Filter, state.SortColumn, state.Inverted), state, made => CoreRows.Of(observation, cores, made));
    }

    private static int ProcCount(Snapshot now) => now.Go.Counters.Procs.TryGet(out ImmutableArray<ProcCounters> procs) ? procs.Length : 0;

    private static (ImmutableArray<CoreLine> Lines, int Columns) Lines(PaneInput input, Observation observation)
    {
        Snapshot now = observation.Now;
        if (!now.Host.Cores.TryGet(out ImmutableArray<CoreLoad> cores)) return ([], 1);
        ImmutableArray<IGrouping<int, CoreLoad>> nodes = [.. cores.GroupBy(core => core.Core.NumaNode).OrderBy(node => node.Key)];
        int[] sizes = [.. nodes.Select(node => node.Count())];
        int columns = CoresLayout.CoreColumns(input.Width, Rows(input), ProcCount(now), sizes);
        ImmutableArray<CoreLine>.Builder lines = ImmutableArray.CreateBuilder<CoreLine>();
        foreach (IGrouping<int, CoreLoad> node in nodes)
        {
            ImmutableArray<CoreLoad> members = [.. node.OrderBy(core => core.Core.Id)];
            lines.Add(new CoreLine(Heading(now, node.Key, members), []));
            int rows = (members.Length + columns - 1) / columns;
            // Down a column, then the next: neighbours in number stand below one another.
            for (int row = 0; row < rows; row++)
                lines.Add(new CoreLine(null, [.. Enumerable.Range(0, columns).Select(column => (column * rows) + row).Where(i => i < members.Length).Select(i => members[i])]));
        }

        return (lines.ToImmutable(), columns);
    }

    private static CurveView Curve(HistoryView history, int ticks) => new(
        Unit.Percent,
        [
            CurveLine.Of(history, SeriesCatalog.Cpu, "process CPU", ticks) with { Filled = true },
            CurveLine.Of(history, SeriesCatalog.RunQueueDelay, "run-queue delay", ticks) with { Color = CurveColor.Second },
            CurveLine.Of(history, SeriesCatalog.Throttled, "throttled", ticks) with { Color = CurveColor.Third },
        ],
        CurveView.SecondsBetween(history));

    private static string Heading(Snapshot now, int node, ImmutableArray<CoreLoad> members)
    {
        string memory = now.Host.NumaNodes.TryGet(out ImmutableArray<NumaMemory> nodes) && nodes.Any(candidate => candidate.Node == node)
            ? FreeMemory(nodes.First(candidate => candidate.Node == node))
            : "";
        int[] groups = [.. members.Select(core => core.Core.ProcessorGroup).Distinct().Order()];
        string inGroup = groups is [0] ? "" : $", processor group {string.Join(", ", groups)}";
        return $"NUMA node {node}{inGroup}: {Figures.Percent(members.Average(core => core.BusyPercent))} busy{memory}";
    }

    private static string FreeMemory(NumaMemory node) => node.TotalBytes.TryGet(out long total)
        ? $", {Figures.Bytes(node.FreeBytes)} of {Figures.Bytes(total)} free"
        : $", {Figures.Bytes(node.FreeBytes)} free";
}
