namespace GoTop.Engine.Analysis;

/// <summary>Sums of figures from a file, which may be anything.</summary>
public static class SafeSum
{
    /// <summary>The sum, or the nearest number that there is.</summary>
    public static long Total<T>(this IEnumerable<T> items, Func<T, long> figure)
    {
        Int128 sum = 0;
        foreach (T item in items) sum += figure(item);
        return (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
    }

    /// <summary>The sum, or the nearest number that there is.</summary>
    public static long Add(long one, long other) => (long)Int128.Clamp((Int128)one + other, long.MinValue, long.MaxValue);

    /// <summary>The difference, or the nearest number that there is.</summary>
    public static long Difference(long end, long start) => (long)Int128.Clamp((Int128)end - start, long.MinValue, long.MaxValue);
}
