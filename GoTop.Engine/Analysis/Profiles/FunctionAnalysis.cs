using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>Flat and cumulative values by function or by line: what <c>go tool pprof -top</c> shows.</summary>
internal static class FunctionAnalysis
{
    /// <summary>
    /// In flat order: the largest first, whatever the sign, then by name. Functions that have no value at all are left out.
    /// </summary>
    public static ImmutableArray<FunctionTotals> Compute(ProfileView view, int type)
    {
        FrameTable frames = view.Frames;
        long[] flat = new long[frames.Count];
        long[] cumulative = new long[frames.Count];
        LineTotals lines = new(view.Profile);
        Accumulate(view, view.Weights(type), flat, cumulative, lines);

        int[] order = new int[frames.Count];
        int count = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (flat[i] != 0 || cumulative[i] != 0) order[count++] = i;
        }

        order.AsSpan(0, count).Sort((a, b) =>
        {
            ulong first = ProfileTotals.Magnitude(flat[a]);
            ulong second = ProfileTotals.Magnitude(flat[b]);
            return first != second ? second.CompareTo(first) : FrameOrder.Compare(frames, a, b);
        });
        LineSummary[] summaries = lines.Summarise(frames);
        FunctionTotals[] rows = new FunctionTotals[count];
        for (int i = 0; i < count; i++)
        {
            int frame = order[i];
            LineSummary summary = summaries[frame];
            string file = summary.FileFunction < 0 ? frames.FileOf(frame) : frames.CleanFile(summary.FileFunction);
            long line = frames.Detail == FrameDetail.Line ? frames.LineOf(frame) : summary.Line;
            rows[i] = new FunctionTotals(frame, frames.NameOf(frame), file, line, frames.StartLineOf(frame), flat[frame], cumulative[frame], summary.Inlining);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(rows);
    }

    private static void Accumulate(ProfileView view, long[] weights, long[] flat, long[] cumulative, LineTotals lines)
    {
        // The last stack that counted the frame, + 1: a recursive function counts once.
        int[] countedBy = new int[flat.Length];
        StackWalker walker = view.Walker();
        for (int stack = 0; stack < weights.Length; stack++)
        {
            long weight = weights[stack];
            if (weight == 0) continue;
            ReadOnlySpan<int> frames = walker.Frames(stack);
            if (frames.IsEmpty) continue;
            flat[frames[0]] += weight;
            foreach (int frame in frames)
            {
                if (countedBy[frame] == stack + 1) continue;
                countedBy[frame] = stack + 1;
                cumulative[frame] += weight;
            }

            lines.Add(view.Profile.Stack(stack), weight);
        }
    }
}
