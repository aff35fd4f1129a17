using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>What an event trace log of Windows says. Names are the log's own, cleaned.</summary>
public sealed record EtlReport
{
    public required EtlHeader Header { get; init; }

    /// <summary>From the first event to the last.</summary>
    public required long DurationNanoseconds { get; init; }

    public required long Buffers { get; init; }

    public required long Events { get; init; }

    /// <summary>Part of them that could not be taken apart: messages of WPP, and what is damaged.</summary>
    public required long UndecodedEvents { get; init; }

    /// <summary>Why and where the log could not be read to its end; null when it could.</summary>
    public required string? EndedEarly { get; init; }

    public required int DamagedBuffers { get; init; }

    /// <summary>What was damaged, the first few.</summary>
    public required ImmutableArray<string> Problems { get; init; }

    /// <summary>Most frequent first.</summary>
    public required ImmutableArray<EventCount> Counts { get; init; }

    /// <summary>By CPU time, then by samples, then by number.</summary>
    public required ImmutableArray<LoggedProcess> Processes { get; init; }

    /// <summary>Null where the log has no context switches.</summary>
    public required SchedulerFigures? Scheduler { get; init; }

    /// <summary>Null where the log has no samples of the processors.</summary>
    public required SampleFigures? Samples { get; init; }

    /// <summary>One process, looked into. Failed: there is none as asked for; not supported: the log shows none at work.</summary>
    public required Reading<LoggedTarget> Target { get; init; }
}

/// <param name="Provider">Its name; <c>Provider(GUID)</c> where neither the log nor this machine tells it.</param>
/// <param name="Event">Task and operation, as PerfView shows them.</param>
public sealed record EventCount(string Provider, string Event, long Count);

/// <param name="Name">Of its executable; null where the log does not tell it.</param>
/// <param name="OnCpuNanoseconds">Null where the log has no context switches.</param>
/// <param name="Samples">How often a processor was found at work for it; null where the log has no samples.</param>
public sealed record LoggedProcess(int Id, string? Name, int? Parent, string? CommandLine, long? OnCpuNanoseconds, long? Samples)
{
    /// <summary>From ready to run to running, of its threads; null where the log does not tell when they are ready.</summary>
    public DurationSummary? RunQueueDelay { get; init; }

    public long? ContextSwitches { get; init; }

    public long? Preemptions { get; init; }

    public long? CoreMigrations { get; init; }
}

/// <summary>Of the whole machine.</summary>
/// <param name="RunQueueDelay">Null where the log does not tell when threads are ready.</param>
/// <param name="Cores">By number: how long each had somebody's thread on it, and how long it was idle.</param>
public sealed record SchedulerFigures(
    long ContextSwitches, long Preemptions, long CoreMigrations, DurationSummary? RunQueueDelay, long InterruptNanoseconds, ImmutableArray<CoreTimes> Cores);

public sealed record CoreTimes(int Cpu, long BusyNanoseconds, long IdleNanoseconds);

/// <param name="Count">All samples, of idle processors too.</param>
/// <param name="WithStack">Part of them that came with callers.</param>
/// <param name="Unlisted">Part of them whose places were too many to be kept; in no module.</param>
/// <param name="Modules">By the code they were found in, most first; the first few hundred.</param>
public sealed record SampleFigures(long Count, long WithStack, long Unlisted, ImmutableArray<ModuleSamples> Modules);

/// <param name="Process">Name of the process; null where the log does not tell it.</param>
/// <param name="Module">File name; <c>(kernel)</c> and <c>(unknown)</c> where no image is known at the place.</param>
public sealed record ModuleSamples(int ProcessId, string? Process, string Module, long Samples);
