using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>A stack of a profile with what it accounts for.</summary>
/// <param name="Values">One per sample type.</param>
/// <param name="Frames">Innermost first, inlined ones too.</param>
public sealed record StackTotals(ImmutableArray<long> Values, ImmutableArray<CodeLocation> Frames);

/// <summary>The stacks of a place.</summary>
internal static class SiteStacks
{
    /// <summary>A place of a library can be reached in very many ways.</summary>
    public const int MaximumStacks = 200;

    /// <param name="view">By <see cref="FrameDetail.Line"/>.</param>
    /// <returns>The largest of the sample type first, whatever the sign.</returns>
    public static ImmutableArray<StackTotals> Compute(ProfileView view, int type, Func<int, bool> isWanted)
    {
        Profile profile = view.Profile;
        int types = profile.SampleTypes.Length;
        Dictionary<int, long[]> sums = [];
        for (int sample = 0; sample < profile.SampleCount; sample++)
        {
            int stack = profile.SampleStacks[sample];
            if (!view.Counts(sample) || !isWanted(stack)) continue;
            ref long[]? sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, stack, out _);
            sum ??= new long[types];
            ReadOnlySpan<long> values = profile.ValuesOf(sample);
            for (int i = 0; i < types; i++) sum[i] += values[i];
        }

        StackWalker walker = view.Walker();
        return
        [
            .. sums.OrderByDescending(entry => ProfileTotals.Magnitude(entry.Value[type])).ThenBy(entry => entry.Key).Take(MaximumStacks)
                .Select(entry => new StackTotals(ImmutableCollectionsMarshal.AsImmutableArray(entry.Value), Locations(view.Frames, walker.Frames(entry.Key)))),
        ];
    }

    private static ImmutableArray<CodeLocation> Locations(FrameTable frames, ReadOnlySpan<int> stack)
    {
        CodeLocation[] locations = new CodeLocation[stack.Length];
        for (int i = 0; i < locations.Length; i++) locations[i] = new CodeLocation(frames.NameOf(stack[i]), frames.FileOf(stack[i]), (int)Math.Clamp(frames.LineOf(stack[i]), 0, int.MaxValue));
        return ImmutableCollectionsMarshal.AsImmutableArray(locations);
    }
}
