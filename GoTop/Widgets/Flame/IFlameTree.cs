namespace GoTop.Widgets.Flame;

/// <summary>A call tree as a flame graph needs it. Node 0 is the root, which stands for all there is.</summary>
public interface IFlameTree
{
    /// <summary>−1 for the root.</summary>
    int ParentOf(int node);

    /// <summary>Those that it called, heaviest first.</summary>
    ReadOnlySpan<int> ChildrenOf(int node);

    /// <summary>Of the node with all below it; never more than its parent's.</summary>
    long ValueOf(int node);

    string NameOf(int node);
}

/// <summary>Where a node is: the names from below the root down to it. It means the same in the next profile, where nodes have other numbers.</summary>
public sealed class FlamePath(params ReadOnlySpan<string> names) : IEquatable<FlamePath>
{
    private readonly string[] _names = names.ToArray();

    public static FlamePath Root { get; } = new();

    public int Depth => _names.Length;

    public string Name => _names.Length == 0 ? "" : _names[^1];

    public static FlamePath Of(IFlameTree tree, int node)
    {
        int depth = 0;
        for (int at = node; at > 0; at = tree.ParentOf(at)) depth++;
        string[] names = new string[depth];
        for (int at = node; at > 0; at = tree.ParentOf(at)) names[--depth] = tree.NameOf(at);
        return new FlamePath(names);
    }

    /// <summary>The node there; where the path is not in this tree, the last one on the way that is.</summary>
    public int FindIn(IFlameTree tree, out bool found)
    {
        int at = 0;
        foreach (string name in _names)
        {
            int next = -1;
            foreach (int child in tree.ChildrenOf(at))
            {
                if (!string.Equals(tree.NameOf(child), name, StringComparison.Ordinal)) continue;
                next = child;
                break;
            }

            if (next < 0)
            {
                found = false;
                return at;
            }

            at = next;
        }

        found = true;
        return at;
    }

    public bool Equals(FlamePath? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as FlamePath);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (string name in _names) hash.Add(name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
