using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// runtime.timeHistogram: counters of buckets that double in width, each divided evenly; then what was below zero and
/// (1.20+) beyond the last.
/// </summary>
internal static class TimeHistogramDecoder
{
    private static readonly ImmutableArray<long> ShortBounds = Bounds(buckets: 40, perBucket: 4, firstBucketBits: 8, withOverflow: true);
    private static readonly ImmutableArray<long> LongBounds = Bounds(buckets: 45, perBucket: 16, firstBucketBits: 4, withOverflow: false);

    /// <summary>Bytes of the struct.</summary>
    public static int Size(bool shortForm) => shortForm ? (160 + 2) * 8 : (720 + 1) * 8;

    public static TimeHistogram Decode(MemoryBlock block, int offset, bool shortForm)
    {
        ImmutableArray<long> bounds = shortForm ? ShortBounds : LongBounds;
        int counters = shortForm ? 160 : 720;
        long[] counts = new long[bounds.Length];
        for (int i = 0; i < counters; i++) counts[i] = block.Int64(offset + i * 8);
        // A clock that went back: shorter than anything the first bucket holds.
        counts[0] += block.Int64(offset + counters * 8);
        if (shortForm) counts[counters] = block.Int64(offset + (counters + 1) * 8);
        return new TimeHistogram(bounds, ImmutableCollectionsMarshal.AsImmutableArray(counts));
    }

    /// <summary>The first bucket is 2^firstBucketBits wide, as is the second; every later one is twice the one before.</summary>
    private static ImmutableArray<long> Bounds(int buckets, int perBucket, int firstBucketBits, bool withOverflow)
    {
        ImmutableArray<long>.Builder bounds = ImmutableArray.CreateBuilder<long>(buckets * perBucket + 1);
        long start = 0;
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            long width = 1L << (firstBucketBits + Math.Max(0, bucket - 1));
            for (int i = 0; i < perBucket; i++) bounds.Add(start + i * (width / perBucket));
            start += width;
        }

        if (withOverflow) bounds.Add(start);
        return bounds.DrainToImmutable();
    }
}
