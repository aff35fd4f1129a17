using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform;

/// <summary>
/// Which cores the threads of a process may run on, and with what priority: read and set, one thin call each. What was set
/// is only known by reading it again.
/// </summary>
public interface IProcessScheduling
{
    /// <summary>All threads as they are now.</summary>
    Reading<ImmutableArray<ThreadScheduling>> ReadThreads(ProcessKey process);

    /// <summary>Lets the whole process run on these cores; false when this system has threads only, or cannot for these cores.</summary>
    Reading<bool> TrySetProcessCores(ProcessKey process, CoreSet cores);

    Reading<bool> SetThreadCores(ProcessKey process, int thread, CoreSet cores);

    /// <summary>Its priority in the system's own words: <c>nice 0</c>, <c>BelowNormal</c>; with <c>EcoQoS</c> where that is on.</summary>
    Reading<ProcessPriority> ReadPriority(ProcessKey process);

    /// <summary>Sets what is not null, for all threads there are.</summary>
    Reading<bool> SetPriority(ProcessKey process, ProcessPriority wanted);
}

/// <param name="Cores">Those it may run on.</param>
/// <param name="Nice">Null where threads have none.</param>
public sealed record ThreadScheduling(int ThreadId, CoreSet Cores, int? Nice);

/// <summary>A priority, by what this system has of it; null for what it has not, or what is to stay.</summary>
public sealed record ProcessPriority
{
    /// <summary>Linux, from -20 (first) to 19 (last).</summary>
    public int? Nice { get; init; }

    /// <summary>Linux, an ioprio class: <c>none</c>, <c>realtime</c>, <c>best-effort</c> or <c>idle</c>, with a level from 0 (first) to 7 for the middle two: <c>best-effort:4</c>.</summary>
    public string? Io { get; init; }

    /// <summary>Windows: <c>Idle</c>, <c>BelowNormal</c>, <c>Normal</c>, <c>AboveNormal</c>, <c>High</c>.</summary>
    public string? Class { get; init; }

    /// <summary>Windows: the system may run it slowly to save power.</summary>
    public bool? EcoQos { get; init; }

    public override string ToString()
    {
        string[] parts = [Nice is { } nice ? FormattableString.Invariant($"nice {nice}") : "", Io is { } io ? $"I/O {io}" : "", Class ?? "", EcoQos switch { true => "EcoQoS on", false => "EcoQoS off", _ => "" }];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }
}
