using System.Collections.Immutable;

namespace GoTop.Engine.Export;

/// <summary>
/// runtime.MemStats of an expvar page or of the end of <c>heap?debug=1</c>, as <c>gotop analyze --json</c> prints it: Go's
/// names with their units. A figure that the page lacks is null, and <see cref="Absent"/> says why under its name. See
/// docs/json.md.
/// </summary>
public sealed record MemStatsDocument
{
    public string Kind { get; init; } = "memstats";

    /// <summary>Always null: neither page tells it.</summary>
    public string? GoVersion { get; init; }

    /// <summary><c>expvar</c> or <c>heapText</c>.</summary>
    public required string Source { get; init; }

    public long? AllocBytes { get; init; }

    public long? TotalAllocBytes { get; init; }

    public long? SysBytes { get; init; }

    public long? Lookups { get; init; }

    public long? Mallocs { get; init; }

    public long? Frees { get; init; }

    public long? HeapAllocBytes { get; init; }

    public long? HeapSysBytes { get; init; }

    public long? HeapIdleBytes { get; init; }

    public long? HeapInUseBytes { get; init; }

    public long? HeapReleasedBytes { get; init; }

    public long? HeapObjects { get; init; }

    public long? StackInUseBytes { get; init; }

    public long? StackSysBytes { get; init; }

    public long? MspanInUseBytes { get; init; }

    public long? MspanSysBytes { get; init; }

    public long? McacheInUseBytes { get; init; }

    public long? McacheSysBytes { get; init; }

    public long? BuckHashSysBytes { get; init; }

    public long? GcSysBytes { get; init; }

    public long? OtherSysBytes { get; init; }

    /// <summary>Heap size at which the next cycle ends.</summary>
    public long? NextGcBytes { get; init; }

    public DateTimeOffset? LastGcAt { get; init; }

    public long? NumGc { get; init; }

    public long? NumForcedGc { get; init; }

    public long? PauseTotalNanoseconds { get; init; }

    /// <summary>0–1, since start.</summary>
    public double? GcCpuFraction { get; init; }

    public bool? EnableGc { get; init; }

    public bool? DebugGc { get; init; }

    /// <summary>Largest resident size so far; on Windows the peak of the working set.</summary>
    public long? MaxResidentBytes { get; init; }

    /// <summary>Pauses of the last up to 256 cycles, oldest first; each is the sum of both stops of its cycle.</summary>
    public ImmutableArray<GcPausePart>? Pauses { get; init; }

    /// <summary>The median of <see cref="Pauses"/>.</summary>
    public long? PauseP50Nanoseconds { get; init; }

    public long? PauseMaxNanoseconds { get; init; }

    public ImmutableArray<SizeClassPart>? BySize { get; init; }

    /// <summary>Name of a null figure, and why it is null.</summary>
    public required ImmutableSortedDictionary<string, string> Absent { get; init; }
}

/// <param name="EndedAt">Null where the page does not tell it.</param>
public sealed record GcPausePart(DateTimeOffset? EndedAt, long Nanoseconds);

public sealed record SizeClassPart(long SizeBytes, long Mallocs, long Frees);
