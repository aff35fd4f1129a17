using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// The memory that the kernel writes an event's records into (struct perf_event_mmap_page and the data behind it). The kernel
/// writes at the head and we read at the tail; what does not fit is lost and counted by the kernel.
/// </summary>
internal sealed unsafe class PerfRing : IDisposable
{
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;
    private const int HeaderLength = 8;

    private readonly nuint _length;
    private readonly byte[] _straight = new byte[1 << 16];
    private readonly int _pageSize;
    private nint _address;

    private PerfRing(nint address, nuint length, int pageSize)
    {
        _address = address;
        _length = length;
        _pageSize = pageSize;
    }

    private byte* Base => (byte*)_address;

    private ulong DataSize => _length - (nuint)_pageSize;

    /// <param name="dataBytes">A power of two, and at least a page.</param>
    public static PerfRing? TryMap(PerfEvent owner, int dataBytes, out int error)
    {
        int page = Environment.SystemPageSize;
        nuint length = (nuint)(page + dataBytes);
        nint address = PerfNative.Map(0, length, PerfNative.ReadWrite, PerfNative.Shared, owner.Descriptor, 0);
        error = address == -1 ? Marshal.GetLastPInvokeError() : 0;
        return address == -1 ? null : new PerfRing(address, length, page);
    }

    /// <summary>Up to where the kernel has written by now.</summary>
    public ulong Head => Volatile.Read(ref *(ulong*)(Base + HeadOffset));

    /// <summary>Hands on all records up to a head, and frees their room.</summary>
    public void Read(ulong head, PerfRecordReader reader, EventBatch into)
    {
        ObjectDisposedException.ThrowIf(_address == 0, this);
        ulong tail = *(ulong*)(Base + TailOffset);
        byte* data = Base + _pageSize;
        // Should these ever contradict each other, nothing in between is a record.
        if (head - tail > DataSize) tail = head;
        while (tail < head)
        {
            int at = (int)(tail & (DataSize - 1)), untilEnd = (int)(DataSize - (ulong)at);
            // Records are multiples of 8 long, so that a header is never split.
            int size = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(data + at + 6, 2));
            if (size < HeaderLength || (ulong)size > head - tail)
            {
                into.Damaged();
                tail = head;
                break;
            }

            ReadOnlySpan<byte> record = new(data + at, Math.Min(size, untilEnd));
            if (size > untilEnd)
            {
                record.CopyTo(_straight);
                new ReadOnlySpan<byte>(data, size - untilEnd).CopyTo(_straight.AsSpan(untilEnd));
                record = _straight.AsSpan(0, size);
            }

            reader.Read(record, into);
            tail += (ulong)size;
        }

        Volatile.Write(ref *(ulong*)(Base + TailOffset), tail);
    }

    public void Dispose()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0) _ = PerfNative.Unmap(address, _length);
    }
}
