using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>What the machine has: fixed while it runs, but for cores going on- and offline.</summary>
/// <param name="Cores">The logical processors, by number.</param>
public sealed record HostTopology(ImmutableArray<LogicalCore> Cores);

/// <param name="Id">The logical processor's number; on Windows group × 64 + number in the group.</param>
/// <param name="PhysicalCore">Cores with the same package and physical core number are SMT siblings.</param>
/// <param name="ProcessorGroup">Windows processor group; 0 elsewhere.</param>
public sealed record LogicalCore(int Id, int PhysicalCore, int Package, int NumaNode, int ProcessorGroup);

/// <summary>Raw counters of the machine at one moment.</summary>
public sealed record HostCounters
{
    /// <summary>
    /// When this was read, on the sampler's monotonic clock; what rates are taken over. A source that carries an older
    /// reading along sets it; 0 is stamped by the sampler.
    /// </summary>
    public long ReadAtNanoseconds { get; init; }

    public required HostTopology Topology { get; init; }

    public required ImmutableArray<CoreTimes> Cores { get; init; }

    public required long MemoryTotalBytes { get; init; }

    public required long MemoryAvailableBytes { get; init; }

    public Reading<long> SwapTotalBytes { get; init; }

    public Reading<long> SwapFreeBytes { get; init; }

    public ImmutableArray<NumaMemory> NumaNodes { get; init; } = [];

    /// <summary>Runnable and uninterruptible tasks, 1, 5 and 15 minute averages.</summary>
    public Reading<LoadAverage> Load { get; init; }

    /// <summary>Pressure stall information: share of the last 10 s in which some task waited.</summary>
    public Reading<Pressure> Pressure { get; init; }
}

/// <summary>Time one logical processor has spent, since boot, in nanoseconds.</summary>
public readonly record struct CoreTimes(
    int Id, long UserNanoseconds, long SystemNanoseconds, long IdleNanoseconds,
    long IoWaitNanoseconds, long InterruptNanoseconds, long StealNanoseconds);

/// <param name="TotalBytes">Not supported on a Windows of several nodes.</param>
public readonly record struct NumaMemory(int Node, Reading<long> TotalBytes, long FreeBytes);

public readonly record struct LoadAverage(double OneMinute, double FiveMinutes, double FifteenMinutes);

/// <param name="CpuPercent">0–100; likewise the others.</param>
public readonly record struct Pressure(double CpuPercent, double MemoryPercent, double IoPercent);
