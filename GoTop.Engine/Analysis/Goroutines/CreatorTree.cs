using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>
/// Who starts whom: goroutines by where they were started, below those that started them. Goroutines note their parent's id
/// since Go 1.21; where the parent has ended, or is not noted, a place stands at the top.
/// </summary>
/// <remarks>A place that starts itself again, however many others lie between, is one node: so that a chain is no depth.</remarks>
public sealed class CreatorTree
{
    /// <summary>Places are few in any real program; beyond this many, goroutines stand at their parent's.</summary>
    private const int MaximumNodes = 10_000;

    private const int NoNode = -1;

    /// <summary>On its way to its place.</summary>
    private const int Pending = -2;

    private readonly GoroutineTable _table;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<(int Parent, int Start, int Creator, bool Orphan), int> _children = [];
    private readonly int[] _nodeOfRow;
    private readonly int[] _places;

    public CreatorTree(GoroutineTable table)
    {
        _table = table;
        _places = SamePlaces(table.Locations);
        _nodeOfRow = new int[table.Rows.Length];
        Array.Fill(_nodeOfRow, NoNode);
        Dictionary<long, int> rowOf = new(table.Rows.Length);
        for (int i = 0; i < table.Rows.Length; i++) rowOf[table.Rows[i].Id] = i;
        Stack<int> line = new();
        for (int i = 0; i < table.Rows.Length; i++) Place(i, rowOf, line);
        for (int i = 0; i < _nodeOfRow.Length; i++)
        {
            Node node = _nodes[_nodeOfRow[i]];
            node.Own++;
            CollectionsMarshal.GetValueRefOrAddDefault(node.States, (table.Rows[i].State, table.Rows[i].WaitReason), out _)++;
        }

        // Children come after their parents, so backwards all are summed before they count.
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            Node node = _nodes[i];
            node.Total += node.Own;
            if (node.Parent != NoNode) _nodes[node.Parent].Total += node.Total;
        }

        Roots = Sorted(Enumerable.Range(0, _nodes.Count).Where(i => _nodes[i].Parent == NoNode));
        HasParents = table.Rows.Any(row => row.ParentId > 0);
    }

    /// <summary>Largest first; numbers of nodes.</summary>
    public ImmutableArray<int> Roots { get; }

    public int Count => _nodes.Count;

    /// <summary>Goroutines note who started them; false for a program made with Go 1.20 or older.</summary>
    public bool HasParents { get; }

    public CreatorNode this[int node]
    {
        get
        {
            Node found = _nodes[node];
            return new CreatorNode(
                found.Start < 0 ? "" : _table.Locations[found.Start].Function,
                found.Creator < 0 ? new CodeLocation("", "", 0) : _table.Locations[found.Creator],
                found.IsOrphan, found.Own, found.Total, found.Depth, Sorted(found.Children));
        }
    }

    /// <summary>The node of a row.</summary>
    public int NodeOf(int row) => _nodeOfRow[row];

    /// <summary>A name for the node that is the same in the tree of the next reading.</summary>
    public string PathOf(int node)
    {
        Node found = _nodes[node];
        string start = found.Start < 0 ? "" : _table.Locations[found.Start].Function;
        CodeLocation by = found.Creator < 0 ? new CodeLocation("", "", 0) : _table.Locations[found.Creator];
        string own = string.Create(CultureInfo.InvariantCulture, $"{start}\n{by.Function}\n{by.File}:{by.Line}\n{found.IsOrphan}");
        return found.Parent == NoNode ? own : $"{PathOf(found.Parent)}\n\n{own}";
    }

    /// <summary>What the node's own goroutines do, most frequent first.</summary>
    public ImmutableArray<(GoroutineState State, string WaitReason, int Count)> StatesOf(int node) =>
    [
        .. _nodes[node].States.OrderByDescending(state => state.Value).ThenBy(state => state.Key)
            .Select(state => (state.Key.State, _table.WaitReasons[state.Key.Reason], state.Value)),
    ];

    private void Place(int row, Dictionary<long, int> rowOf, Stack<int> line)
    {
        // Up to one that has its place, or whose parent is not there. Ids tell no age: each P hands out its own share of them.
        line.Clear();
        for (int at = row; _nodeOfRow[at] == NoNode;)
        {
            line.Push(at);
            // A made-up table may lead in a circle: one met again counts as without a parent.
            _nodeOfRow[at] = Pending;
            if (!TryParent(at, rowOf, out at)) break;
        }

        while (line.TryPop(out int next))
        {
            _nodeOfRow[next] = TryParent(next, rowOf, out int parent) && _nodeOfRow[parent] >= 0
                ? Child(_nodeOfRow[parent], next, isOrphan: false)
                : Child(NoNode, next, isOrphan: _table.Rows[next].ParentId > 0);
        }
    }

    private bool TryParent(int row, Dictionary<long, int> rowOf, out int parent)
    {
        parent = row;
        return _table.Rows[row].ParentId is > 0 and long id && rowOf.TryGetValue(id, out parent);
    }

    private int Child(int parent, int row, bool isOrphan)
    {
        int start = SamePlace(_table.Rows[row].StartFunction), creator = SamePlace(_table.Rows[row].CreatedBy);
        ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(_children, (parent, start, creator, isOrphan), out bool exists);
        if (exists) return known;
        for (int above = parent; above != NoNode; above = _nodes[above].Parent)
        {
            if (_nodes[above].Start == start && _nodes[above].Creator == creator) return known = above;
        }

        if (_nodes.Count >= MaximumNodes && parent != NoNode) return known = parent;
        known = _nodes.Count;
        _nodes.Add(new Node { Parent = parent, Start = start, Creator = creator, IsOrphan = isOrphan, Depth = parent == NoNode ? 0 : _nodes[parent].Depth + 1 });
        if (parent != NoNode) _nodes[parent].Children.Add(known);
        return known;
    }

    private int SamePlace(int location) => location < 0 ? -1 : _places[location];

    /// <summary>The same place may stand under several indices; and of a start function only the name counts.</summary>
    private static int[] SamePlaces(ImmutableArray<CodeLocation> locations)
    {
        Dictionary<CodeLocation, int> first = [];
        int[] places = new int[locations.Length];
        for (int i = 0; i < locations.Length; i++)
        {
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(first, locations[i], out bool known);
            if (!known) place = i;
            places[i] = place;
        }

        return places;
    }

    private ImmutableArray<int> Sorted(IEnumerable<int> nodes) =>
    [
        .. nodes.OrderByDescending(node => _nodes[node].Total)
            .ThenBy(node => _nodes[node].Start < 0 ? "" : _table.Locations[_nodes[node].Start].Function, StringComparer.Ordinal),
    ];

    private sealed class Node
    {
        public required int Parent { get; init; }

        public required int Start { get; init; }

        public required int Creator { get; init; }

        public required bool IsOrphan { get; init; }

        public required int Depth { get; init; }

        public List<int> Children { get; } = [];

        public Dictionary<(GoroutineState State, int Reason), int> States { get; } = [];

        public int Own { get; set; }

        public int Total { get; set; }
    }
}

/// <param name="StartFunction">Empty when unknown.</param>
/// <param name="CreatedBy">The <c>go</c> statement; its function is empty when unknown, as of the main goroutine.</param>
/// <param name="ParentEnded">The goroutines that started these have ended.</param>
/// <param name="Own">Goroutines at this node.</param>
/// <param name="Total">With all that they have started, and so on.</param>
/// <param name="Children">Largest first.</param>
public readonly record struct CreatorNode(
    string StartFunction, CodeLocation CreatedBy, bool ParentEnded, int Own, int Total, int Depth, ImmutableArray<int> Children);
