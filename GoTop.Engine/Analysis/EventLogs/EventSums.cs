using System.Runtime.InteropServices;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Counts a log's events while they pass by.</summary>
/// <param name="headerTimeStamp">Of the log's own event, which may be older than all others: a log of a session's last seconds has its beginning all the same.</param>
internal sealed class EventSums(long headerTimeStamp) : IEtlRecordSink, IKernelEventSink
{
    private const int MaxThreads = 100_000;

    private const KernelFacts All =
        KernelFacts.Switches | KernelFacts.AllSwitches | KernelFacts.Ready | KernelFacts.Samples | KernelFacts.AllSamples | KernelFacts.Interrupts | KernelFacts.Disk | KernelFacts.Network
        | KernelFacts.HardFaults;

    private readonly Dictionary<EtlEventKind, long> _counts = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> _unowned = [];
    private long _first = long.MaxValue, _last = long.MinValue;
    private KernelFacts _told;

    public SchedulerTotals Scheduler { get; } = new();

    public SampleTotals Samples { get; } = new();

    public long Events { get; private set; }

    public long Undecoded { get; private set; }

    /// <summary>By number, and then by name.</summary>
    public IEnumerable<EventCount> Counts => _counts
        .GroupBy(each => (each.Key.Provider, each.Key.Event), (kind, same) => new EventCount(kind.Provider, kind.Event, same.Sum(each => each.Value)))
        .OrderByDescending(count => count.Count).ThenBy(count => count.Provider, StringComparer.Ordinal).ThenBy(count => count.Event, StringComparer.Ordinal);

    /// <summary>Threads at work of which it was not known yet what process they are of.</summary>
    public IReadOnlyCollection<int> UnownedThreads => _unowned;

    /// <summary>What the log's events tell.</summary>
    public KernelCoverage Coverage
    {
        get
        {
            KernelFacts missing = All & ~_told;
            return new KernelCoverage(KernelSystem.Windows, _told, missing == KernelFacts.None ? [] : [new MissingFact(missing, "the log has no such events")]);
        }
    }

    /// <summary>From the first event to the last, on the log's clock.</summary>
    public (long First, long Last) Span(long ticksPerSecond)
    {
        TraceTimes times = new(ticksPerSecond);
        return _last < _first ? (0, 0) : (times.Nanoseconds(_first), times.Nanoseconds(_last));
    }

    public long Duration(long ticksPerSecond) => Span(ticksPerSecond) is var (first, last) ? SafeSum.Difference(last, first) : 0;

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

    public void OnEvent(in KernelEvent happened)
    {
        _told |= Facts(happened.Kind);
        if (happened.Kind is KernelEventKind.Switch or KernelEventKind.Ready)
        {
            NoteOwner(happened.Thread, happened.Process);
            if (happened.Kind == KernelEventKind.Switch) NoteOwner(happened.OtherThread, happened.OtherProcess);
        }

        Scheduler.Add(happened);
    }

    public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack)
    {
        _told |= KernelFacts.Samples | KernelFacts.AllSamples;
        NoteOwner(sample.Thread, sample.Process);
        Samples.Add(sample, kernelStack, userStack);
    }

    private static KernelFacts Facts(KernelEventKind kind) => kind switch
    {
        KernelEventKind.Switch => KernelFacts.Switches | KernelFacts.AllSwitches,
        KernelEventKind.Ready => KernelFacts.Ready,
        KernelEventKind.Interrupt => KernelFacts.Interrupts,
        KernelEventKind.DiskRead or KernelEventKind.DiskWrite => KernelFacts.Disk,
        KernelEventKind.NetworkReceive or KernelEventKind.NetworkSend => KernelFacts.Network,
        KernelEventKind.HardFault => KernelFacts.HardFaults,
        _ => KernelFacts.None,
    };

    private void NoteOwner(int thread, int process)
    {
        if (process == KernelEvent.Unknown && _unowned.Count < MaxThreads) _unowned.Add(thread);
    }

    private void Count(long timeStamp)
    {
        Events++;
        if (timeStamp != headerTimeStamp) _first = Math.Min(_first, timeStamp);
        _last = Math.Max(_last, timeStamp);
    }
}
