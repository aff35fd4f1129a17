using System.Runtime.InteropServices;

namespace GoTop.Engine.Analysis.Profiles;

internal static class TreeAnalysis
{
    public static CallTree Compute(ProfileView view, int type)
    {
        CallTreeBuilder builder = new(view.Frames);
        long[] weights = view.Weights(type);
        StackWalker walker = view.Walker();
        for (int stack = 0; stack < weights.Length; stack++)
        {
            if (weights[stack] != 0) builder.Add(walker.Frames(stack), weights[stack]);
        }

        return builder.Build();
    }

    /// <summary>Both profiles in one tree.</summary>
    public static CallTree Compare(ProfileView before, int typeBefore, ProfileView after, int typeAfter)
    {
        NamedFrames frames = new();
        CallTreeBuilder builder = new(frames);
        Each(before, typeBefore, frames, builder.AddBefore);
        Each(after, typeAfter, frames, builder.Add);
        return builder.Build();
    }

    private static void Each(ProfileView view, int type, NamedFrames frames, AddStack add)
    {
        int[] numbers = new int[view.Frames.Count];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = frames.Add(view.Frames.NameOf(i), view.Frames.Detail == FrameDetail.Line ? view.Frames.FileOf(i) : "", view.Frames.LineOf(i));
        long[] weights = view.Weights(type);
        StackWalker walker = view.Walker();
        List<int> stackOfBoth = [];
        for (int stack = 0; stack < weights.Length; stack++)
        {
            if (weights[stack] == 0) continue;
            stackOfBoth.Clear();
            foreach (int frame in walker.Frames(stack)) stackOfBoth.Add(numbers[frame]);
            add(CollectionsMarshal.AsSpan(stackOfBoth), weights[stack]);
        }
    }

    private delegate void AddStack(ReadOnlySpan<int> stack, long value);
}
