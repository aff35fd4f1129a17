namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// What is read of a profile at most. A damaged or hostile file costs no more than this; the largest profiles of real services
/// stay far below. The counts matter because an entry takes up to twenty times as much memory as it does in the file.
/// </summary>
public sealed record ProfileLimits
{
    /// <summary>For files that a person names.</summary>
    public static ProfileLimits Default { get; } = new();

    /// <summary>For what a live service answers: Go's own profiles are below 10 MB even for large services.</summary>
    public static ProfileLimits Live { get; } = new()
    {
        MaxCompressedBytes = 64 << 20,
        MaxBytes = 256 << 20,
        MaxSamples = 4_000_000,
        MaxLocations = 2_000_000,
        MaxFunctions = 1_000_000,
        MaxStrings = 4_000_000,
    };

    public long MaxCompressedBytes { get; init; } = 1L << 30;

    /// <summary>After decompression; also what a profile that is not compressed may have.</summary>
    public long MaxBytes { get; init; } = 2_000_000_000;

    /// <summary>Of one top-level field: a sample with its stack, a string.</summary>
    public int MaxFieldBytes { get; init; } = 16 << 20;

    public int MaxSamples { get; init; } = 64_000_000;

    /// <summary>Locations of all distinct stacks together.</summary>
    public int MaxStackLocations { get; init; } = 1_000_000_000;

    /// <summary>Labels of all distinct sets of labels together.</summary>
    public int MaxLabels { get; init; } = 64_000_000;

    public int MaxLocations { get; init; } = 16_000_000;

    /// <summary>Of all locations together, inlined ones included.</summary>
    public int MaxLines { get; init; } = 64_000_000;

    public int MaxFunctions { get; init; } = 8_000_000;

    public int MaxMappings { get; init; } = 1_000_000;

    public int MaxStrings { get; init; } = 32_000_000;

    public int MaxSampleTypes { get; init; } = 256;

    public int MaxComments { get; init; } = 10_000;
}
