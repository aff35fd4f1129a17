namespace GoTop.Bench.Measure;

internal static class Statistics
{
    /// <summary>NaN for no values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// The median, and the narrowest pair of order statistics that holds the true median with at least 95 % (the sign
    /// test's interval: it assumes nothing about the distribution). Fewer than six values give the whole range.
    /// </summary>
    public static MedianInterval MedianWithInterval(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0) return new MedianInterval(double.NaN, double.NaN, double.NaN, 0);
        double below = 0, term = Math.Pow(0.5, sorted.Length);
        int left = 0;
        for (int k = 0; below + term <= 0.025; k++)
        {
            below += term;
            left = k + 1;
            term *= (double)(sorted.Length - k) / (k + 1);
        }

        left = Math.Max(0, left - 1);
        return new MedianInterval(Median(sorted), sorted[left], sorted[^(left + 1)], sorted.Length);
    }
}

/// <summary>A median with its 95 % interval and the number of values behind it.</summary>
internal readonly record struct MedianInterval(double Median, double Low, double High, int Count);
