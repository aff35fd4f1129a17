using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Cores;

/// <summary>What each core does, which of them the target may use, and what its Ps do.</summary>
public sealed class CoresPane : Pane<CoresView>
{
    public override string Id => "cores";

    public override string Title => "Cores";

    public override CoresView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new CoresView { Notice = NoticeView.NoObservation };
        Snapshot now = observation.Now;
        Reading<ImmutableArray<ProcCounters>> procs = now.Go.Counters.Procs;
        (ImmutableArray<CoreLine> lines, int columns) = Lines(input, observation);
        int rows = CoresLayout.Of(input.Width, input.Height - PaneFrame.RowsTaken(observation), lines.Length, ProcCount(now)).CoreRows;
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
        int lines = Lines(input, observation).Lines.Length;
        int rows = CoresLayout.Of(input.Width, input.Height - PaneFrame.RowsTaken(observation), lines, ProcCount(observation.Now)).CoreRows;
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

    protected override void Draw(CoresView view, DrawContext context) => CoresDrawing.Draw(view, context);

    private static int ProcCount(Snapshot now) => now.Go.Counters.Procs.TryGet(out ImmutableArray<ProcCounters> procs) ? procs.Length : 0;

    private static (ImmutableArray<CoreLine> Lines, int Columns) Lines(PaneInput input, Observation observation)
    {
        Snapshot now = observation.Now;
        if (!now.Host.Cores.TryGet(out ImmutableArray<CoreLoad> cores)) return ([], 1);
        ImmutableArray<IGrouping<int, CoreLoad>> nodes = [.. cores.GroupBy(core => core.Core.NumaNode).OrderBy(node => node.Key)];
        int[] sizes = [.. nodes.Select(node => node.Count())];
        int columns = CoresLayout.CoreColumns(input.Width, input.Height - PaneFrame.RowsTaken(observation), ProcCount(now), sizes);
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
        return $"NUMA node {node}: {Figures.Percent(members.Average(core => core.BusyPercent))} busy{memory}";
    }

    private static string FreeMemory(NumaMemory node) => node.TotalBytes.TryGet(out long total)
        ? $", {Figures.Bytes(node.FreeBytes)} of {Figures.Bytes(total)} free"
        : $", {Figures.Bytes(node.FreeBytes)} free";
}
