using System.Collections.Immutable;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary>One process of an event trace log, looked into. See docs/json.md.</summary>
public sealed record EtlTargetPart
{
    private const int MostStacks = 100;

    public required int Pid { get; init; }

    public required string? Name { get; init; }

    public required string Why { get; init; }

    public required bool Partial { get; init; }

    public required ImmutableArray<string> PartialBecause { get; init; }

    public required EtlThreadPart All { get; init; }

    public required ImmutableArray<HistogramPart> RunQueueDelayHistogram { get; init; }

    public required ImmutableArray<EtlWaitPart> LongestWaits { get; init; }

    public required ImmutableArray<EtlRanInsteadPart>? RanInstead { get; init; }

    public required ImmutableArray<EtlThreadPart> Threads { get; init; }

    public required int OmittedThreads { get; init; }

    public required ImmutableArray<EtlCorePart> Cores { get; init; }

    public required long? DiskReadBytes { get; init; }

    public required long? DiskWrittenBytes { get; init; }

    public required long? NetworkReceivedBytes { get; init; }

    public required long? NetworkSentBytes { get; init; }

    public required long? HardFaults { get; init; }

    public required string? FunctionsFrom { get; init; }

    public required EtlTargetSamplesPart? Samples { get; init; }

    public required ImmutableSortedDictionary<string, string> Absent { get; init; }

    public static EtlTargetPart Of(LoggedTarget target)
    {
        KernelReport report = target.Report;
        ImmutableSortedDictionary<string, string>.Builder absent = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        T? Told<T>(string name, Reading<T> reading) where T : struct
        {
            if (reading.TryGet(out T value)) return value;
            absent[name] = reading.Reason ?? "not known";
            return null;
        }

        CpuSamples? samples = report.Samples.ValueOr(null);
        if (samples is null) absent["samples"] = report.Samples.Reason ?? "not known";
        if (!target.Functions.HasValue) absent["functionsFrom"] = target.Functions.Reason ?? "not known";
        if (!report.Coverage.Tells(KernelFacts.Switches)) absent["all.onCpuNanoseconds"] = report.Coverage.WhyNot(KernelFacts.Switches);
        Told("all.runQueueDelay", report.RunQueueDelay);
        bool isReadyTold = report.RunQueueDelay.HasValue;
        return new EtlTargetPart
        {
            Pid = target.ProcessId,
            Name = target.Name,
            Why = target.Why,
            Partial = !target.PartialBecause.IsEmpty,
            PartialBecause = target.PartialBecause,
            All = EtlThreadPart.Of(report.Target, report.Coverage),
            RunQueueDelayHistogram = isReadyTold ? HistogramPart.Of(report.RunQueueDelayHistogram) : [],
            LongestWaits = [.. report.LongestWaits.Select(wait => EtlWaitPart.Of(wait, report.StartNanoseconds))],
            RanInstead = Told("ranInstead", report.RanInstead) is { } instead ? [.. instead.Select(EtlRanInsteadPart.Of)] : null,
            Threads = [.. report.Threads.Select(thread => EtlThreadPart.Of(thread, report.Coverage))],
            OmittedThreads = report.OmittedThreads,
            Cores = [.. report.Cores.Select(EtlCorePart.Of)],
            DiskReadBytes = Told("diskReadBytes", report.DiskReadBytes),
            DiskWrittenBytes = Told("diskWrittenBytes", report.DiskWrittenBytes),
            NetworkReceivedBytes = Told("networkReceivedBytes", report.NetworkReceivedBytes),
            NetworkSentBytes = Told("networkSentBytes", report.NetworkSentBytes),
            HardFaults = Told("hardFaults", report.HardFaults),
            FunctionsFrom = target.Functions.ValueOr(null),
            Samples = samples is null ? null : new EtlTargetSamplesPart(
                samples.Count, samples.Unlisted,
                [.. samples.Functions.Select(one => new EtlFunctionPart(one.Function, null, null, Kind(one.Kind), one.Self, one.SelfAndKernel, one.Total))],
                [.. samples.Lines.Select(one => new EtlFunctionPart(one.Location.Function, one.Location.File.Length > 0 ? one.Location.File : null, one.Location.Line > 0 ? one.Location.Line : null, Kind(one.Kind), one.Self, one.SelfAndKernel, one.Total))],
                [.. samples.Stacks.Take(MostStacks).Select(stack => new EtlStackPart(stack.Samples, [.. stack.Frames.Select(frame => frame.Location.Function)]))]),
            Absent = absent.ToImmutable(),
        };
    }

    internal static string Kind(FrameKind kind) => kind switch
    {
        FrameKind.Go => "go",
        FrameKind.Kernel => "kernel",
        _ => "native",
    };
}

/// <param name="Tid">Null of all threads together.</param>
public sealed record EtlThreadPart(
    int? Tid, long? OnCpuNanoseconds, long? ReadyNanoseconds, EtlDurations? RunQueueDelay, long? Preemptions, long? VoluntarySwitches, long? CoreMigrations, long? Samples, int? LastCpu,
    ImmutableArray<EtlOffCpuPart> OffCpu)
{
    internal static EtlThreadPart Of(ThreadActivity thread, KernelCoverage coverage)
    {
        bool isSwitchTold = coverage.Tells(KernelFacts.Switches), isReadyTold = isSwitchTold && coverage.Tells(KernelFacts.Ready);
        long? Switched(long value) => isSwitchTold ? value : null;
        return new EtlThreadPart(
            thread.Thread == KernelEvent.Unknown ? null : thread.Thread, Switched(thread.OnCpuNanoseconds), isReadyTold ? thread.ReadyNanoseconds : null,
            isReadyTold ? EtlDurations.Of(thread.RunQueueDelay) : null, Switched(thread.Preemptions), Switched(thread.VoluntarySwitches), Switched(thread.CoreMigrations),
            coverage.Tells(KernelFacts.Samples) ? thread.Samples : null, thread.LastCpu == KernelEvent.Unknown ? null : thread.LastCpu,
            [.. thread.OffCpu.Select(wait => new EtlOffCpuPart(wait.Reason, wait.Count, wait.TotalNanoseconds, wait.MaxNanoseconds))]);
    }
}

public sealed record EtlOffCpuPart(string Reason, long Count, long TotalNanoseconds, long MaxNanoseconds);

/// <param name="AtNanoseconds">Since the log's first event.</param>
public sealed record EtlWaitPart(int Tid, long AtNanoseconds, long DurationNanoseconds, int Cpu, bool Preempted, ImmutableArray<EtlRanInsteadPart> RanInstead)
{
    internal static EtlWaitPart Of(RunQueueWait wait, long began) =>
        new(wait.Thread, wait.AtNanoseconds - began, wait.DurationNanoseconds, wait.Cpu, wait.Preempted, [.. wait.RanInstead.Select(EtlRanInsteadPart.Of)]);
}

/// <param name="Pid">0: nobody, the core was idle.</param>
public sealed record EtlRanInsteadPart(int? Pid, string? Process, int? Tid, long Nanoseconds)
{
    internal static EtlRanInsteadPart Of(RanInstead one) =>
        new(one.Process < 0 ? null : one.Process, one.Name, one.Thread < 0 ? null : one.Thread, one.Nanoseconds);
}

public sealed record EtlCorePart(
    int Cpu, long TargetNanoseconds, long BusyNanoseconds, long IdleNanoseconds, long? InterruptNanoseconds, long UnknownNanoseconds, long Switches, long Samples, long TargetSamples,
    ImmutableArray<EtlCoreProcessPart> Processes)
{
    internal static EtlCorePart Of(CoreActivity core) => new(
        core.Cpu, core.TargetNanoseconds, core.BusyNanoseconds, core.IdleNanoseconds, core.InterruptNanoseconds, core.UnknownNanoseconds, core.Switches, core.Samples, core.TargetSamples,
        [.. core.Processes.Select(process => new EtlCoreProcessPart(process.Process < 0 ? null : process.Process, process.Name, process.OnCpuNanoseconds, process.Samples))]);
}

public sealed record EtlCoreProcessPart(int? Pid, string? Process, long OnCpuNanoseconds, long Samples);

public sealed record EtlTargetSamplesPart(long Count, long Unlisted, ImmutableArray<EtlFunctionPart> Functions, ImmutableArray<EtlFunctionPart> Lines, ImmutableArray<EtlStackPart> Stacks);

/// <param name="Function">Of Go; of other code the module.</param>
public sealed record EtlFunctionPart(string Function, string? File, int? Line, string Kind, long Self, long SelfAndKernel, long Total);

/// <param name="Functions">Innermost first.</param>
public sealed record EtlStackPart(long Samples, ImmutableArray<string> Functions);
