using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>A histogram's series added up: buckets by their upper bound, and how many series have each.</summary>
internal sealed class HistogramSum
{
    private readonly SortedDictionary<double, (double Count, int Series)> _buckets = [];
    private bool _isUnsound;

    public bool HasBuckets => _buckets.Count > 0;

    public void Add(double upperBound, double cumulativeCount)
    {
        if (double.IsNaN(upperBound) || !double.IsFinite(cumulativeCount) || cumulativeCount < 0 || (_buckets.Count >= ExpositionLimits.Buckets && !_buckets.ContainsKey(upperBound)))
        {
            _isUnsound = true;
            return;
        }

        (double count, int series) = _buckets.GetValueOrDefault(upperBound);
        _buckets[upperBound] = (count + cumulativeCount, series + 1);
    }

    /// <summary>
    /// Null when it is none: no buckets, series with different bounds, counts that fall, or bounds that are no durations.
    /// </summary>
    /// <param name="nanosecondsOfUnit">1e9 for bounds in seconds.</param>
    public TimeHistogram? ToTimes(double nanosecondsOfUnit)
    {
        if (_isUnsound || _buckets.Count == 0) return null;
        int series = _buckets.First().Value.Series;
        ImmutableArray<long>.Builder bounds = ImmutableArray.CreateBuilder<long>(_buckets.Count);
        ImmutableArray<long>.Builder counts = ImmutableArray.CreateBuilder<long>(_buckets.Count);
        long lower = 0;
        double before = 0;
        foreach ((double upper, (double count, int seriesOfBucket)) in _buckets)
        {
            if (seriesOfBucket != series || count < before || upper < 0 || count > long.MaxValue / 2) return null;
            double next = Math.Round(upper * nanosecondsOfUnit);
            bounds.Add(lower);
            counts.Add((long)Math.Round(count - before));
            before = count;
            if (double.IsPositiveInfinity(upper)) break;
            if (next <= lower || next >= long.MaxValue) return null;
            lower = (long)next;
        }

        return new TimeHistogram(bounds.DrainToImmutable(), counts.DrainToImmutable());
    }
}
