using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etl;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Hands a log's events of one process to the analysis that a session's go to, and keeps what tells builds apart.</summary>
internal sealed class TargetAnalysis : IKernelEventSink, IEtlRecordSink
{
    private const int MaxReturnAddresses = 20_000;

    private readonly KernelAnalysis _analysis;
    private readonly int _process;
    private readonly long _began;
    private readonly HashSet<ulong> _returnAddresses = [];

    /// <param name="beganAtNanoseconds">When the first of the log's events was.</param>
    public TargetAnalysis(int process, KernelCoverage coverage, long beganAtNanoseconds)
    {
        (_process, _began) = (process, beganAtNanoseconds);
        // The log does not tell which core is on which NUMA node.
        _analysis = new KernelAnalysis(process, [], coverage, beganAtNanoseconds);
    }

    /// <summary>Of the process's own stacks; the first of them.</summary>
    public IReadOnlyCollection<ulong> ReturnAddresses => _returnAddresses;

    public KernelReport Report(long endNanoseconds, Func<int, string?> processName, IStackNames names) => _analysis.Take(endNanoseconds, processName, names);

    public void OnEvent(in KernelEvent happened)
    {
        // What took longer than the log is a damaged record.
        if (happened.Kind == KernelEventKind.Interrupt && happened.Value > happened.TimeNanoseconds - _began) return;
        _analysis.OnEvent(happened);
    }

    public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack)
    {
        _analysis.OnSample(sample, kernelStack, userStack);
        if (sample.Process != _process) return;
        for (int i = 1; i < userStack.Length && _returnAddresses.Count < MaxReturnAddresses; i++) _returnAddresses.Add(userStack[i]);
    }

    public void OnEvent(EtlEventKind kind, long timeStamp)
    {
    }

    public void OnUndecoded(in EtlEvent happened)
    {
    }

    /// <summary>Why figures are partial; empty where nothing is known to be missing.</summary>
    public static ImmutableArray<string> PartialBecause(EtlReader log, KernelReport report)
    {
        List<string> reasons = [];
        long lost = Math.Max(report.LostEvents, log.Header.EventsLost);
        if (lost > 0) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{lost:N0} events were lost while it was recorded"));
        if (log.Header.BuffersLost > 0) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{log.Header.BuffersLost:N0} buffers were lost while it was recorded"));
        if (log.DamagedBuffers > 0) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{log.DamagedBuffers:N0} buffers are damaged"));
        if (log.EndedEarly is not null) reasons.Add("the log ends early");
        return [.. reasons];
    }
}
