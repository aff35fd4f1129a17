using System.Collections.Immutable;

namespace GoTop.Widgets.Flame;

/// <param name="Node">−1 for frames that are too narrow each, together.</param>
/// <param name="Left">First column.</param>
public readonly record struct FlameBar(int Node, int Left, int Width);

/// <summary>
/// Which frames are to be seen and where, for a width in columns: the root (or the frame zoomed to) at the top over the
/// whole width, callees below their caller, heaviest to the left.
/// </summary>
public sealed class FlameLayout
{
    /// <summary>Deeper ones are not laid out. Go itself records 64 frames for CPU and 128 for the others; other tools may more.</summary>
    public const int DeepestRow = 1100;

    private readonly ImmutableArray<ImmutableArray<FlameBar>> _rows;

    private FlameLayout(ImmutableArray<ImmutableArray<FlameBar>> rows) => _rows = rows;

    /// <summary>From the top; each has at least one bar.</summary>
    public ImmutableArray<ImmutableArray<FlameBar>> Rows => _rows;

    public static FlameLayout Of(IFlameTree tree, int zoomed, int width)
    {
        ImmutableArray<ImmutableArray<FlameBar>>.Builder rows = ImmutableArray.CreateBuilder<ImmutableArray<FlameBar>>();
        long whole = tree.ValueOf(zoomed);
        if (whole <= 0 || width <= 0) return new FlameLayout([]);
        List<(int Node, long Start)> level = [(zoomed, 0)], next = [];
        rows.Add([new FlameBar(zoomed, 0, width)]);
        while (rows.Count < DeepestRow)
        {
            ImmutableArray<FlameBar>.Builder bars = ImmutableArray.CreateBuilder<FlameBar>();
            next.Clear();
            foreach ((int node, long start) in level) Place(node, start, bars);
            if (bars.Count == 0) break;
            rows.Add(bars.DrainToImmutable());
            (level, next) = (next, level);
        }

        return new FlameLayout(rows.DrainToImmutable());

        void Place(int parent, long start, ImmutableArray<FlameBar>.Builder bars)
        {
            long at = start, end = start + tree.ValueOf(parent);
            ReadOnlySpan<int> children = tree.ChildrenOf(parent);
            int placed = 0;
            for (; placed < children.Length; placed++)
            {
                long value = tree.ValueOf(children[placed]);
                // Heaviest first: those that follow are narrower still.
                if (value <= 0 || value * (double)width < whole * 0.5) break;
                int left = Column(at), right = Column(Math.Min(end, at + value));
                if (right > left)
                {
                    bars.Add(new FlameBar(children[placed], left, right - left));
                    next.Add((children[placed], at));
                }

                at += value;
            }

            long rest = 0;
            for (; placed < children.Length; placed++) rest += Math.Max(0, tree.ValueOf(children[placed]));
            int from = Column(at), to = Column(Math.Min(end, at + rest));
            if (to > from) bars.Add(new FlameBar(-1, from, to - from));
        }

        int Column(long value) => (int)Math.Round(value * (double)width / whole);
    }

    /// <summary>Where the node is to be seen; where it is too narrow, its nearest caller that is.</summary>
    public (int Row, int Bar) Find(IFlameTree tree, int node)
    {
        if (_rows.IsEmpty) return (-1, -1);
        int top = _rows[0][0].Node, depth = 0;
        for (int at = node; at != top; at = tree.ParentOf(at))
        {
            // Not below what is zoomed to.
            if (at <= 0) return (0, 0);
            depth++;
        }

        for (int at = node; depth > 0; at = tree.ParentOf(at), depth--)
        {
            if (depth >= _rows.Length) continue;
            ImmutableArray<FlameBar> row = _rows[depth];
            for (int bar = 0; bar < row.Length; bar++)
            {
                if (row[bar].Node == at) return (depth, bar);
            }
        }

        return (0, 0);
    }
}
