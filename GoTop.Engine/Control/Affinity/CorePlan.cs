using System.Globalization;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Affinity;

/// <summary>Which cores a person means, before it is known what this machine has.</summary>
/// <param name="Title">For the picker and for messages.</param>
/// <param name="Resolve">The cores; throws <see cref="ControlException"/> when this machine has no such.</param>
public sealed record CorePlan(string Title, Func<HostCounters, CoreSet> Resolve)
{
    private const string FreestNode = "free";

    public static CorePlan All { get; } = new("all cores", host => Of(host.Topology.Cores));

    /// <summary>One logical core of each physical one: no two threads of the process share a core's units.</summary>
    public static CorePlan OnePerPhysicalCore { get; } = new(
        "one of each SMT pair", host => Of(host.Topology.Cores.GroupBy(Physical).Select(siblings => siblings.MinBy(core => core.Id)!)));

    /// <summary>The NUMA node whose memory has most left.</summary>
    public static CorePlan FreestMemoryNode { get; } = new("the NUMA node with most free memory", host =>
    {
        // A node may have memory and no core of its own.
        NumaMemory[] nodes = [.. host.NumaNodes.Where(node => host.Topology.Cores.Any(core => core.NumaNode == node.Node))];
        return nodes.Length == 0 ? throw new ControlException("this machine does not tell how much memory its NUMA nodes have left") : OfNode(host, nodes.MaxBy(node => node.FreeBytes).Node);
    });

    /// <summary>In the kernel's list format, <c>0-3,7</c>.</summary>
    /// <exception cref="ControlException">It is no such list.</exception>
    public static CorePlan List(string list)
    {
        CoreSet cores = Parse(list);
        return new CorePlan($"cores {cores}", host => Existing(host, cores));
    }

    /// <summary>These logical cores with all that share a physical core with them.</summary>
    /// <inheritdoc cref="List" path="/exception"/>
    public static CorePlan Pairs(string list)
    {
        CoreSet cores = Parse(list);
        return new CorePlan($"cores {cores} with their SMT siblings", host =>
        {
            Existing(host, cores);
            HashSet<(int, int)> physical = [.. host.Topology.Cores.Where(core => cores.Contains(core.Id)).Select(Physical)];
            return Of(host.Topology.Cores.Where(core => physical.Contains(Physical(core))));
        });
    }

    /// <summary>A NUMA node by its number, or <c>free</c>.</summary>
    /// <inheritdoc cref="List" path="/exception"/>
    public static CorePlan Node(string node)
    {
        if (node == FreestNode) return FreestMemoryNode;
        if (!int.TryParse(node, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) throw new ControlException($"\"{node}\" is no NUMA node: a number, or {FreestNode} for the one with most free memory");
        return Node(number);
    }

    public static CorePlan Node(int number) => new(string.Create(CultureInfo.InvariantCulture, $"NUMA node {number}"), host => OfNode(host, number));

    private static CoreSet Parse(string list)
    {
        try
        {
            CoreSet cores = CoreSet.Parse(list);
            return cores.Count > 0 ? cores : throw new ControlException("no core is named: 0-3,7");
        }
        catch (FormatException wrong)
        {
            throw new ControlException($"\"{list}\" is no list of cores such as 0-3,7: {wrong.Message}");
        }
    }

    private static CoreSet Existing(HostCounters host, CoreSet cores)
    {
        CoreSet all = Of(host.Topology.Cores);
        CoreSet missing = CoreSet.Of(cores.Cores.Where(core => !all.Contains(core)));
        return missing.Count == 0 ? cores : throw new ControlException($"this machine has no core {missing}; it has {all}");
    }

    private static CoreSet OfNode(HostCounters host, int number)
    {
        CoreSet cores = Of(host.Topology.Cores.Where(core => core.NumaNode == number));
        if (cores.Count > 0) return cores;
        string known = string.Join(", ", host.Topology.Cores.Select(core => core.NumaNode).Distinct().Order());
        throw new ControlException($"this machine has no NUMA node {number} with cores; it has {known}");
    }

    private static CoreSet Of(IEnumerable<LogicalCore> cores) => CoreSet.Of(cores.Select(core => core.Id));

    private static (int Package, int Core) Physical(LogicalCore core) => (core.Package, core.PhysicalCore);
}
