using System.Runtime.InteropServices;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// Events of all rings on their way to a sink: put in the order of time, and held back as long as an earlier one may still
/// come from another ring.
/// </summary>
internal sealed class EventBatch
{
    /// <summary>A chain that is longer is not one.</summary>
    public const int MaxDepth = 256;

    private List<Pending> _pending = [];
    private List<Pending> _later = [];
    private List<ulong> _addresses = [];
    private List<ulong> _addressesLater = [];
    private int _order;

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
        _pending.Add(new Pending(happened, _order++, 0, 0, 0));
    }

    public void AddSample(in KernelEvent sample, ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user)
    {
        Events++;
        _pending.Add(new Pending(sample, _order++, _addresses.Count, kernel.Length, user.Length));
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
        _pending.Add(new Pending(new KernelEvent { Kind = KernelEventKind.Lost, TimeNanoseconds = nanoseconds, Cpu = KernelEvent.Unknown, Value = 1 }, _order++, 0, 0, 0));

    /// <summary>Hands on what happened up to a time; the rest stays.</summary>
    /// <param name="from">What happened before is dropped.</param>
    public void HandOn(long from, long until, ThreadOwners owners, IKernelEventSink sink)
    {
        Span<Pending> events = CollectionsMarshal.AsSpan(_pending);
        events.Sort(static (a, b) => a.Event.TimeNanoseconds != b.Event.TimeNanoseconds ? a.Event.TimeNanoseconds.CompareTo(b.Event.TimeNanoseconds) : a.Order.CompareTo(b.Order));
        ReadOnlySpan<ulong> addresses = CollectionsMarshal.AsSpan(_addresses);
        foreach (ref readonly Pending pending in events)
        {
            ReadOnlySpan<ulong> kernel = addresses.Slice(pending.Address, pending.Kernel), user = addresses.Slice(pending.Address + pending.Kernel, pending.User);
            if (pending.Event.TimeNanoseconds > until)
            {
                _later.Add(pending with { Address = _addressesLater.Count });
                _addressesLater.AddRange(kernel);
                _addressesLater.AddRange(user);
                continue;
            }

            KernelEvent happened = owners.Resolve(pending.Event);
            if (happened.TimeNanoseconds < from) continue;
            if (happened.Kind == KernelEventKind.Sample) sink.OnSample(happened, kernel, user);
            else sink.OnEvent(happened);
        }

        _pending.Clear();
        _addresses.Clear();
        (_pending, _later) = (_later, _pending);
        (_addresses, _addressesLater) = (_addressesLater, _addresses);
    }

    private readonly record struct Pending(KernelEvent Event, int Order, int Address, int Kernel, int User);
}
