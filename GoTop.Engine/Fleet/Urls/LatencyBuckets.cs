namespace GoTop.Engine.Fleet.Urls;

/// <summary>The buckets of one cumulative histogram, used again and again.</summary>
internal sealed class LatencyBuckets
{
    /// <summary>Go's own has some 50 at most as exporters serve it.</summary>
    private const int Most = 512;

    private double[] _bounds = [];
    private double[] _counts = [];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>In ascending order, as exporters write them; what comes out of order makes the histogram unusable.</summary>
    public void Add(double upperBound, double cumulative)
    {
        if (Count < 0) return;
        bool isSound = Count < Most && !double.IsNaN(upperBound) && double.IsFinite(cumulative) && cumulative >= 0
            && (Count == 0 || (upperBound > _bounds[Count - 1] && cumulative >= _counts[Count - 1]));
        if (!isSound)
        {
            Count = -1;
            return;
        }

        if (Count == _bounds.Length)
        {
            Array.Resize(ref _bounds, Math.Max(64, 2 * Count));
            Array.Resize(ref _counts, _bounds.Length);
        }

        (_bounds[Count], _counts[Count]) = (upperBound, cumulative);
        Count++;
    }

    /// <summary>Takes over the other's buckets.</summary>
    public void CopyFrom(LatencyBuckets other)
    {
        Count = other.Count;
        if (Count <= 0) return;
        if (_bounds.Length < Count) (_bounds, _counts) = (new double[Count], new double[Count]);
        other._bounds.AsSpan(0, Count).CopyTo(_bounds);
        other._counts.AsSpan(0, Count).CopyTo(_counts);
    }

    /// <summary>
    /// The upper bound of the bucket in which the quantile of what was added since lies; NaN when nothing was added or the
    /// two are no histograms of the same buckets.
    /// </summary>
    public double QuantileSince(LatencyBuckets before, double quantile)
    {
        if (Count <= 0 || Count != before.Count || !_bounds.AsSpan(0, Count).SequenceEqual(before._bounds.AsSpan(0, Count))) return double.NaN;
        double added = _counts[Count - 1] - before._counts[Count - 1];
        if (added <= 0) return double.NaN;
        double last = 0;
        for (int i = 0; i < Count; i++)
        {
            double since = _counts[i] - before._counts[i];
            if (since < last) return double.NaN;
            last = since;
            if (since < quantile * added) continue;
            // Of the last bucket nothing is known but its lower bound.
            return double.IsPositiveInfinity(_bounds[i]) ? i > 0 ? _bounds[i - 1] : double.NaN : _bounds[i];
        }

        return double.NaN;
    }
}
