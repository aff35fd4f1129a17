using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Panes.Goroutines;

/// <summary>
/// What goroutines are busy with, by the packages on their stacks and the function they were started with. Where no stack was
/// read, the start function alone speaks. What they wait for stands beside it already.
/// </summary>
internal sealed class GoroutineTags(GoroutineTable table)
{
    private readonly Dictionary<(int Stack, int Start), ImmutableArray<string>> _known = [];

    public static ImmutableArray<string> Of(GoroutineGroup group) => StackTags.Of(
        group.Stacks.SelectMany(stack => stack.Frames).Select(frame => frame.Function).Append(group.Key.StartFunction));

    public ImmutableArray<string> Of(in GoroutineRow row)
    {
        ref ImmutableArray<string> tags = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, (row.Stack, row.StartFunction), out bool known);
        if (!known) tags = StackTags.Of(Functions(row.Stack, row.StartFunction));
        return tags;
    }

    private IEnumerable<string> Functions(int stack, int start)
    {
        if (start >= 0) yield return table.Locations[start].Function;
        if (stack < 0) yield break;
        foreach (int frame in table.Stacks[stack]) yield return table.Locations[frame].Function;
    }
}
