using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>A function that calls another, or is called by it, and the value that passes between them.</summary>
public sealed record FunctionNeighbour(int Frame, string Function, long Value);

/// <summary>Who calls a function and whom it calls: <c>go tool pprof -peek</c>.</summary>
/// <param name="Flat">What is left over when the callees are taken from the cumulative value, but for recursion.</param>
/// <param name="Callers">The largest first. Stacks that begin with the function have none.</param>
/// <param name="Callees">The largest first.</param>
public sealed record FunctionNeighbours(string Function, long Flat, long Cumulative, ImmutableArray<FunctionNeighbour> Callers, ImmutableArray<FunctionNeighbour> Callees)
{
    internal static FunctionNeighbours Compute(ProfileView view, int type, int function)
    {
        long[] weights = view.Weights(type);
        long flat = 0;
        long cumulative = 0;
        Dictionary<int, (int Stack, long Value)> callers = [];
        Dictionary<int, (int Stack, long Value)> callees = [];
        StackWalker walker = view.Walker();
        for (int stack = 0; stack < weights.Length; stack++)
        {
            long weight = weights[stack];
            if (weight == 0) continue;
            ReadOnlySpan<int> frames = walker.Frames(stack);
            if (!frames.Contains(function)) continue;
            cumulative += weight;
            if (frames[0] == function) flat += weight;
            for (int i = 0; i < frames.Length; i++)
            {
                if (frames[i] != function) continue;
                if (i > 0) Count(callees, frames[i - 1], function, stack, weight);
                if (i + 1 < frames.Length) Count(callers, frames[i + 1], function, stack, weight);
            }
        }

        return new FunctionNeighbours(view.Frames.NameOf(function), flat, cumulative, Sorted(view.Frames, callers), Sorted(view.Frames, callees));
    }

    /// <summary>Once per stack, however often one calls the other in it; a call of itself does not count.</summary>
    private static void Count(Dictionary<int, (int Stack, long Value)> neighbours, int neighbour, int function, int stack, long weight)
    {
        if (neighbour == function) return;
        ref (int Stack, long Value) entry = ref CollectionsMarshal.GetValueRefOrAddDefault(neighbours, neighbour, out bool exists);
        if (exists && entry.Stack == stack) return;
        entry = (stack, entry.Value + weight);
    }

    private static ImmutableArray<FunctionNeighbour> Sorted(FrameTable frames, Dictionary<int, (int Stack, long Value)> neighbours)
    {
        List<FunctionNeighbour> rows = [.. neighbours.Select(each => new FunctionNeighbour(each.Key, frames.NameOf(each.Key), each.Value.Value))];
        rows.Sort((a, b) =>
        {
            ulong first = ProfileTotals.Magnitude(a.Value);
            ulong second = ProfileTotals.Magnitude(b.Value);
            return first != second ? second.CompareTo(first) : string.CompareOrdinal(a.Function, b.Function);
        });
        return [.. rows];
    }
}
