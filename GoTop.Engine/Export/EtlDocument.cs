using System.Collections.Immutable;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents.Etl;

namespace GoTop.Engine.Export;

/// <summary>An event trace log of Windows, as <c>gotop analyze --json</c> prints it. See docs/json.md.</summary>
public sealed record EtlDocument
{
    private const int MostEvents = 5000;
    private const int MostProcesses = 2000;

    public string Kind { get; init; } = "etl";

    public required string? EndedEarly { get; init; }

    public required EtlSystemPart System { get; init; }

    public required string Session { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required long DurationNanoseconds { get; init; }

    public required EtlBuffersPart Buffers { get; init; }

    public required EtlEventsPart EventTotals { get; init; }

    public required ImmutableArray<EtlProviderPart> Providers { get; init; }

    public required ImmutableArray<EventCount> Events { get; init; }

    public required ImmutableArray<EtlProcessPart> Processes { get; init; }

    public required EtlSchedulerPart? Scheduler { get; init; }

    public required SampleFigures? Samples { get; init; }

    public required EtlTargetPart? Target { get; init; }

    /// <summary>Why there is no target; null where there is one.</summary>
    public required string? NoTarget { get; init; }

    public static EtlDocument Of(EtlReport report) => new()
    {
        EndedEarly = report.EndedEarly,
        System = new EtlSystemPart(
            $"{report.Header.OsMajor}.{report.Header.OsMinor}.{report.Header.Build}", report.Header.Processors, report.Header.PointerBytes * 8, report.Header.CpuMegahertz,
            ClockName(report.Header.Clock), report.Header.TicksPerSecond, report.Header.BootedAt),
        Session = report.Header.SessionName,
        StartedAt = report.Header.StartedAt,
        DurationNanoseconds = report.DurationNanoseconds,
        Buffers = new EtlBuffersPart(report.Buffers, report.DamagedBuffers, report.Header.BuffersLost, report.Problems),
        EventTotals = new EtlEventsPart(report.Events, report.UndecodedEvents, report.Header.EventsLost),
        Providers =
        [
            .. report.Counts.GroupBy(count => count.Provider, (provider, counts) => new EtlProviderPart(provider, counts.Sum(count => count.Count)))
                .OrderByDescending(provider => provider.Count).ThenBy(provider => provider.Provider, StringComparer.Ordinal),
        ],
        Events = [.. report.Counts.Take(MostEvents)],
        Processes = [.. report.Processes.Take(MostProcesses).Select(EtlProcessPart.Of)],
        Scheduler = report.Scheduler is { } scheduler ? new EtlSchedulerPart(
            scheduler.ContextSwitches, scheduler.Preemptions, scheduler.CoreMigrations, EtlDurations.Of(scheduler.RunQueueDelay), scheduler.InterruptNanoseconds, scheduler.Cores) : null,
        Samples = report.Samples,
        Target = report.Target.TryGet(out LoggedTarget? target) ? EtlTargetPart.Of(target) : null,
        NoTarget = report.Target.Reason,
    };

    private static string ClockName(EtlClock clock) => clock switch
    {
        EtlClock.PerformanceCounter => "performanceCounter",
        EtlClock.SystemTime => "systemTime",
        EtlClock.CpuCycles => "cpuCycles",
        _ => "unknown",
    };
}

/// <param name="Version">Of Windows, with the build.</param>
public sealed record EtlSystemPart(string Version, int Processors, int PointerBits, int CpuMegahertz, string Clock, long TicksPerSecond, DateTimeOffset? BootedAt);

public sealed record EtlBuffersPart(long Count, long Damaged, long Lost, ImmutableArray<string> Problems);

public sealed record EtlEventsPart(long Count, long Undecoded, long Lost);

public sealed record EtlProviderPart(string Provider, long Count);

public sealed record EtlDurations(long Count, long TotalNanoseconds, long MaxNanoseconds, long P50Nanoseconds, long P99Nanoseconds)
{
    public static EtlDurations? Of(DurationSummary? durations) => durations is { } known
        ? new EtlDurations(known.Count, known.TotalNanoseconds, known.MaxNanoseconds, known.P50Nanoseconds, known.P99Nanoseconds)
        : null;
}

public sealed record EtlProcessPart(
    int Pid, string? Name, int? ParentPid, string? CommandLine, long? OnCpuNanoseconds, long? ContextSwitches, long? Preemptions, long? CoreMigrations, EtlDurations? RunQueueDelay, long? Samples)
{
    public static EtlProcessPart Of(LoggedProcess process) => new(
        process.Id, process.Name, process.Parent, process.CommandLine, process.OnCpuNanoseconds, process.ContextSwitches, process.Preemptions, process.CoreMigrations,
        EtlDurations.Of(process.RunQueueDelay), process.Samples);
}

public sealed record EtlSchedulerPart(
    long ContextSwitches, long Preemptions, long CoreMigrations, EtlDurations? RunQueueDelay, long InterruptNanoseconds, ImmutableArray<CoreTimes> Cores);
