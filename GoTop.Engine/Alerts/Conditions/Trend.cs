using GoTop.Engine.Analysis;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>
/// A line through points that a few wild ones do not turn (Theil–Sen: the median of the slopes between all pairs), and whether
/// there is a line at all.
/// </summary>
/// <param name="PerSecond">The slope.</param>
/// <param name="Last">The line's value at the last point.</param>
/// <param name="Agreement">Share of pairs that go the slope's way, 0–1.</param>
/// <param name="Noise">Median distance of the points from the line.</param>
/// <param name="Growth">What the line rises from the first point to the last.</param>
internal readonly record struct Trend(double PerSecond, double Last, double Agreement, double Noise, double Growth)
{
    private const double LeastAgreement = 0.75;
    private const double LeastGrowthOverNoise = 4;
    private const double LeastShareOfHalf = 0.3;

    /// <summary>
    /// The line of points that go one way all along, in both halves of the time, and further than they scatter; null when there is
    /// none. A step is flat in one half.
    /// </summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static Trend? Steady(ReadOnlySpan<(double Seconds, double Value)> points)
    {
        if (points.Length < 6) return null;
        Trend whole = Of(points), first = Of(points[..(points.Length / 2)]), second = Of(points[(points.Length / 2)..]);
        bool isSteady = whole.Agreement >= LeastAgreement && Math.Abs(whole.Growth) > LeastGrowthOverNoise * whole.Noise
            && first.PerSecond / whole.PerSecond >= LeastShareOfHalf && second.PerSecond / whole.PerSecond >= LeastShareOfHalf;
        return isSteady ? whole : null;
    }

    /// <param name="points">Seconds and values, ascending in time; at least 3, at most some hundred: the cost is quadratic.</param>
    public static Trend Of(ReadOnlySpan<(double Seconds, double Value)> points)
    {
        double[] slopes = new double[points.Length * (points.Length - 1) / 2];
        int count = 0;
        for (int i = 0; i < points.Length; i++)
        {
            for (int j = i + 1; j < points.Length; j++)
                slopes[count++] = (points[j].Value - points[i].Value) / (points[j].Seconds - points[i].Seconds);
        }

        double slope = Medians.Of(slopes);
        int agreeing = 0;
        foreach (double one in slopes) agreeing += Math.Sign(one) == Math.Sign(slope) ? 1 : 0;
        double[] offsets = new double[points.Length];
        for (int i = 0; i < points.Length; i++) offsets[i] = points[i].Value - (slope * (points[i].Seconds - points[0].Seconds));
        double start = Medians.Of((double[])offsets.Clone());
        for (int i = 0; i < offsets.Length; i++) offsets[i] = Math.Abs(offsets[i] - start);
        double growth = slope * (points[^1].Seconds - points[0].Seconds);
        return new Trend(slope, start + growth, slope == 0 ? 0 : (double)agreeing / slopes.Length, Medians.Of(offsets), growth);
    }
}
