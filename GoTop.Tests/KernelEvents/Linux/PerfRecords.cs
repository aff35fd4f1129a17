using System.Buffers.Binary;

namespace GoTop.Tests.KernelEvents.Linux;

/// <summary>Records as the kernel writes them, by hand.</summary>
internal static class PerfRecords
{
    public const ulong ClockId = 11, SwitchId = 12, WakeupId = 13, DiskId = 14, SendId = 15, FaultId = 16;

    public static byte[] Sample(ulong id, int process, int thread, long time, int cpu, params byte[][] rest)
    {
        // Only the clock's have an address of their own.
        byte[] address = id == ClockId ? U64(0x4000) : [];
        return Record(9, 0, [U64(id), address, I32(process), I32(thread), U64((ulong)time), I32(cpu), I32(0), .. rest]);
    }

    public static byte[] Chain(params ulong[] addresses) => [.. U64((ulong)addresses.Length), .. addresses.SelectMany(U64)];

    public static byte[] Raw(byte[] payload) => [.. I32(payload.Length), .. payload];

    /// <summary>sched_switch as Linux 6 lays it out.</summary>
    public static byte[] Switch(int previous, long state, int next)
    {
        byte[] payload = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(24), previous);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(32), state);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(56), next);
        return payload;
    }

    public static byte[] Wakeup(int thread)
    {
        byte[] payload = new byte[36];
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(24), thread);
        return payload;
    }

    /// <summary>Anything but a sample: its body, and who, when and where at the end.</summary>
    public static byte[] Other(uint type, ushort misc, byte[] body, int process, int thread, long time, int cpu) =>
        Record(type, misc, [body, I32(process), I32(thread), U64((ulong)time), I32(cpu), I32(0), U64(1)]);

    public static byte[] Record(uint type, ushort misc, params byte[][] parts)
    {
        byte[] body = [.. parts.SelectMany(part => part)];
        byte[] record = new byte[8 + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, type);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), misc);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), (ushort)record.Length);
        body.CopyTo(record, 8);
        return record;
    }

    public static byte[] I32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
