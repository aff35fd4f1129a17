using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>What is collected on one logical processor, and the ring that all of it goes to.</summary>
internal sealed class CpuEvents : IDisposable
{
    private readonly int _cpu;
    private readonly PerfRecordReader _reader;
    private readonly PerfEvent _leader;
    private readonly List<PerfEvent> _steady = [];
    private readonly List<PerfEvent> _filtered = [];

    private CpuEvents(int cpu, PerfRecordReader reader, PerfEvent leader, PerfRing ring)
    {
        _cpu = cpu;
        _reader = reader;
        _leader = leader;
        Ring = ring;
    }

    public PerfRing Ring { get; }

    /// <summary>What is collected at present.</summary>
    public KernelFacts Told { get; private set; }

    /// <param name="error">The errno of what could not be had. A core may also have gone offline (ENODEV).</param>
    public static CpuEvents? TryOpen(int cpu, int ringBytes, PerfRecordReader reader, out int error)
    {
        // Threads that begin, end and change their names go to the ring's own event.
        PerfEvent? leader = PerfEvent.TryOpen(
            new PerfAttributes { Type = PerfEvents.Software, Config = PerfEvents.Dummy, Period = 1, Flags = (ulong)(PerfFlags.Task | PerfFlags.Comm) }, -1, cpu, out error);
        if (leader is null) return null;
        PerfRing? ring = PerfRing.TryMap(leader, ringBytes, out error);
        if (ring is null)
        {
            leader.Dispose();
            return null;
        }

        CpuEvents events = new(cpu, reader, leader, ring);
        if (events.Open(SystemSession.Clock, PerfEventKind.Clock, null, events._steady, out error))
        {
            // Good to have.
            if (events.Open(new PerfAttributes { Type = PerfEvents.Software, Config = PerfEvents.MajorFaults, Period = 1 }, PerfEventKind.MajorFault, null, events._steady, out _))
                events.Told |= KernelFacts.HardFaults;
            events.Told |= KernelFacts.Samples | KernelFacts.AllSamples;
            leader.TryEnable();
            return events;
        }

        events.Dispose();
        return null;
    }

    /// <summary>
    /// Collects what a level says. The kernel takes one expression in an event's life, so those that have one are opened anew;
    /// what happens in between is missed.
    /// </summary>
    /// <param name="names">Null: nothing is left out in the kernel.</param>
    /// <param name="error">The errno of what could not be had.</param>
    public bool TryCollect(TraceFolder folder, TracepointLayouts layouts, NameFilter? names, SystemLevel level, out int error)
    {
        Drop();
        error = 0;
        Told &= KernelFacts.Samples | KernelFacts.AllSamples | KernelFacts.HardFaults;
        if (level >= SystemLevel.SamplesOnly) return true;
        string? switches = level >= SystemLevel.TargetOnly ? names?.Expression("prev_comm", "next_comm") : null;
        string? wakeups = names?.Expression("comm");
        if (!Open(folder, "sched", "sched_switch", PerfEventKind.Switch, switches, out error)
            || !Open(folder, "sched", "sched_wakeup", PerfEventKind.Wakeup, wakeups, out error)
            || !Open(folder, "sched", "sched_wakeup_new", PerfEventKind.Wakeup, wakeups, out error))
        {
            return false;
        }

        Told |= KernelFacts.Switches | KernelFacts.Ready;
        if (switches is null) Told |= KernelFacts.AllSwitches;
        if (level > SystemLevel.All) return true;
        string? own = names?.Expression("COMM");
        string got = own is null ? "ret>0" : $"ret>0&&({own})";
        if (layouts.Disk is not null && Open(folder, "block", "block_bio_queue", PerfEventKind.DiskBio, own, out _)) Told |= KernelFacts.Disk;
        if (layouts is { SendResult: not null, ReceiveResult: not null }
            && Open(folder, "sock", "sock_send_length", PerfEventKind.NetworkSend, got, out _)
            && Open(folder, "sock", "sock_recv_length", PerfEventKind.NetworkReceive, got, out _))
        {
            Told |= KernelFacts.Network;
        }

        return true;
    }

    public void Dispose()
    {
        // The ring is the leader's: everything else first.
        Drop();
        foreach (PerfEvent one in _steady) one.Dispose();
        Ring.Dispose();
        _leader.Dispose();
    }

    private void Drop()
    {
        foreach (PerfEvent one in _filtered)
        {
            _reader.Unregister(one.Id);
            one.Dispose();
        }

        _filtered.Clear();
    }

    private bool Open(TraceFolder folder, string group, string name, PerfEventKind kind, string? filter, out int error)
    {
        error = Errno.NoEntry;
        return folder.Find(group, name) is { } format
            && Open(new PerfAttributes { Type = PerfEvents.Tracepoint, Config = format.Id, Period = 1, SampleType = (ulong)PerfSample.Raw }, kind, filter, _filtered, out error);
    }

    private bool Open(PerfAttributes attributes, PerfEventKind kind, string? filter, List<PerfEvent> into, out int error)
    {
        PerfEvent? opened = PerfEvent.TryOpen(attributes, -1, _cpu, out error);
        if (opened is null) return false;
        if (opened.TryRedirect(_leader) && (filter is null || opened.TryFilter(filter)) && opened.TryEnable())
        {
            _reader.Register(opened.Id, kind);
            into.Add(opened);
            return true;
        }

        error = Errno.InvalidArgument;
        opened.Dispose();
        return false;
    }
}
