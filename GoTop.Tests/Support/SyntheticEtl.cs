using System.Buffers.Binary;
using System.Text;
using GoTop.Engine.KernelEvents.Etl;

namespace GoTop.Tests.Support;

/// <summary>
/// Writes event trace logs as Windows does, with the kernel's scheduler events, which no public log at hand has. Times are in
/// microseconds from the log's beginning.
/// </summary>
internal sealed class SyntheticEtl
{
    public const long TicksPerSecond = 10_000_000;
    public const long FirstTimeStamp = 5_000_000_000;
    private const int BufferHeaderBytes = 72;
    private const int TicksPerMicrosecond = 10;

    private readonly List<(int Cpu, long Time, byte[] Bytes)> _events = [];

    public static DateTimeOffset StartedAt { get; } = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public int Cpus { get; init; } = 2;

    /// <summary>As the header has it.</summary>
    public int EventsLost { get; init; } = 3;

    public SyntheticEtl Process(long at, int pid, int parent, string image, string command) => Kernel(at, 0, group: 3, type: 3, version: 4, payload =>
    {
        payload.Write(0xffff_8000_0000_0000UL + (ulong)pid);
        payload.Write(pid);
        payload.Write(parent);
        payload.Write(1);
        payload.Write(259);
        payload.Write(0UL);
        payload.Write(0);
        payload.Write(0xffff_8000_0000_0010UL); // TOKEN_USER, whose pointer says that there is an identifier
        payload.Write(0UL);
        payload.Write([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]);
        payload.Write(Encoding.ASCII.GetBytes(image + "\0"));
        payload.Write(Encoding.Unicode.GetBytes(command + "\0\0\0"));
    });

    public SyntheticEtl Image(long at, int pid, ulong address, ulong bytes, string path, uint timeDateStamp = 0, uint checksum = 0) => Kernel(at, 0, group: 20, type: 3, version: 3, payload =>
    {
        payload.Write(address);
        payload.Write(bytes);
        payload.Write(pid);
        payload.Write(checksum);
        payload.Write(timeDateStamp);
        payload.Write(0);
        payload.Write(address);
        payload.Write(new byte[16]);
        payload.Write(Encoding.Unicode.GetBytes(path + "\0"));
    });

    /// <param name="listed">At the log's end, as one that goes on.</param>
    public SyntheticEtl Thread(long at, int pid, int tid, bool started = false, bool ended = false, bool listed = false) => System(at, 0, tid, pid, group: 5, type: started ? 1 : ended ? 2 : listed ? 4 : 3, version: 3, payload =>
    {
        payload.Write(pid);
        payload.Write(tid);
        payload.Write(new byte[7 * 8 + 4]);
        payload.Write([8, 5, 2, 0]);
    });

    /// <param name="state">5: waits. 1: ready, so it was preempted. 4: ended.</param>
    public SyntheticEtl Switch(long at, int cpu, int from, int to, byte state = 5, byte reason = 6) => Kernel(at, cpu, group: 5, type: 36, version: 4, payload =>
    {
        payload.Write(to);
        payload.Write(from);
        payload.Write([9, 8, 0, 0, reason, 1, state, 0]);
        payload.Write(0L);
    });

    public SyntheticEtl Ready(long at, int cpu, int tid, int waker, int wakerPid) => System(at, cpu, waker, wakerPid, group: 5, type: 50, version: 2, payload =>
    {
        payload.Write(tid);
        payload.Write(1);
    });

    public SyntheticEtl Sample(long at, int cpu, int tid, ulong address) => Kernel(at, cpu, group: 15, type: 46, version: 2, payload =>
    {
        payload.Write(address);
        payload.Write(tid);
        payload.Write(0x0040_0001);
    });

    /// <param name="of">When the sample was that it belongs to.</param>
    public SyntheticEtl Stack(long at, int cpu, long of, int pid, int tid, params ulong[] addresses) => Kernel(at, cpu, group: 24, type: 32, version: 2, payload =>
    {
        payload.Write(Ticks(of));
        payload.Write(pid);
        payload.Write(tid);
        foreach (ulong address in addresses) payload.Write(address);
    });

    public SyntheticEtl DeferredCall(long began, long ended, int cpu) => Kernel(ended, cpu, group: 15, type: 68, version: 2, payload =>
    {
        payload.Write(Ticks(began));
        payload.Write(0xffff_f800_1234_5678UL);
    });

    public SyntheticEtl Interrupt(long began, long ended, int cpu) => Kernel(ended, cpu, group: 15, type: 67, version: 2, payload =>
    {
        payload.Write(Ticks(began));
        payload.Write(0xffff_f800_1234_9999UL);
        payload.Write([1, 0x51, 0, 0]);
        payload.Write(0);
    });

    public SyntheticEtl Disk(long at, int cpu, bool isWrite, int tid, int bytes) => Kernel(at, cpu, group: 1, type: isWrite ? 11 : 10, version: 3, payload =>
    {
        payload.Write(0);
        payload.Write(0x43);
        payload.Write(bytes);
        payload.Write(0);
        payload.Write(4096L);
        payload.Write(0xaaUL);
        payload.Write(0xbbUL);
        payload.Write(3000L);
        payload.Write(tid);
    });

    public SyntheticEtl Network(long at, int cpu, bool isSent, bool isUdp, int pid, int bytes) => Kernel(at, cpu, group: isUdp ? (byte)8 : (byte)6, type: isSent ? 10 : 11, version: 2, payload =>
    {
        payload.Write(pid);
        payload.Write(bytes);
        payload.Write(0x0100_007f);
        payload.Write(0x0100_007f);
        payload.Write(0x1234_901f);
        payload.Write(new byte[20]);
    });

    public SyntheticEtl HardFault(long at, int cpu, int tid, int bytes) => Kernel(at, cpu, group: 2, type: 32, version: 2, payload =>
    {
        payload.Write(Ticks(at - 20));
        payload.Write(4096L);
        payload.Write(0x7ff0UL);
        payload.Write(0xaaUL);
        payload.Write(tid);
        payload.Write(bytes);
    });

    /// <summary>As go-winio's etw package writes them.</summary>
    public SyntheticEtl TraceLogging(long at, int cpu, int pid, int tid, string provider, string name) => Add(at, cpu, Bytes(bytes =>
    {
        const int Event64 = 19;
        byte[] payload = BitConverter.GetBytes(200);
        byte[] traits = Sized(Encoding.UTF8.GetBytes(provider + "\0"));
        byte[] schema = Sized([0, .. Encoding.UTF8.GetBytes(name + "\0status\0"), 7]);
        byte[] items = [.. Item(12, isMore: true, traits), .. Item(11, isMore: false, schema)];
        bytes.Write((ushort)(80 + items.Length + payload.Length));
        bytes.Write([Event64, 0xc0]);
        bytes.Write((ushort)1);
        bytes.Write((ushort)0);
        bytes.Write(tid);
        bytes.Write(pid);
        bytes.Write(Ticks(at));
        bytes.Write(new Guid("11112222-3333-4444-5555-666677778888").ToByteArray());
        bytes.Write([0, 0, 0, 11, 4, 0, 0, 0]);
        bytes.Write(0L);
        bytes.Write(0L);
        bytes.Write(Guid.Empty.ToByteArray());
        bytes.Write(items);
        bytes.Write(payload);
    }));

    /// <summary>A log with the events of each processor in buffers of their own, every other one compressed.</summary>
    /// <param name="eventsPerBuffer">Few of them give many buffers whose times overlap.</param>
    public byte[] ToArray(int eventsPerBuffer = 8)
    {
        List<byte[]> buffers = [];
        foreach (IGrouping<int, (int Cpu, long Time, byte[] Bytes)> cpu in _events.GroupBy(each => each.Cpu))
        {
            foreach ((int Cpu, long Time, byte[] Bytes)[] part in cpu.OrderBy(each => each.Time).Chunk(eventsPerBuffer))
                buffers.Add(Buffer(cpu.Key, [.. part.SelectMany(each => each.Bytes)], isCompressed: buffers.Count % 2 == 1));
        }

        return [.. Buffer(0, Header(buffers.Count + 1), isCompressed: false), .. buffers.SelectMany(buffer => buffer)];
    }

    public EtlHeader ParsedHeader() => EtlReader.Open(new MemoryStream(ToArray())).Header;

    private static long Ticks(long microseconds) => FirstTimeStamp + microseconds * TicksPerMicrosecond;

    private static byte[] Sized(byte[] content) => [.. BitConverter.GetBytes((ushort)(content.Length + 2)), .. content];

    private static byte[] Item(ushort type, bool isMore, byte[] data)
    {
        int padded = (8 + data.Length + 7) & ~7;
        return [.. BitConverter.GetBytes((ushort)padded), .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(isMore ? (ushort)1 : (ushort)0), .. BitConverter.GetBytes((ushort)data.Length), .. data, .. new byte[padded - 8 - data.Length]];
    }

    private byte[] Header(int buffers) => Bytes(bytes =>
    {
        const int System64 = 2;
        byte[] names = Encoding.Unicode.GetBytes("GoTop-Test\0C:\\test.etl\0");
        bytes.Write((ushort)2);
        bytes.Write([System64, 0xc0]);
        bytes.Write((ushort)(32 + 280 + names.Length));
        bytes.Write([0, 0]);
        bytes.Write(100);
        bytes.Write(4242);
        bytes.Write(FirstTimeStamp);
        bytes.Write(0L);
        bytes.Write(64 * 1024);
        bytes.Write([10, 0, 1, 5]);
        bytes.Write(20348);
        bytes.Write(Cpus);
        bytes.Write(StartedAt.AddSeconds(10).ToFileTime());
        bytes.Write(156_250);
        bytes.Write(0);
        bytes.Write(1);
        bytes.Write(buffers);
        bytes.Write(1);
        bytes.Write(8);
        bytes.Write(EventsLost);
        bytes.Write(2_400);
        bytes.Write(new byte[16 + 176]);
        bytes.Write(StartedAt.AddHours(-1).ToFileTime());
        bytes.Write(TicksPerSecond);
        bytes.Write(StartedAt.ToFileTime());
        bytes.Write(1);
        bytes.Write(0);
        bytes.Write(names);
    });

    private static byte[] Buffer(int cpu, byte[] content, bool isCompressed)
    {
        byte[] stored = isCompressed ? Compress(content) : content;
        byte[] buffer = new byte[BufferHeaderBytes + stored.Length];
        BinaryPrimitives.WriteInt32LittleEndian(buffer, buffer.Length);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4), BufferHeaderBytes + content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(40), (ushort)cpu);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(52), isCompressed ? (ushort)0x60 : (ushort)0x20);
        stored.CopyTo(buffer, BufferHeaderBytes);
        return buffer;
    }

    /// <summary>Plain LZ77 with matches for runs of one byte, which events are full of.</summary>
    internal static byte[] Compress(byte[] content)
    {
        List<byte> packed = [];
        int at = 0;
        while (at < content.Length)
        {
            uint flags = 0;
            List<byte> group = [];
            for (int bit = 31; bit >= 0; bit--)
            {
                if (at == content.Length)
                {
                    // What stands behind the end counts as a match, and is not looked at.
                    flags |= 1u << bit;
                    continue;
                }

                int run = 0;
                while (at > 0 && at + run < content.Length && content[at + run] == content[at - 1] && run < 9) run++;
                if (run < 3)
                {
                    group.Add(content[at++]);
                    continue;
                }

                flags |= 1u << bit;
                group.AddRange(BitConverter.GetBytes((ushort)(run - 3)));
                at += run;
            }

            packed.AddRange(BitConverter.GetBytes(flags));
            packed.AddRange(group);
        }

        return [.. packed];
    }

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        write(writer);
        writer.Write(new byte[(8 - bytes.Length % 8) % 8]);
        return bytes.ToArray();
    }

    private static byte[] Payload(Action<BinaryWriter> write)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        write(writer);
        return bytes.ToArray();
    }

    /// <summary>With the header that names no thread.</summary>
    private SyntheticEtl Kernel(long at, int cpu, byte group, int type, ushort version, Action<BinaryWriter> write) => Add(at, cpu, Bytes(bytes =>
    {
        const int Performance64 = 17;
        byte[] payload = Payload(write);
        bytes.Write(version);
        bytes.Write([Performance64, 0xc0]);
        bytes.Write((ushort)(16 + payload.Length));
        bytes.Write([(byte)type, group]);
        bytes.Write(Ticks(at));
        bytes.Write(payload);
    }));

    /// <summary>With the header that names the thread in whose time it happened.</summary>
    private SyntheticEtl System(long at, int cpu, int tid, int pid, byte group, int type, ushort version, Action<BinaryWriter> write) => Add(at, cpu, Bytes(bytes =>
    {
        const int Compact64 = 4;
        byte[] payload = Payload(write);
        bytes.Write(version);
        bytes.Write([Compact64, 0xc0]);
        bytes.Write((ushort)(24 + payload.Length));
        bytes.Write([(byte)type, group]);
        bytes.Write(tid);
        bytes.Write(pid);
        bytes.Write(Ticks(at));
        bytes.Write(payload);
    }));

    private SyntheticEtl Add(long at, int cpu, byte[] bytes)
    {
        _events.Add((cpu, at, bytes));
        return this;
    }
}
