using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>The target's OS threads at one moment, as the system counts them.</summary>
public sealed record ThreadTable
{
    /// <summary>
    /// When this was read, on the sampler's monotonic clock; what rates are taken over. 0 is stamped by the sampler.
    /// </summary>
    public long ReadAtNanoseconds { get; init; }

    /// <summary>By number.</summary>
    public required ImmutableArray<ThreadCounters> Threads { get; init; }

    /// <summary>Threads beyond those that are read.</summary>
    public int Omitted { get; init; }

    /// <summary>Why no thread has what its system does not tell; null for what it tells.</summary>
    public MissingThreadFacts Missing { get; init; } = MissingThreadFacts.None;
}

/// <summary>Reasons for figures that are null in all of a table's rows; each null where the figure is told.</summary>
public sealed record MissingThreadFacts
{
    public static MissingThreadFacts None { get; } = new();

    public string? Name { get; init; }

    public string? RunQueueDelay { get; init; }

    public string? SwitchKinds { get; init; }

    public string? LastCore { get; init; }

    public string? AllowedCores { get; init; }

    public string? WaitReason { get; init; }
}

/// <summary>One thread. What its system does not tell is null, for the reason that the table gives.</summary>
public sealed record ThreadCounters
{
    /// <summary>As this machine counts threads.</summary>
    public required int Id { get; init; }

    /// <summary>As the target itself knows it: another number in a container. What Go keeps as the thread's <c>procid</c>.</summary>
    public required int OwnId { get; init; }

    /// <summary>As the thread or the system calls it; up to 15 bytes of any kind on Linux.</summary>
    public string? Name { get; init; }

    public required ThreadRunState State { get; init; }

    /// <summary>What it waits for, in the system's own word; null when it does not, or where that is not told.</summary>
    public string? WaitReason { get; init; }

    /// <summary>Time on a core: user and system together.</summary>
    public required long? OnCpuNanoseconds { get; init; }

    /// <summary>Part of it, counted in clock ticks.</summary>
    public long? UserNanoseconds { get; init; }

    /// <inheritdoc cref="UserNanoseconds"/>
    public long? SystemNanoseconds { get; init; }

    /// <summary>Time it was ready to run, but had no core.</summary>
    public long? RunQueueDelayNanoseconds { get; init; }

    /// <summary>Both kinds together.</summary>
    public required long ContextSwitches { get; init; }

    public long? VoluntarySwitches { get; init; }

    public long? InvoluntarySwitches { get; init; }

    /// <summary>The logical processor that it ran on last, or runs on.</summary>
    public int? LastCore { get; init; }

    public CoreSet? AllowedCores { get; init; }
}

/// <summary>What a thread does, in words both systems share.</summary>
public enum ThreadRunState : byte
{
    Unknown,

    /// <summary>On a core, or ready for one: Linux does not tell these apart.</summary>
    Runnable,

    /// <summary>On a core (Windows).</summary>
    Running,

    /// <summary>Ready, but without a core (Windows).</summary>
    Ready,

    /// <summary>Waits, and a signal would wake it.</summary>
    Sleeping,

    /// <summary>Waits for a disk or the like, and nothing else wakes it.</summary>
    Uninterruptible,

    Stopped,
    Ended,
}
