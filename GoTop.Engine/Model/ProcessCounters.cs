namespace GoTop.Engine.Model;

/// <summary>Raw counters of the watched process at one moment, as its operating system counts them.</summary>
public sealed record ProcessCounters
{
    /// <summary>
    /// When this was read, on the sampler's monotonic clock; what rates are taken over. A source that carries an older
    /// reading along sets it; 0 is stamped by the sampler.
    /// </summary>
    public long ReadAtNanoseconds { get; init; }

    public required long UserNanoseconds { get; init; }

    public required long SystemNanoseconds { get; init; }

    /// <summary>Resident set (Linux) or working set (Windows).</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Memory no other process shares: anonymous RSS and swap (Linux), private bytes (Windows).</summary>
    public Reading<long> PrivateBytes { get; init; }

    public Reading<long> VirtualBytes { get; init; }

    public Reading<long> PeakResidentBytes { get; init; }

    /// <summary>All page faults since start; on Linux minor and major together.</summary>
    public Reading<long> PageFaults { get; init; }

    /// <summary>Faults that had to wait for a disk.</summary>
    public Reading<long> HardFaults { get; init; }

    public required int Threads { get; init; }

    /// <summary>Open file descriptors (Linux) or handles (Windows).</summary>
    public Reading<int> Handles { get; init; }

    /// <summary>The soft limit on descriptors; not supported on Windows.</summary>
    public Reading<long> HandleLimit { get; init; }

    /// <summary>Bytes read from storage since start (Linux read_bytes; Windows read transfers).</summary>
    public Reading<long> ReadBytes { get; init; }

    public Reading<long> WrittenBytes { get; init; }

    /// <summary>All context switches of its living threads, where the system does not tell the two kinds apart (Windows).</summary>
    public Reading<long> ContextSwitches { get; init; }

    public Reading<long> VoluntarySwitches { get; init; }

    public Reading<long> InvoluntarySwitches { get; init; }

    /// <summary>Time its threads were ready to run but had no core, summed over the living threads.</summary>
    public Reading<long> RunQueueDelayNanoseconds { get; init; }

    /// <summary>Cores the process may run on.</summary>
    public Reading<CoreSet> AllowedCores { get; init; }

    /// <summary>In the system's own words: <c>nice 0</c>, <c>BelowNormal</c>.</summary>
    public Reading<string> Priority { get; init; }
}

/// <summary>Limits and throttling of the container (control group) that the process runs in.</summary>
public sealed record ContainerCounters
{
    /// <summary>
    /// When this was read, on the sampler's monotonic clock; what rates are taken over. A source that carries an older
    /// reading along sets it; 0 is stamped by the sampler.
    /// </summary>
    public long ReadAtNanoseconds { get; init; }

    /// <summary>The group's path, and <c>v1</c> or <c>v2</c>.</summary>
    public required string Group { get; init; }

    /// <summary>Cores the quota allows (quota ÷ period); absent with a reason when there is no quota.</summary>
    public Reading<double> CpuQuotaCores { get; init; }

    /// <summary>Enforcement periods elapsed, and those in which the group was throttled.</summary>
    public Reading<long> Periods { get; init; }

    public Reading<long> ThrottledPeriods { get; init; }

    public Reading<long> ThrottledNanoseconds { get; init; }

    public Reading<long> MemoryLimitBytes { get; init; }

    public Reading<long> MemoryUsedBytes { get; init; }
}
