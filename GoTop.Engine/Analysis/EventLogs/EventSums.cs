using System.Runtime.InteropServices;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Counts a log's events while they pass by.</summary>
internal sealed class EventSums : IEtlRecordSink, IKernelEventSink
{
    private readonly Dictionary<EtlEventKind, long> _counts = new(ReferenceEqualityComparer.Instance);
    private long _first = long.MaxValue, _last = long.MinValue;

    public SchedulerTotals Scheduler { get; } = new();

    public SampleTotals Samples { get; } = new();

    public long Events { get; private set; }

    public long Undecoded { get; private set; }

    /// <summary>By number, and then by name.</summary>
    public IEnumerable<EventCount> Counts => _counts
        .GroupBy(each => (each.Key.Provider, each.Key.Event), (kind, same) => new EventCount(kind.Provider, kind.Event, same.Sum(each => each.Value)))
        .OrderByDescending(count => count.Count).ThenBy(count => count.Provider, StringComparer.Ordinal).ThenBy(count => count.Event, StringComparer.Ordinal);

    public long Duration(long ticksPerSecond)
    {
        if (_last <= _first) return 0;
        TraceTimes times = new(ticksPerSecond);
        return SafeSum.Difference(times.Nanoseconds(_last), times.Nanoseconds(_first));
    }

    public void OnEvent(EtlEventKind kind, long timeStamp)
    {
        Count(timeStamp);
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, kind, out _)++;
    }

    public void OnUndecoded(in EtlEvent happened)
    {
        Count(happened.TimeStamp);
        Undecoded++;
    }

    public void OnEvent(in KernelEvent happened) => Scheduler.Add(happened);

    public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack) => Samples.Add(sample, kernelStack, userStack);

    private void Count(long timeStamp)
    {
        Events++;
        _first = Math.Min(_first, timeStamp);
        _last = Math.Max(_last, timeStamp);
    }
}
