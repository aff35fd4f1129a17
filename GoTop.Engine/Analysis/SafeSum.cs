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
}
