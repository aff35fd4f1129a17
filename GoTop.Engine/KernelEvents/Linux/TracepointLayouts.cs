using System.Buffers.Binary;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>Where what is read of tracepoints lies in their records; null for those that this kernel lacks or lays out otherwise.</summary>
internal sealed record TracepointLayouts
{
    public static TracepointLayouts None { get; } = new();

    public SwitchLayout? Switch { get; init; }

    public int? WakeupThread { get; init; }

    public DiskLayout? Disk { get; init; }

    public int? SendResult { get; init; }

    public int? ReceiveResult { get; init; }

    public static TracepointLayouts Of(TraceFolder folder) => new()
    {
        Switch = folder.Find("sched", "sched_switch") is { } found ? SwitchLayout.Of(found) : null,
        WakeupThread = folder.Find("sched", "sched_wakeup")?.OffsetOf("pid", 4),
        Disk = folder.Find("block", "block_bio_queue") is { } bio ? DiskLayout.Of(bio) : null,
        SendResult = folder.Find("sock", "sock_send_length")?.OffsetOf("ret", 4),
        ReceiveResult = folder.Find("sock", "sock_recv_length")?.OffsetOf("ret", 4),
    };
}

/// <summary>sched_switch.</summary>
internal sealed record SwitchLayout(int PreviousThread, int PreviousState, int StateSize, int NextThread)
{
    // TASK_REPORT of sched.h: R is 0, or 0x100 where it was preempted.
    private const long StateMask = 0xff, DeadOrZombie = 0x10 | 0x20;

    public static SwitchLayout? Of(TracepointFormat format)
    {
        int stateSize = format.Fields.GetValueOrDefault("prev_state").Size;
        return format.OffsetOf("prev_pid", 4) is { } previous && format.OffsetOf("next_pid", 4) is { } next && stateSize is 4 or 8 && format.OffsetOf("prev_state", stateSize) is { } state
            ? new SwitchLayout(previous, state, stateSize, next)
            : null;
    }

    public static ThreadStop StopOf(long state) =>
        (state & StateMask) == 0 ? ThreadStop.Preempted : (state & DeadOrZombie) != 0 ? ThreadStop.Ended : ThreadStop.Waiting;

    public bool TryRead(ReadOnlySpan<byte> payload, out int previous, out long state, out int next)
    {
        state = 0;
        next = 0;
        if (!PerfRecordReader.TryInt32(payload, PreviousThread, out previous) || !PerfRecordReader.TryInt32(payload, NextThread, out next)) return false;
        if (PreviousState > payload.Length - StateSize) return false;
        state = StateSize == 8 ? BinaryPrimitives.ReadInt64LittleEndian(payload[PreviousState..]) : BinaryPrimitives.ReadInt32LittleEndian(payload[PreviousState..]);
        return previous >= 0 && next >= 0;
    }
}

/// <summary>block_bio_queue: what a thread asks of a disk, whether or not it is then merged with others' requests.</summary>
internal sealed record DiskLayout(int Sectors, int Kind, int KindLength)
{
    private const long SectorBytes = 512;

    public static DiskLayout? Of(TracepointFormat format) =>
        format.OffsetOf("nr_sector", 4) is { } sectors && format.Fields.TryGetValue("rwbs", out TracepointField kind) ? new DiskLayout(sectors, kind.Offset, kind.Size) : null;

    /// <summary>False for what moves no data: flushes, discards.</summary>
    public bool TryRead(ReadOnlySpan<byte> payload, out long bytes, out bool writes)
    {
        bytes = 0;
        writes = false;
        if (!PerfRecordReader.TryInt32(payload, Sectors, out int sectors) || Kind > payload.Length - KindLength) return false;
        // blk_fill_rwbs: F for a flush may stand first, D is a discard, then R or W.
        ReadOnlySpan<byte> kind = payload.Slice(Kind, KindLength);
        int end = kind.IndexOf((byte)0);
        if (end >= 0) kind = kind[..end];
        writes = kind.Contains((byte)'W');
        bytes = (uint)sectors * SectorBytes;
        return bytes > 0 && !kind.Contains((byte)'D') && (writes || kind.Contains((byte)'R'));
    }
}
