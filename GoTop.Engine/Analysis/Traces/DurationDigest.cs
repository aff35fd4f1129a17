using System.Numerics;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// Sums durations and keeps their distribution: 64 buckets for each doubling, so that a quantile is at most 0.8 % off.
/// </summary>
internal sealed class DurationDigest
{
    private const int PerDoubling = 64, PerDoublingBits = 6;

    /// <summary>As far as there have been durations.</summary>
    private long[] _counts = new long[16 * PerDoubling];

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
        int index = doubling * PerDoubling + ((int)(value >> Math.Max(0, doubling - 1)) & (PerDoubling - 1));
        if (index >= _counts.Length) Array.Resize(ref _counts, (doubling + 4) * PerDoubling);
        _counts[index]++;
    }

    /// <summary>What another one has kept, as if it had been added here.</summary>
    public void Add(DurationDigest other)
    {
        Count += other.Count;
        Total += other.Total;
        Max = Math.Max(Max, other.Max);
        if (_counts.Length < other._counts.Length) Array.Resize(ref _counts, other._counts.Length);
        for (int index = 0; index < other._counts.Length; index++) _counts[index] += other._counts[index];
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
        const int Shown = 30;
        long[] counts = new long[Shown];
        for (int index = 0; index < _counts.Length; index++) counts[Math.Min(index / PerDoubling, Shown - 1)] += _counts[index];
        return new TimeHistogram([0, .. Enumerable.Range(PerDoublingBits, Shown - 1).Select(bits => 1L << bits)], [.. counts]);
    }

    private IEnumerable<(long Low, long Width, long Count)> Buckets()
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            if (_counts[index] == 0) continue;
            int doubling = index / PerDoubling, shift = Math.Max(0, doubling - 1);
            long low = doubling == 0 ? 0 : (long)PerDoubling << shift;
            yield return (low + ((long)(index % PerDoubling) << shift), 1L << shift, _counts[index]);
        }
    }
}
