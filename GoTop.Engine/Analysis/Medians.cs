namespace GoTop.Engine.Analysis;

internal static class Medians
{
    /// <summary>Sorts what it is given, of which there must be one at least; between the two in the middle of an even number.</summary>
    public static double Of(Span<double> values)
    {
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
