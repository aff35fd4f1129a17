using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Widgets.Flame;

namespace GoTop.Panes.Profiles;

/// <summary>A profile's call tree as a flame graph draws it. What is dear to know of it is worked out once.</summary>
internal sealed class ProfileFlame : IFlameTree
{
    private readonly CallTree _tree;
    private readonly CodeOrigin[] _origins;

    public ProfileFlame(CallTree tree, CodeOrigins origins)
    {
        _tree = tree;
        _origins = new CodeOrigin[tree.Frames.Count];
        for (int frame = 0; frame < _origins.Length; frame++) _origins[frame] = origins.Of(tree.Frames.NameOf(frame));
    }

    public CallTree Tree => _tree;

    public int ParentOf(int node) => _tree.ParentOf(node);

    public ReadOnlySpan<int> ChildrenOf(int node) => _tree.ChildrenOf(node);

    /// <summary>In a difference of two profiles some are below zero; they have no width.</summary>
    public long ValueOf(int node) => Math.Max(0, _tree.TotalOf(node));

    public string NameOf(int node) => node == 0 ? "all" : _tree.NameOf(node);

    public CodeOrigin OriginOf(int node) => node == 0 ? CodeOrigin.Unknown : _origins[_tree.FrameOf(node)];

    /// <summary>The heaviest node of a function; 0 when there is none.</summary>
    public int HeaviestOf(string function)
    {
        int best = 0;
        for (int node = 1; node < _tree.Count; node++)
        {
            if ((best == 0 || _tree.TotalOf(node) > _tree.TotalOf(best)) && _tree.NameOf(node) == function) best = node;
        }

        return best;
    }

    public FlameSearch Search(string filter)
    {
        TextFilter words = new(filter);
        bool[] frames = new bool[_tree.Frames.Count];
        for (int frame = 0; frame < frames.Length; frame++) frames[frame] = words.Matches($"{_tree.Frames.NameOf(frame)} {_tree.Frames.FileOf(frame)}");
        bool[] below = new bool[_tree.Count];
        long value = 0;
        int nodes = 0;
        // Parents come before their children, and what is below a match counts with it.
        for (int node = 1; node < _tree.Count; node++)
        {
            bool matches = frames[_tree.FrameOf(node)], covered = below[_tree.ParentOf(node)];
            if (matches) nodes++;
            if (matches && !covered) value += _tree.TotalOf(node);
            below[node] = matches || covered;
        }

        return new FlameSearch(this, frames, nodes, value);
    }

    /// <summary>How much a node grew, in a tree that compares: see <see cref="FlameView.GrowthOf"/>.</summary>
    /// <param name="scale">What values are multiplied with before they are compared; likewise those of before.</param>
    public double GrowthOf(int node, double scale, double thenScale)
    {
        double now = _tree.TotalOf(node) * scale, then = _tree.TotalBeforeOf(node) * thenScale, larger = Math.Max(now, then);
        return larger <= 0 ? 0 : (now - then) / larger;
    }
}

/// <summary>The frames that match what is searched for.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="Value">Of all of them together, each sample counted once.</param>
internal sealed record FlameSearch(ProfileFlame Flame, bool[] Frames, int Nodes, long Value)
{
    public bool IsMatch(int node) => node > 0 && Frames[Flame.Tree.FrameOf(node)];
}
