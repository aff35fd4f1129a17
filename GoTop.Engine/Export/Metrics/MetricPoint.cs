using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Metrics;

/// <summary>An attribute of a point.</summary>
/// <param name="Otel">OpenTelemetry's name, e.g. <c>cpu.mode</c>.</param>
/// <param name="Prometheus">Prometheus' name, e.g. <c>cpu_mode</c>.</param>
public readonly record struct MetricLabel(string Otel, string Prometheus, string Value)
{
    /// <summary>With the same name but for the dots.</summary>
    public static MetricLabel Of(string otel, string value) => new(otel, otel.Replace('.', '_'), value);
}

/// <summary>One value of a metric.</summary>
/// <param name="Value">In the metric's unit; of a histogram unused.</param>
public sealed record MetricPoint(double Value)
{
    public ImmutableArray<MetricLabel> Labels { get; init; } = [];

    /// <summary>Since when a counter counts; null when that is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Of a histogram or summary; null for a number.</summary>
    public MetricHistogram? Histogram { get; init; }

    public MetricPoint With(string otel, string value) => this with { Labels = Labels.Add(MetricLabel.Of(otel, value)) };
}

/// <summary>A cumulative histogram in seconds; without buckets a summary.</summary>
/// <param name="UpperBounds">Ascending, without the last one, which is infinite.</param>
/// <param name="Counts">One more than bounds, each of its own bucket alone.</param>
/// <param name="Sum">Null when nobody keeps it: Go's runtime does not.</param>
public sealed record MetricHistogram(ImmutableArray<double> UpperBounds, ImmutableArray<long> Counts, double? Sum)
{
    private const int Step = 4;
    private const long FirstBound = 1_000;
    private const long LastBound = 100_000_000_000;

    public long Count => Counts.Aggregate(0L, Plus);

    public static MetricHistogram SummaryOf(long count, double sum) => new([], [Plus(0, count)], sum);

    /// <summary>
    /// Counts come from a target's memory, where anything may stand: what is less than nothing counts as nothing, and a sum stays at the most.
    /// </summary>
    internal static long Plus(long sum, long count)
    {
        count = Math.Max(0, count);
        return sum > long.MaxValue - count ? long.MaxValue : sum + count;
    }

    /// <summary>
    /// Go keeps hundreds of buckets; those between the bounds that are told are added up, so that every bound is one of Go's own: from
    /// 1 µs on each at least four times the one before, the same for all moments of a process.
    /// </summary>
    public static MetricHistogram Of(TimeHistogram histogram, double? sum)
    {
        ImmutableArray<double>.Builder bounds = ImmutableArray.CreateBuilder<double>();
        ImmutableArray<long>.Builder counts = ImmutableArray.CreateBuilder<long>();
        long inBucket = 0, last = FirstBound / Step;
        for (int i = 0; i < histogram.Counts.Length; i++)
        {
            long bound = histogram.LowerBoundsNanoseconds[i];
            if (bound >= last * Step && bound <= LastBound)
            {
                bounds.Add(bound / 1e9);
                counts.Add(inBucket);
                (inBucket, last) = (0, bound);
            }

            inBucket = Plus(inBucket, histogram.Counts[i]);
        }

        counts.Add(inBucket);
        return new MetricHistogram(bounds.ToImmutable(), counts.ToImmutable(), sum);
    }
}
