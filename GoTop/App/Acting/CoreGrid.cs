using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Model;

namespace GoTop.App.Acting;

/// <summary>The machine's cores in lines by NUMA node, SMT siblings side by side; and what keys do to a choice of them.</summary>
public sealed class CoreGrid
{
    /// <summary>Columns of a core: mark, number and a blank.</summary>
    public const int CellWidth = 5;

    private readonly HostCounters _host;

    public CoreGrid(HostCounters host, int width)
    {
        _host = host;
        int most = Math.Max(1, width / CellWidth);
        ImmutableArray<CoreRow>.Builder rows = ImmutableArray.CreateBuilder<CoreRow>();
        foreach (IGrouping<int, LogicalCore> node in host.Topology.Cores.GroupBy(core => core.NumaNode).OrderBy(node => node.Key))
        {
            NumaMemory? memory = host.NumaNodes.Cast<NumaMemory?>().FirstOrDefault(known => known!.Value.Node == node.Key);
            rows.Add(new CoreRow(node.Key, memory, []));
            List<LogicalCore> line = [];
            foreach (IGrouping<(int, int), LogicalCore> physical in node.GroupBy(core => (core.Package, core.PhysicalCore)).OrderBy(of => of.Min(core => core.Id)))
            {
                if (line.Count > 0 && line.Count + physical.Count() > most) Flush();
                line.AddRange(physical.OrderBy(core => core.Id));
            }

            Flush();

            void Flush()
            {
                if (line.Count > 0) rows.Add(new CoreRow(node.Key, null, [.. line]));
                line.Clear();
            }
        }

        Rows = rows.ToImmutable();
    }

    public ImmutableArray<CoreRow> Rows { get; }

    /// <summary>The row that holds this core.</summary>
    public int RowOf(int core) => Math.Max(0, Rows.Select((row, index) => (row, index)).FirstOrDefault(at => at.row.Cores.Any(of => of.Id == core)).index);

    /// <summary>The choice after a key; the same when the key means nothing here.</summary>
    public CoreChoice After(CoreChoice choice, KeyStroke key)
    {
        int row = RowOf(choice.Core), column = Math.Max(0, Index(row, choice.Core));
        return key switch
        {
            { Name: "left" } or { Name: "", Character.Value: 'h' } => choice with { Core = Neighbour(choice.Core, -1) },
            { Name: "right" } or { Name: "", Character.Value: 'l' } => choice with { Core = Neighbour(choice.Core, 1) },
            { Name: "up" } or { Name: "", Character.Value: 'k' } => choice with { Core = Vertical(row, column, -1) },
            { Name: "down" } or { Name: "", Character.Value: 'j' } => choice with { Core = Vertical(row, column, 1) },
            { Name: "space" } => choice with { Chosen = Toggled(choice, [choice.Core]) },
            { Name: "", Character.Value: 's' } => choice with { Chosen = Toggled(choice, Siblings(choice.Core)) },
            { Name: "", Character.Value: 'n' } => choice with { Chosen = CoreSet.Of(_host.Topology.Cores.Where(core => core.NumaNode == Rows[row].Node).Select(core => core.Id)) },
            { Name: "", Character.Value: 'a' } => choice with { Chosen = CorePlan.All.Resolve(_host) },
            { Name: "", Character.Value: 'o' } => choice with { Chosen = CorePlan.OnePerPhysicalCore.Resolve(_host) },
            { Name: "", Character.Value: 'f' } => choice with { Chosen = Freest() ?? choice.Chosen },
            { Name: "", Character.Value: 'c' } => choice with { Chosen = choice.Now },
            { Name: "", Character.Value: 'p' } => choice with { Priority = Next(choice.Priority) },
            _ => choice,
        };
    }

    private static string? Next(string? priority)
    {
        string?[] all = [null, .. PriorityText.Words];
        return all[(Array.IndexOf(all, priority) + 1) % all.Length];
    }

    private static CoreSet Toggled(CoreChoice choice, int[] cores) =>
        cores.All(choice.Chosen.Contains) ? CoreSet.Of(choice.Chosen.Cores.Except(cores)) : CoreSet.Of(choice.Chosen.Cores.Concat(cores));

    private int[] Siblings(int id) =>
        _host.Topology.Cores.FirstOrDefault(core => core.Id == id) is { } of
            ? [.. _host.Topology.Cores.Where(core => (core.Package, core.PhysicalCore) == (of.Package, of.PhysicalCore)).Select(core => core.Id)]
            : [id];

    private CoreSet? Freest()
    {
        try
        {
            return CorePlan.FreestMemoryNode.Resolve(_host);
        }
        catch (ControlException)
        {
            return null;
        }
    }

    private int Index(int row, int core) => Rows[row].Cores.Select(of => of.Id).ToList().IndexOf(core);

    private int Neighbour(int core, int step)
    {
        int[] order = [.. Rows.SelectMany(row => row.Cores).Select(of => of.Id)];
        return order[Math.Clamp(Array.IndexOf(order, core) + step, 0, order.Length - 1)];
    }

    private int Vertical(int row, int column, int step)
    {
        for (int next = row + step; next >= 0 && next < Rows.Length; next += step)
        {
            if (!Rows[next].Cores.IsEmpty) return Rows[next].Cores[Math.Min(column, Rows[next].Cores.Length - 1)].Id;
        }

        return Rows[row].Cores.IsEmpty ? 0 : Rows[row].Cores[Math.Min(column, Rows[row].Cores.Length - 1)].Id;
    }
}

/// <summary>A node's heading, which has no cores, or a line of its cores.</summary>
public sealed record CoreRow(int Node, NumaMemory? Memory, ImmutableArray<LogicalCore> Cores);
