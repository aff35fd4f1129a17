using GoTop.Widgets.Flame;

namespace GoTop.Tests.Support;

/// <summary>A call tree from collapsed stacks, outermost first: <c>main;a;b 12</c>.</summary>
internal sealed class SmallFlameTree : IFlameTree
{
    private readonly List<(string Name, int Parent, List<int> Children)> _nodes = [("all", -1, [])];
    private readonly List<long> _values = [0];
    private readonly int[][] _children;

    public SmallFlameTree(params ReadOnlySpan<string> stacks)
    {
        foreach (string stack in stacks)
        {
            int space = stack.LastIndexOf(' '), at = 0;
            long value = long.Parse(stack.AsSpan(space + 1), System.Globalization.CultureInfo.InvariantCulture);
            _values[0] += value;
            foreach (string name in stack[..space].Split(';'))
            {
                int child = _nodes[at].Children.Find(node => _nodes[node].Name == name);
                if (child == 0)
                {
                    child = _nodes.Count;
                    _nodes.Add((name, at, []));
                    _values.Add(0);
                    _nodes[at].Children.Add(child);
                }

                at = child;
                _values[at] += value;
            }
        }

        _children = [.. _nodes.Select(node => node.Children.OrderByDescending(child => _values[child]).ToArray())];
    }

    public int ParentOf(int node) => _nodes[node].Parent;

    public ReadOnlySpan<int> ChildrenOf(int node) => _children[node];

    public long ValueOf(int node) => _values[node];

    public string NameOf(int node) => _nodes[node].Name;
}
