using System.Globalization;
using GoTop.Engine.Analysis.Profiles;

namespace GoTop.Engine.Export.Profiles;

/// <summary>
/// Collapsed stacks, the input of Brendan Gregg's FlameGraph and of many tools beside: a line per distinct stack, its frames from the
/// outermost on between semicolons, a blank and the value.
/// </summary>
public static class CollapsedStacks
{
    /// <summary>Largest branches first. Values below 0 are written as they are, though few tools can show them; those of 0 are not.</summary>
    public static void Write(TextWriter output, CallTree tree)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(tree);
        Stack<int> pending = new();
        Push(pending, tree, 0);
        while (pending.TryPop(out int node))
        {
            Push(pending, tree, node);
            if (tree.FlatOf(node) == 0) continue;
            bool first = true;
            foreach (int part in tree.PathTo(node))
            {
                if (!first) output.Write(';');
                first = false;
                // The one character that names must not have.
                output.Write(tree.NameOf(part).Replace(';', ':'));
            }

            output.Write(' ');
            output.Write(tree.FlatOf(node).ToString(CultureInfo.InvariantCulture));
            output.Write('\n');
        }
    }

    private static void Push(Stack<int> pending, CallTree tree, int node)
    {
        ReadOnlySpan<int> children = tree.ChildrenOf(node);
        for (int i = children.Length - 1; i >= 0; i--) pending.Push(children[i]);
    }
}
