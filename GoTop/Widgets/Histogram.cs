using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <param name="FromNanoseconds">Lower bound of the bucket.</param>
public readonly record struct DurationBucket(double FromNanoseconds, double ToNanoseconds, long Count);

/// <summary>A row of one histogram, or of two beside one another.</summary>
internal readonly record struct HistogramStep(double From, double To, long Left, long Right);

/// <summary>Durations by length, a bar to a bucket. Buckets go 1–2–5–10 whatever their source divided them by.</summary>
public static class Histogram
{
    private const int LabelWidth = 17;

    public static ImmutableArray<DurationBucket> Of(ReadOnlySpan<long> durations)
    {
        SortedDictionary<double, long> counts = [];
        foreach (long duration in durations) Add(counts, duration, 1);
        return Buckets(counts);
    }

    /// <remarks>A source's bucket counts where its lower bound lies: it may reach a little into the next bucket shown.</remarks>
    public static ImmutableArray<DurationBucket> Of(TimeHistogram histogram)
    {
        SortedDictionary<double, long> counts = [];
        for (int i = 0; i < histogram.Counts.Length; i++)
        {
            if (histogram.Counts[i] > 0) Add(counts, histogram.LowerBoundsNanoseconds[i], histogram.Counts[i]);
        }

        return Buckets(counts);
    }

    /// <param name="logarithmic">Bars go by the logarithm of their count, so that the few that took long are seen beside the many that did not.</param>
    public static void Draw(ImmutableArray<DurationBucket> buckets, DrawContext context, bool logarithmic = false)
    {
        int width = context.Surface.Width, height = context.Surface.Height;
        if (buckets.IsEmpty || height <= 0 || width < LabelWidth + 8) return;
        buckets = [.. Shorten([.. buckets.Select(bucket => new HistogramStep(bucket.FromNanoseconds, bucket.ToNanoseconds, bucket.Count, 0))], height).Select(step => new DurationBucket(step.From, step.To, step.Left))];
        long most = Math.Max(1, buckets.Max(bucket => bucket.Count));
        int countWidth = Math.Max(4, buckets.Max(bucket => Figures.Count(bucket.Count).Length)), bar = width - LabelWidth - countWidth - 2;
        for (int y = 0; y < buckets.Length; y++)
        {
            DurationBucket bucket = buckets[y];
            string label = Figures.Invariant($"{Figures.Nanoseconds(bucket.FromNanoseconds)} – {Figures.Nanoseconds(bucket.ToNanoseconds)}");
            context.Write(0, y, LabelWidth, label, context.Theme.DimText, Fit.End, Align.Right);
            context.Write(LabelWidth + 1, y, countWidth, Figures.Count(bucket.Count), context.Theme.Text, Fit.End, Align.Right);
            double share = logarithmic ? Math.Log(1 + bucket.Count) / Math.Log(1 + most) : bucket.Count / (double)most;
            int filled = (int)Math.Ceiling(share * bar);
            Style style = new(context.Theme.Graph((y + 1.0) / buckets.Length), context.Theme.Background);
            for (int x = 0; x < filled; x++)
                context.Surface.Put(LabelWidth + countWidth + 2 + x, y, new Rune(context.Glyphs.FilledBar), style);
        }
    }

    /// <summary>
    /// As many steps as there are rows. Those neighbours become one whose becoming one hides least: empty ones first, then ones
    /// that hold few, and rather narrow ones than ones that reach over decades.
    /// </summary>
    internal static ImmutableArray<HistogramStep> Shorten(ImmutableArray<HistogramStep> steps, int rows)
    {
        List<HistogramStep> joined = [.. steps];
        while (joined.Count > Math.Max(1, rows))
        {
            int least = 0;
            for (int i = 1; i + 1 < joined.Count; i++)
            {
                if (Hidden(joined[i], joined[i + 1]) < Hidden(joined[least], joined[least + 1])) least = i;
            }

            (HistogramStep first, HistogramStep next) = (joined[least], joined[least + 1]);
            joined[least] = new HistogramStep(first.From, next.To, first.Left + next.Left, first.Right + next.Right);
            joined.RemoveAt(least + 1);
        }

        return [.. joined];
    }

    private static double Hidden(in HistogramStep first, in HistogramStep next) =>
        Math.Log(1 + Math.Min(first.Left, next.Left)) + Math.Log(1 + Math.Min(first.Right, next.Right)) + (first.From > 0 ? Math.Log(next.To / first.From) : 1);

    private static void Add(SortedDictionary<double, long> counts, double nanoseconds, long count)
    {
        double from = LowerBound(nanoseconds);
        counts[from] = counts.GetValueOrDefault(from) + count;
    }

    private static double LowerBound(double nanoseconds)
    {
        if (nanoseconds < 1) return 0;
        double decade = 1;
        while (decade * 10 <= nanoseconds) decade *= 10;
        return nanoseconds >= decade * 5 ? decade * 5 : nanoseconds >= decade * 2 ? decade * 2 : decade;
    }

    internal static double NextStep(double from)
    {
        if (from == 0) return 1;
        double decade = 1;
        while (decade * 10 <= from) decade *= 10;
        return from >= decade * 5 ? decade * 10 : from >= decade * 2 ? decade * 5 : decade * 2;
    }

    /// <summary>The buckets between the lowest and the highest, empty ones too: a gap is part of the picture.</summary>
    private static ImmutableArray<DurationBucket> Buckets(SortedDictionary<double, long> counts)
    {
        if (counts.Count == 0) return [];
        ImmutableArray<DurationBucket>.Builder buckets = ImmutableArray.CreateBuilder<DurationBucket>();
        double last = counts.Keys.Last();
        for (double from = counts.Keys.First(); from <= last; from = NextStep(from))
            buckets.Add(new DurationBucket(from, NextStep(from), counts.GetValueOrDefault(from)));
        return buckets.ToImmutable();
    }
}
