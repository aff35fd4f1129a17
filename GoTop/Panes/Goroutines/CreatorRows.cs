using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>The tree of who started whom, as far as it is unfolded. At first the tops are, and nothing below them.</summary>
internal sealed class CreatorRows : IGoroutineList
{
    private const int Indent = 2;
    private const int StatesShown = 2;

    private readonly CreatorTree _tree;
    private readonly ImmutableArray<(int Node, bool IsUnfolded)> _rows;
    private readonly int _goroutines;

    private CreatorRows(CreatorTree tree, ImmutableArray<(int Node, bool IsUnfolded)> rows, int goroutines) => (_tree, _rows, _goroutines) = (tree, rows, goroutines);

    public ImmutableArray<TableColumn> Columns { get; } =
    [
        new("ALL", 7, Align.Right),
        new("HERE", 7, Align.Right, Priority: 2),
        new("STARTED", 30, Grow: 4),
        new("BY", 22, Priority: 3, Grow: 2),
        new("THEY ARE IN", 24, Priority: 1, Grow: 2),
    ];

    public string Title => $"{Figures.Counted(_goroutines, "goroutine")} by who started them";

    public string? FilterError => null;

    public bool CanSort => false;

    public string Empty => "There are no goroutines.";

    public string Remark => _tree.HasParents
        ? "right unfolds, left folds"
        : "goroutines note who started them since Go 1.21: these stand by place alone";

    public int Count => _rows.Length;

    /// <param name="state">What it says of folding, and its filter: a node passes when it, or one below it, has the words.</param>
    public static CreatorRows Of(CreatorTree tree, int goroutines, PaneState state)
    {
        ImmutableArray<(int, bool)>.Builder rows = ImmutableArray.CreateBuilder<(int, bool)>();
        TextFilter filter = new(state.Filter);
        foreach (int root in tree.Roots) Add(tree, root, state, filter, rows);
        return new CreatorRows(tree, rows.ToImmutable(), goroutines);
    }

    public object KeyAt(int row) => Key(_tree, _rows[row].Node);

    public int IndexOf(object key)
    {
        if (key is not CreatorPath path) return -1;
        for (int i = 0; i < _rows.Length; i++)
        {
            if (_tree.PathOf(_rows[i].Node) == path.Path) return i;
        }

        return -1;
    }

    public bool IsDescending(int column, bool inverted) => !inverted;

    public bool CanUnfold(int row) => !_tree[_rows[row].Node].Children.IsEmpty && !_rows[row].IsUnfolded;

    public bool IsUnfolded(int row) => _rows[row].IsUnfolded;

    /// <summary>The row of the node above; −1 at the top.</summary>
    public int RowAbove(int row)
    {
        int depth = _tree[_rows[row].Node].Depth;
        int above = row - 1;
        while (above >= 0 && _tree[_rows[above].Node].Depth >= depth) above--;
        return above;
    }

    public TableCell Cell(int row, int column)
    {
        CreatorNode node = _tree[_rows[row].Node];
        return column switch
        {
            0 => new TableCell(Figures.Count(node.Total)),
            1 => node.Own == node.Total ? new TableCell("", Tone.Dim) : new TableCell(Figures.Count(node.Own), Tone.Dim),
            2 => new TableCell(Branch(row, node) + Name(node), Tone.Accent),
            3 => node.CreatedBy.Function.Length == 0 ? new TableCell("") : new TableCell(Creator(node), Tone.Dim),
            _ => new TableCell(StateWords.Of(_tree.StatesOf(_rows[row].Node), StatesShown)),
        };
    }

    private static CreatorPath Key(CreatorTree tree, int node)
    {
        CreatorNode found = tree[node];
        return new CreatorPath(tree.PathOf(node), $"{Name(found)} {GoroutineWords.Origin(found.CreatedBy, 0, int.MaxValue)}{(found.ParentEnded ? ", by goroutines that have ended" : "")}");
    }

    private static string Name(CreatorNode node) => node.StartFunction.Length == 0 ? "unknown" : Drawing.WithoutImportPath(node.StartFunction).ToString();

    private static string Creator(CreatorNode node) =>
        $"{(node.ParentEnded ? "(ended) " : "")}{Drawing.WithoutImportPath(node.CreatedBy.Function)}";

    private static bool Add(CreatorTree tree, int number, PaneState state, TextFilter filter, ImmutableArray<(int, bool)>.Builder rows)
    {
        CreatorNode node = tree[number];
        int at = rows.Count;
        // A filter looks below what is folded.
        bool unfolded = !node.Children.IsEmpty && (!filter.IsEmpty || (node.Depth == 0) != state.Turned.Contains(Key(tree, number)));
        rows.Add((number, unfolded));
        bool passes = filter.IsEmpty || filter.Matches($"{node.StartFunction} {node.CreatedBy.Function} {node.CreatedBy.File}");
        if (unfolded)
        {
            foreach (int child in node.Children) passes |= Add(tree, child, state, filter, rows);
        }

        if (!passes) rows.RemoveRange(at, rows.Count - at);
        return passes;
    }

    private string Branch(int row, CreatorNode node)
    {
        string mark = node.Children.IsEmpty ? "  " : _rows[row].IsUnfolded ? "▾ " : "▸ ";
        return new string(' ', node.Depth * Indent) + mark;
    }
}

/// <summary>Key of a node of the tree.</summary>
/// <param name="Words">What it is, for the head of its goroutines.</param>
internal sealed record CreatorPath(string Path, string Words)
{
    public bool Equals(CreatorPath? other) => other is not null && Path == other.Path;

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);
}
