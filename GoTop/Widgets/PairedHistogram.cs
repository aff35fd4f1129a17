using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <param name="Title">What was counted, in a few words.</param>
public sealed record HistogramSide(string Title, ImmutableArray<DurationBucket> Buckets);

/// <summary>Two sets of durations beside one another on one axis, so that like stands beside like.</summary>
public static class PairedHistogram
{
    private const int LabelWidth = 17;
    private const int Gap = 2;
    private const int LeastBar = 3;

    /// <summary>Of which the head is the first.</summary>
    public static int Rows(HistogramSide left, HistogramSide right) => 1 + Axis(left, right).Length;

    /// <remarks>Bars go by the logarithm of their count, so that the few that took long are seen beside the many that did not.</remarks>
    public static void Draw(HistogramSide left, HistogramSide right, DrawContext context)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        ImmutableArray<(double From, double To)> axis = Shorten(Axis(left, right), left, right, height - 1);
        int half = (width - LabelWidth - Gap - 1) / 2;
        if (height < 2 || half < 8) return;
        int second = LabelWidth + 1 + half + Gap;
        context.Write(LabelWidth + 1, 0, half, left.Title, context.Theme.TitleText);
        context.Write(second, 0, width - second, right.Title, context.Theme.TitleText);
        for (int i = 0; i < axis.Length; i++)
        {
            string label = Figures.Invariant($"{Figures.Nanoseconds(axis[i].From)} – {Figures.Nanoseconds(axis[i].To)}");
            context.Write(0, 1 + i, LabelWidth, label, context.Theme.DimText, Fit.End, Align.Right);
        }

        DrawSide(left, axis, context.Slice(LabelWidth + 1, 1, half, height - 1));
        DrawSide(right, axis, context.Slice(second, 1, width - second, height - 1));
    }

    private static void DrawSide(HistogramSide side, ImmutableArray<(double From, double To)> axis, DrawContext context)
    {
        if (side.Buckets.IsEmpty) return;
        long[] counts = [.. axis.Select(step => Count(side, step))];
        long most = Math.Max(1, counts.Max());
        int countWidth = Math.Max(4, counts.Max(count => Figures.Count(count).Length)), bar = context.Surface.Width - countWidth - 1;
        for (int y = 0; y < axis.Length; y++)
        {
            long count = counts[y];
            context.Write(0, y, countWidth, count == 0 ? "·" : Figures.Count(count), context.Theme.Style(count == 0 ? Tone.Dim : Tone.Normal), Fit.End, Align.Right);
            if (bar < LeastBar) continue;
            int filled = (int)Math.Ceiling(Math.Log(1 + count) / Math.Log(1 + most) * bar);
            Style style = new(context.Theme.Graph((y + 1.0) / axis.Length), context.Theme.Background);
            for (int x = 0; x < filled; x++) context.Surface.Put(countWidth + 1 + x, y, new Rune(context.Glyphs.FilledBar), style);
        }
    }

    private static long Count(HistogramSide side, (double From, double To) step) =>
        side.Buckets.Where(bucket => bucket.FromNanoseconds >= step.From && bucket.FromNanoseconds < step.To).Sum(bucket => bucket.Count);

    private static ImmutableArray<(double From, double To)> Shorten(ImmutableArray<(double From, double To)> axis, HistogramSide left, HistogramSide right, int rows) =>
        [.. Histogram.Shorten([.. axis.Select(step => new HistogramStep(step.From, step.To, Count(left, step), Count(right, step)))], rows).Select(step => (step.From, step.To))];

    /// <summary>All steps between the shortest and the longest of both: the buckets of either are such steps already.</summary>
    private static ImmutableArray<(double From, double To)> Axis(HistogramSide left, HistogramSide right)
    {
        SortedDictionary<double, double> steps = [];
        foreach (DurationBucket bucket in left.Buckets.Concat(right.Buckets)) steps[bucket.FromNanoseconds] = bucket.ToNanoseconds;
        if (steps.ContainsKey(0)) JoinShortest(steps, left, right);
        ImmutableArray<(double, double)>.Builder axis = ImmutableArray.CreateBuilder<(double, double)>();
        double reached = double.NaN;
        foreach ((double from, double to) in steps)
        {
            // Between two sets that do not touch the steps are missing: a gap is part of the picture.
            while (reached < from)
            {
                double next = Histogram.NextStep(reached);
                axis.Add((reached, next));
                reached = next;
            }

            axis.Add((from, to));
            reached = to;
        }

        return axis.ToImmutable();
    }

    /// <summary>What is shorter than a clock tells stands at 0: the empty steps from there on would take the room of those that tell something.</summary>
    private static void JoinShortest(SortedDictionary<double, double> steps, HistogramSide left, HistogramSide right)
    {
        double next = left.Buckets.Concat(right.Buckets).Where(bucket => bucket is { FromNanoseconds: > 0, Count: > 0 }).Select(bucket => bucket.FromNanoseconds).DefaultIfEmpty(steps[0]).Min();
        foreach (double empty in steps.Keys.Where(from => from > 0 && from < next).ToList()) steps.Remove(empty);
        steps[0] = next;
    }
}
