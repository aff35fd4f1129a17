using CsCheck;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Analysis.Traces;

public sealed class DurationDigestTests
{
    [Fact]
    public void Quantiles_are_within_a_hundredth_of_the_exact_ones() =>
        Gen.Select(Gen.Long[0, 70], Gen.Long[0, 10_000_000], Gen.Long[0, 1L << 60], Gen.Int[0, 2]).Select((small, middle, large, which) => which switch
        {
            0 => small,
            1 => middle,
            _ => large,
        }).List[1, 300].Sample(durations =>
        {
            DurationDigest digest = new();
            foreach (long duration in durations) digest.Add(duration);
            long[] sorted = [.. durations.Order()];
            foreach (double quantile in (double[])[0.01, 0.5, 0.99, 1])
            {
                long exact = sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)];
                Assert.InRange(digest.Quantile(quantile), exact * 0.99 - 1, exact * 1.01 + 1);
            }

            Assert.Equal((durations.Count, sorted[^1]), (digest.Summary.Count, digest.Summary.MaxNanoseconds));
            Assert.Equal(durations.Count, digest.Histogram().Total);
        });

    [Fact]
    public void The_histogram_has_a_bucket_for_each_doubling()
    {
        DurationDigest digest = new();
        foreach (long duration in (long[])[0, 63, 64, 127, 128, 1_000_000, long.MaxValue]) digest.Add(duration);
        TimeHistogram histogram = digest.Histogram();
        Assert.Equal([0, 64, 128], histogram.LowerBoundsNanoseconds[..3]);
        Assert.Equal([2, 2, 1], histogram.Counts[..3]);
        Assert.Equal(1, histogram.Counts[histogram.LowerBoundsNanoseconds.IndexOf(1 << 19)]);
        Assert.Equal(1, histogram.Counts[^1]);
        Assert.Equal(0, new DurationDigest().Quantile(0.5));
    }
}
