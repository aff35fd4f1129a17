using System.Buffers.Binary;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>Which of our events a record is of.</summary>
internal enum PerfEventKind : byte
{
    Unknown,
    Clock,
    MajorFault,
    Switch,
    Wakeup,
    DiskBio,
    NetworkSend,
    NetworkReceive,
}

/// <summary>
/// Reads the kernel's records (struct perf_event_header and what follows, perf_event_open(2)) of events that were opened with
/// <see cref="PerfSample.Common"/> and sample_id_all. What is cut short or makes no sense is left out; nothing throws.
/// </summary>
/// <param name="target">Whose stacks are kept.</param>
/// <param name="perThread">Switch records of the target's own threads are events, since there is no tracepoint for them.</param>
internal sealed class PerfRecordReader(int target, TracepointLayouts layouts, bool perThread)
{
    private const int HeaderLength = 8;

    /// <summary>TID, TIME, CPU, IDENTIFIER at the end of what is not a sample.</summary>
    private const int TrailerLength = 32;

    // PERF_RECORD_ of perf_event.h.
    private const uint LostRecord = 2, CommRecord = 3, ExitRecord = 4, ForkRecord = 7, SampleRecord = 9, LostSamplesRecord = 13, SwitchRecord = 14;
    private const ushort SwitchOut = 1 << 13, SwitchOutPreempted = 1 << 14;

    // PERF_CONTEXT_: markers within call chains.
    private const ulong FirstMarker = unchecked((ulong)-4095L), UserMarker = unchecked((ulong)-512L), KernelMarker = unchecked((ulong)-128L);

    private readonly Dictionary<ulong, PerfEventKind> _kinds = [];

    public void Register(ulong id, PerfEventKind kind) => _kinds[id] = kind;

    /// <summary>For an event that is closed: what its ring still holds of it is left out.</summary>
    public void Unregister(ulong id) => _kinds.Remove(id);

    public void Read(ReadOnlySpan<byte> record, EventBatch into)
    {
        if (record.Length < HeaderLength) return;
        uint type = BinaryPrimitives.ReadUInt32LittleEndian(record);
        ushort misc = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        ReadOnlySpan<byte> body = record[HeaderLength..];
        if (type == SampleRecord)
        {
            Sample(body, into);
            return;
        }

        if (body.Length < TrailerLength) return;
        Origin origin = OriginOf(body[^TrailerLength..]);
        body = body[..^TrailerLength];
        switch (type)
        {
            case LostRecord when body.Length >= 16:
                into.Add(Event(KernelEventKind.Lost, origin) with { Value = Count(BinaryPrimitives.ReadInt64LittleEndian(body[8..])) });
                break;
            case LostSamplesRecord when body.Length >= 8:
                into.Add(Event(KernelEventKind.Lost, origin) with { Value = Count(BinaryPrimitives.ReadInt64LittleEndian(body)) });
                break;
            case CommRecord when body.Length >= 8:
                into.NamesChanged |= BinaryPrimitives.ReadInt32LittleEndian(body) == target;
                break;
            case ForkRecord or ExitRecord when body.Length >= 16:
                into.Add(Event(type == ForkRecord ? KernelEventKind.ThreadStart : KernelEventKind.ThreadEnd, origin) with
                {
                    Process = BinaryPrimitives.ReadInt32LittleEndian(body),
                    Thread = BinaryPrimitives.ReadInt32LittleEndian(body[8..]),
                });
                break;
            case SwitchRecord when perThread:
                OwnSwitch(origin, misc, into);
                break;
        }
    }

    /// <summary>One of the target's threads gets or loses a core; the other side is not told.</summary>
    private static void OwnSwitch(Origin origin, ushort misc, EventBatch into)
    {
        KernelEvent happened = Event(KernelEventKind.Switch, origin) with { Thread = KernelEvent.Unknown, Process = KernelEvent.Unknown };
        into.Add((misc & SwitchOut) != 0
            ? happened with
            {
                OtherThread = origin.Thread,
                OtherProcess = origin.Process,
                Stop = (misc & SwitchOutPreempted) != 0 ? ThreadStop.Preempted : ThreadStop.Waiting,
            }
            : happened with { Thread = origin.Thread, Process = origin.Process });
    }

    private void Sample(ReadOnlySpan<byte> body, EventBatch into)
    {
        if (body.Length < 8) return;
        PerfEventKind kind = _kinds.GetValueOrDefault(BinaryPrimitives.ReadUInt64LittleEndian(body));
        body = body[8..];
        if (kind == PerfEventKind.Clock)
        {
            // The address itself is the first of the chain.
            if (body.Length < 8) return;
            body = body[8..];
        }

        if (kind == PerfEventKind.Unknown || body.Length < 24) return;
        Origin origin = OriginOf(body);
        body = body[24..];
        switch (kind)
        {
            case PerfEventKind.Clock:
                Clock(origin, body, into);
                break;
            case PerfEventKind.MajorFault:
                if (origin.Process == target) into.Add(Event(KernelEventKind.HardFault, origin) with { Value = Environment.SystemPageSize });
                break;
            default:
                if (body.Length < 4) return;
                int size = BinaryPrimitives.ReadInt32LittleEndian(body);
                if (size < 0 || size > body.Length - 4) return;
                Tracepoint(kind, origin, body.Slice(4, size), into);
                break;
        }
    }

    private void Tracepoint(PerfEventKind kind, Origin origin, ReadOnlySpan<byte> payload, EventBatch into)
    {
        switch (kind)
        {
            case PerfEventKind.Switch when layouts.Switch is { } at && at.TryRead(payload, out int previous, out long state, out int next):
                into.Add(Event(KernelEventKind.Switch, origin) with
                {
                    Thread = next,
                    Process = KernelEvent.Unknown,
                    OtherThread = previous,
                    OtherProcess = previous == 0 ? 0 : origin.Process,
                    Stop = SwitchLayout.StopOf(state),
                    WaitReason = SwitchLayout.StopOf(state) == ThreadStop.Waiting ? (int)(state & 0xff) : KernelEvent.Unknown,
                });
                break;
            case PerfEventKind.Wakeup when layouts.WakeupThread is { } at && TryInt32(payload, at, out int woken):
                into.Add(Event(KernelEventKind.Ready, origin) with { Thread = woken, Process = KernelEvent.Unknown, OtherThread = origin.Thread, OtherProcess = origin.Process });
                break;
            case PerfEventKind.DiskBio when layouts.Disk is { } at && at.TryRead(payload, out long bytes, out bool writes):
                into.Add(Event(writes ? KernelEventKind.DiskWrite : KernelEventKind.DiskRead, origin) with { Value = bytes });
                break;
            case PerfEventKind.NetworkSend when layouts.SendResult is { } at && TryInt32(payload, at, out int sent) && sent > 0:
                into.Add(Event(KernelEventKind.NetworkSend, origin) with { Value = sent });
                break;
            case PerfEventKind.NetworkReceive when layouts.ReceiveResult is { } at && TryInt32(payload, at, out int received) && received > 0:
                into.Add(Event(KernelEventKind.NetworkReceive, origin) with { Value = received });
                break;
        }
    }

    private void Clock(Origin origin, ReadOnlySpan<byte> body, EventBatch into)
    {
        KernelEvent sample = Event(KernelEventKind.Sample, origin);
        if (origin.Process != target || body.Length < 8)
        {
            into.AddSample(sample, [], []);
            return;
        }

        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(body);
        int count = (int)Math.Min(claimed, (ulong)Math.Min((body.Length - 8) / 8, EventBatch.MaxDepth));
        Span<ulong> kernel = stackalloc ulong[EventBatch.MaxDepth];
        Span<ulong> user = stackalloc ulong[EventBatch.MaxDepth];
        int kernelDepth = 0, userDepth = 0;
        bool inUser = false;
        for (int i = 0; i < count; i++)
        {
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(body[(8 + (i * 8))..]);
            if (address >= FirstMarker)
            {
                if (address is UserMarker or KernelMarker) inUser = address == UserMarker;
                continue;
            }

            if (inUser) user[userDepth++] = address;
            else kernel[kernelDepth++] = address;
        }

        into.AddSample(sample, kernel[..kernelDepth], user[..userDepth]);
    }

    private static long Count(long lost) => Math.Clamp(lost, 1, int.MaxValue);

    internal static bool TryInt32(ReadOnlySpan<byte> payload, int offset, out int value)
    {
        bool fits = offset >= 0 && offset <= payload.Length - 4;
        value = fits ? BinaryPrimitives.ReadInt32LittleEndian(payload[offset..]) : 0;
        return fits;
    }

    /// <summary>TID, TIME and CPU, as they lie in a sample and in a trailer.</summary>
    private static Origin OriginOf(ReadOnlySpan<byte> at) => new(
        BinaryPrimitives.ReadInt32LittleEndian(at), BinaryPrimitives.ReadInt32LittleEndian(at[4..]), BinaryPrimitives.ReadInt64LittleEndian(at[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(at[16..]));

    private static KernelEvent Event(KernelEventKind kind, Origin origin) => new()
    {
        Kind = kind,
        TimeNanoseconds = origin.Time,
        Cpu = origin.Cpu,
        Thread = origin.Thread,
        Process = origin.Process,
        OtherThread = KernelEvent.Unknown,
        OtherProcess = KernelEvent.Unknown,
        WaitReason = KernelEvent.Unknown,
    };

    private readonly record struct Origin(int RawProcess, int RawThread, long Time, int Cpu)
    {
        // An ending thread has −1 or 0, as has one of another container.
        public int Process => RawProcess > 0 || RawThread == 0 ? RawProcess : KernelEvent.Unknown;

        public int Thread => RawThread >= 0 ? RawThread : KernelEvent.Unknown;
    }
}
