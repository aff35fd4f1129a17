namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>What a page of metrics may hold at most. Large services have some ten thousand series.</summary>
public static class ExpositionLimits
{
    public const int LineBytes = 64 * 1024;

    public const int Samples = 2_000_000;

    public const int LabelsOfSample = 64;

    /// <summary>Families that count requests, before one is chosen.</summary>
    public const int RequestFamilies = 256;

    public const int Buckets = 512;

    /// <summary>That are counted by name.</summary>
    public const int Families = 100_000;
}
