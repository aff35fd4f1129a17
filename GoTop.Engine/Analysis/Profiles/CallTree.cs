using System.Collections.Immutable;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>
/// Stacks merged from the outermost frame on: what a flame graph draws. Node 0 is the root that holds all others and has no frame.
/// A tree that compares two moments has a second value for each node, that of before. Immutable.
/// </summary>
public sealed class CallTree
{
    private readonly int[] _frames;
    private readonly int[] _parents;
    private readonly long[] _flat;
    private readonly long[] _totals;
    private readonly long[]? _flatBefore;
    private readonly long[]? _totalsBefore;
    private readonly int[] _childrenStarts;
    private readonly int[] _children;

    internal CallTree(IFrameNames frames, int[] nodeFrames, int[] parents, long[] flat, long[]? flatBefore, bool isCut)
    {
        Frames = frames;
        _frames = nodeFrames;
        _parents = parents;
        _flat = flat;
        _totals = Totals(flat, parents);
        _flatBefore = flatBefore;
        _totalsBefore = flatBefore is null ? null : Totals(flatBefore, parents);
        IsCut = isCut;
        (_childrenStarts, _children) = SortChildren();
    }

    public IFrameNames Frames { get; }

    /// <summary>Nodes, with the root.</summary>
    public int Count => _frames.Length;

    /// <summary>There were too many nodes; the values of those left out are in their parents' totals.</summary>
    public bool IsCut { get; }

    /// <summary>Whether there are values of before.</summary>
    public bool HasBefore => _flatBefore is not null;

    /// <summary>The node's frame; −1 for the root.</summary>
    public int FrameOf(int node) => _frames[node];

    /// <summary>The clean name of the node's function; empty for the root.</summary>
    public string NameOf(int node) => node == 0 ? "" : Frames.NameOf(_frames[node]);

    /// <summary>−1 for the root.</summary>
    public int ParentOf(int node) => node == 0 ? -1 : _parents[node];

    /// <summary>What ends in this node itself.</summary>
    public long FlatOf(int node) => _flat[node];

    /// <summary>With all below it.</summary>
    public long TotalOf(int node) => _totals[node];

    /// <summary>0 in a tree without values of before.</summary>
    public long FlatBeforeOf(int node) => _flatBefore?[node] ?? 0;

    /// <inheritdoc cref="FlatBeforeOf"/>
    public long TotalBeforeOf(int node) => _totalsBefore?[node] ?? 0;

    /// <summary>The largest first, whatever the sign, then by name.</summary>
    public ReadOnlySpan<int> ChildrenOf(int node) => _children.AsSpan(_childrenStarts[node], _childrenStarts[node + 1] - _childrenStarts[node]);

    /// <summary>The nodes from the outermost down to this one, without the root.</summary>
    public ImmutableArray<int> PathTo(int node)
    {
        Stack<int> path = new();
        for (; node > 0; node = _parents[node]) path.Push(node);
        return [.. path];
    }

    /// <summary>Without the nodes whose totals, now and before, are below a size; their values stay in their parents' totals.</summary>
    /// <param name="minimum">Whatever the sign of the total.</param>
    public CallTree Prune(long minimum)
    {
        ulong least = (ulong)Math.Max(0, minimum);
        int[] numbers = new int[Count];
        List<int> frames = [-1];
        List<int> parents = [0];
        List<long> flat = [_flat[0]];
        List<long> flatBefore = [FlatBeforeOf(0)];
        for (int i = 1; i < Count; i++)
        {
            int parent = numbers[_parents[i]];
            if (parent < 0 || (ProfileTotals.Magnitude(_totals[i]) < least && ProfileTotals.Magnitude(TotalBeforeOf(i)) < least))
            {
                numbers[i] = -1;
                // The first that is left out brings its whole total to what is kept.
                if (parent < 0) continue;
                flat[parent] += _totals[i];
                flatBefore[parent] += TotalBeforeOf(i);
                continue;
            }

            numbers[i] = frames.Count;
            frames.Add(_frames[i]);
            parents.Add(parent);
            flat.Add(_flat[i]);
            flatBefore.Add(FlatBeforeOf(i));
        }

        return new CallTree(Frames, [.. frames], [.. parents], [.. flat], HasBefore ? [.. flatBefore] : null, IsCut);
    }

    private static long[] Totals(long[] flat, int[] parents)
    {
        long[] totals = [.. flat];
        // Children come after their parents.
        for (int i = totals.Length - 1; i > 0; i--) totals[parents[i]] += totals[i];
        return totals;
    }

    private (int[] Starts, int[] Children) SortChildren()
    {
        int[] starts = new int[Count + 1];
        for (int i = 1; i < Count; i++) starts[_parents[i] + 1]++;
        for (int i = 1; i <= Count; i++) starts[i] += starts[i - 1];
        int[] next = starts[..^1];
        int[] children = new int[Count - 1];
        for (int i = 1; i < Count; i++) children[next[_parents[i]]++] = i;
        for (int i = 0; i < Count; i++)
        {
            Span<int> own = children.AsSpan(starts[i], starts[i + 1] - starts[i]);
            if (own.Length > 1) own.Sort(Compare);
        }

        return (starts, children);
    }

    private int Compare(int a, int b)
    {
        int order = ProfileTotals.Magnitude(_totals[b]).CompareTo(ProfileTotals.Magnitude(_totals[a]));
        if (order == 0) order = ProfileTotals.Magnitude(TotalBeforeOf(b)).CompareTo(ProfileTotals.Magnitude(TotalBeforeOf(a)));
        return order != 0 ? order : FrameOrder.Compare(Frames, _frames[a], _frames[b]);
    }
}
