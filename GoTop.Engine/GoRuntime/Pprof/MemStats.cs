using System.Collections.Immutable;

namespace GoTop.Engine.GoRuntime.Pprof;

/// <summary>The whole-number figures of runtime.MemStats, under Go's names; and MaxRSS, which only the text has.</summary>
public enum MemStat : byte
{
    Alloc,
    TotalAlloc,
    Sys,
    Lookups,
    Mallocs,
    Frees,
    HeapAlloc,
    HeapSys,
    HeapIdle,
    HeapInuse,
    HeapReleased,
    HeapObjects,
    StackInuse,
    StackSys,
    MSpanInuse,
    MSpanSys,
    MCacheInuse,
    MCacheSys,
    BuckHashSys,
    GCSys,
    OtherSys,
    NextGC,
    LastGC,
    PauseTotalNs,
    NumGC,
    NumForcedGC,
    MaxRSS,
}

/// <summary>Objects of one size class: <c>BySize</c>, which only expvar has.</summary>
public readonly record struct SizeClass(long SizeBytes, long Mallocs, long Frees);

/// <summary>
/// runtime.MemStats as a page told it, before it is mapped to <see cref="Model.RuntimeCounters"/>. A figure the page
/// lacks, or has in a form that cannot be right (negative, beyond 2⁶³−1), is absent.
/// </summary>
public sealed class MemStats
{
    /// <summary>Length of Go's rings PauseNs and PauseEnd.</summary>
    public const int PauseRingLength = 256;

    private const int Figures = (int)MemStat.MaxRSS + 1;

    // The names as the pages write them, in the order of the enumeration.
    private static readonly ImmutableArray<byte[]> Names =
    [
        .. Enum.GetNames<MemStat>().Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private readonly long?[] _values = new long?[Figures];

    /// <param name="page">What it was read from, for reasons: <c>/debug/vars</c>.</param>
    public MemStats(string page) => Page = page;

    public string Page { get; }

    /// <summary>0–1, since start.</summary>
    public double? GcCpuFraction { get; set; }

    /// <summary>The ring as Go keeps it, 256 long: the pause of cycle n (from 1) is at (n+255)%256.</summary>
    public ImmutableArray<long>? PauseRing { get; set; }

    /// <summary>When those pauses ended, nanoseconds since 1970, at the same places.</summary>
    public ImmutableArray<long>? PauseEndRing { get; set; }

    public bool? EnableGc { get; set; }

    public bool? DebugGc { get; set; }

    /// <summary>In order of size; absent in the text.</summary>
    public ImmutableArray<SizeClass>? BySize { get; set; }

    public long? this[MemStat figure]
    {
        get => _values[(int)figure];
        set => _values[(int)figure] = value;
    }

    /// <summary>False for a page that said it has MemStats but carried none of its main figures.</summary>
    public bool HasMainFigures => this[MemStat.HeapAlloc] is not null && this[MemStat.NumGC] is not null;

    /// <summary>A ring's values, oldest first, one for each of the last up to 256 cycles; null where the page lacks it or the number of cycles.</summary>
    public ImmutableArray<long>? Recent(ImmutableArray<long>? ring)
    {
        if (ring is not { Length: PauseRingLength } whole || this[MemStat.NumGC] is not { } cycles) return null;
        // Before it wraps the ring is filled from 0 on; after that the oldest stands where the next will be written.
        if (cycles <= PauseRingLength) return whole[..(int)cycles];
        int oldest = (int)(cycles % PauseRingLength);
        return [.. whole[oldest..], .. whole[..oldest]];
    }

    /// <summary>The figure of this name, or null when it is not one of those kept.</summary>
    public static MemStat? Named(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i])) return (MemStat)i;
        }

        return null;
    }
}
