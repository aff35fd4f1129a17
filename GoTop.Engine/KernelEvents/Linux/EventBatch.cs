using System.Runtime.InteropServices;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// Events of all rings on their way to a sink: put in the order of time, and held back as long as an earlier one may still
/// come from another ring. Each ring's are nearly in order, so that they are merged rather than sorted.
/// </summary>
internal sealed class EventBatch
{
    /// <summary>A chain that is longer is not one.</summary>
    public const int MaxDepth = 256;

    private List<Pending> _pending = [];
    private List<Pending> _later = [];
    private List<ulong> _addresses = [];
    private List<ulong> _addressesLater = [];

    /// <summary>Where a run of events in the order of time begins in <see cref="_pending"/>.</summary>
    private readonly List<int> _runs = [];

    private readonly PriorityQueue<Run, (long Nanoseconds, int Number)> _merge = new();

    /// <summary>Events since the last <see cref="Reset"/>.</summary>
    public long Events { get; private set; }

    /// <summary>Likewise those that the kernel could not write.</summary>
    public long Lost { get; private set; }

    /// <summary>A thread of the target has got another name.</summary>
    public bool NamesChanged { get; set; }

    public void Reset() => (Events, Lost, NamesChanged) = (0, 0, false);

    public void Add(in KernelEvent happened)
    {
        Events++;
        if (happened.Kind == KernelEventKind.Lost) Lost += happened.Value;
        Append(new Pending(happened, 0, 0, 0));
    }

    public void AddSample(in KernelEvent sample, ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user)
    {
        Events++;
        Append(new Pending(sample, _addresses.Count, kernel.Length, user.Length));
        _addresses.AddRange(kernel);
        _addresses.AddRange(user);
    }

    /// <summary>A ring made no sense: what came until now from it is not known.</summary>
    public void Damaged()
    {
        Lost++;
        AddGap(_pending.Count > 0 ? _pending[^1].Event.TimeNanoseconds : 0);
    }

    /// <summary>What happened up to a time is not known, through no fault of the kernel's: it does not count as lost.</summary>
    public void AddGap(long nanoseconds) =>
        Append(new Pending(new KernelEvent { Kind = KernelEventKind.Lost, TimeNanoseconds = nanoseconds, Cpu = KernelEvent.Unknown, Value = 1 }, 0, 0, 0));

    /// <summary>Hands on what happened up to a time; the rest stays. Of the same time, what was added first comes first.</summary>
    /// <param name="from">What happened before is dropped.</param>
    public void HandOn(long from, long until, ThreadOwners owners, IKernelEventSink sink)
    {
        ReadOnlySpan<Pending> events = CollectionsMarshal.AsSpan(_pending);
        for (int i = 0; i < _runs.Count; i++)
        {
            int end = i + 1 < _runs.Count ? _runs[i + 1] : events.Length;
            _merge.Enqueue(new Run(i, _runs[i], end), (events[_runs[i]].Event.TimeNanoseconds, i));
        }

        _runs.Clear();
        while (_merge.TryDequeue(out Run run, out _))
        {
            // On in this one, until another one has what is earlier.
            (long, int) other = _merge.TryPeek(out _, out (long, int) next) ? next : (long.MaxValue, int.MaxValue);
            int at = run.At;
            do HandOn(events[at++], from, until, owners, sink);
            while (at < run.End && (events[at].Event.TimeNanoseconds, run.Number).CompareTo(other) < 0);
            if (at < run.End) _merge.Enqueue(run with { At = at }, (events[at].Event.TimeNanoseconds, run.Number));
        }

        _pending.Clear();
        _addresses.Clear();
        (_pending, _later) = (_later, _pending);
        (_addresses, _addressesLater) = (_addressesLater, _addresses);
        if (_pending.Count > 0) _runs.Add(0);
    }

    private void HandOn(in Pending pending, long from, long until, ThreadOwners owners, IKernelEventSink sink)
    {
        ReadOnlySpan<ulong> addresses = CollectionsMarshal.AsSpan(_addresses);
        ReadOnlySpan<ulong> kernel = addresses.Slice(pending.Address, pending.Kernel), user = addresses.Slice(pending.Address + pending.Kernel, pending.User);
        if (pending.Event.TimeNanoseconds > until)
        {
            _later.Add(pending with { Address = _addressesLater.Count });
            _addressesLater.AddRange(kernel);
            _addressesLater.AddRange(user);
            return;
        }

        KernelEvent happened = owners.Resolve(pending.Event);
        if (happened.TimeNanoseconds < from) return;
        if (happened.Kind == KernelEventKind.Sample) sink.OnSample(happened, kernel, user);
        else sink.OnEvent(happened);
    }

    private void Append(in Pending added)
    {
        if (_pending.Count == 0 || added.Event.TimeNanoseconds < _pending[^1].Event.TimeNanoseconds) _runs.Add(_pending.Count);
        _pending.Add(added);
    }

    private readonly record struct Pending(KernelEvent Event, int Address, int Kernel, int User);

    private readonly record struct Run(int Number, int At, int End);
}
