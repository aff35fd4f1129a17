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
        FrameSum[] sums = new FrameSum[frames.Count];
        LineTotals lines = new(view.Profile);
        Accumulate(view, view.Weights(type), sums, lines);

        int[] order = new int[frames.Count];
        int count = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (sums[i].Flat != 0 || sums[i].Cumulative != 0) order[count++] = i;
        }

        order.AsSpan(0, count).Sort((a, b) =>
        {
            ulong first = ProfileTotals.Magnitude(sums[a].Flat);
            ulong second = ProfileTotals.Magnitude(sums[b].Flat);
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
            rows[i] = new FunctionTotals(frame, frames.NameOf(frame), file, line, frames.StartLineOf(frame), sums[frame].Flat, sums[frame].Cumulative, summary.Inlining);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(rows);
    }

    private static void Accumulate(ProfileView view, long[] weights, FrameSum[] sums, LineTotals lines)
    {
        StackWalker walker = view.Walker();
        for (int stack = 0; stack < weights.Length; stack++)
        {
            long weight = weights[stack];
            if (weight == 0) continue;
            ReadOnlySpan<int> frames = walker.Frames(stack);
            if (frames.IsEmpty) continue;
            sums[frames[0]].Flat += weight;
            foreach (int frame in frames)
            {
                ref FrameSum sum = ref sums[frame];
                if (sum.CountedBy == stack + 1) continue;
                sum.CountedBy = stack + 1;
                sum.Cumulative += weight;
            }

            lines.Add(view.Profile.Stack(stack), weight);
        }
    }

    private struct FrameSum
    {
        public long Flat;
        public long Cumulative;

        /// <summary>The last stack that counted the frame, + 1: a recursive function counts once.</summary>
        public int CountedBy;
    }
}
