using System.Numerics;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// Sums durations and keeps their distribution: 64 buckets for each doubling, so that a quantile is at most 0.8 % off.
/// </summary>
internal sealed class DurationDigest
{
    private const int PerDoubling = 64, PerDoublingBits = 6;

    private readonly uint[]?[] _doublings = new uint[64 - PerDoublingBits][];

    public long Count { get; private set; }

    public long Total { get; private set; }

    public long Max { get; private set; }

    public DurationSummary Summary => new(Count, Total, Max, Quantile(0.5), Quantile(0.99));

    public void Add(long nanoseconds)
    {
        Count++;
        Total += nanoseconds;
        if (nanoseconds > Max) Max = nanoseconds;
        // The first of these holds single nanoseconds, the next one those from 64 to 127, and so on.
        ulong value = (ulong)Math.Max(0, nanoseconds);
        int doubling = Math.Max(0, BitOperations.Log2(value | 1) - PerDoublingBits + 1);
        int bucket = (int)(value >> Math.Max(0, doubling - 1)) & (PerDoubling - 1);
        uint[] counts = _doublings[doubling] ??= new uint[PerDoubling];
        if (counts[bucket] < uint.MaxValue) counts[bucket]++;
    }

    /// <summary>Of the nearest rank; the middle of its bucket. 0 when there is nothing.</summary>
    public long Quantile(double quantile)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        foreach ((long low, long width, long count) in Buckets())
        {
            rank -= count;
            if (rank <= 0) return Math.Min(Max, low + (width - 1) / 2);
        }

        return Max;
    }

    /// <summary>Coarser, for drawing: a bucket for each doubling from 64 ns on; bucket 0 holds what is shorter.</summary>
    public TimeHistogram Histogram()
    {
        const int Doublings = 30;
        long[] counts = new long[Doublings];
        for (int doubling = 0; doubling < _doublings.Length; doubling++)
            counts[Math.Min(doubling, Doublings - 1)] += _doublings[doubling]?.Sum(each => (long)each) ?? 0;
        return new TimeHistogram([0, .. Enumerable.Range(PerDoublingBits, Doublings - 1).Select(bits => 1L << bits)], [.. counts]);
    }

    private IEnumerable<(long Low, long Width, long Count)> Buckets()
    {
        for (int doubling = 0; doubling < _doublings.Length; doubling++)
        {
            if (_doublings[doubling] is not { } counts) continue;
            int shift = Math.Max(0, doubling - 1);
            long low = doubling == 0 ? 0 : (long)PerDoubling << shift;
            for (int bucket = 0; bucket < PerDoubling; bucket++)
            {
                if (counts[bucket] > 0) yield return (low + ((long)bucket << shift), 1L << shift, counts[bucket]);
            }
        }
    }
}
