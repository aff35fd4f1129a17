using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>The Ps, and how many dead goroutines they keep for reuse.</summary>
internal readonly record struct ProcFacts(Reading<ImmutableArray<ProcCounters>> Procs, long? FreeGoroutines);

/// <summary>Reads runtime.allp.</summary>
internal static class ProcReader
{
    private const int MaximumProcs = 1 << 14;
    private const uint RunQueueSize = 256;

    public static ProcFacts Read(TargetMemory memory, ProcLayout at, ulong? allProcs)
    {
        const string name = "runtime.allp";
        if (allProcs is not { } found) return Failed(Absence.NotFound(name));
        ulong address = found + memory.Slide;
        if (memory.TryReadBlock(address, 16) is not { } slice) return Failed(Absence.Unreadable(name, address));
        ulong count = slice.UInt64(8);
        if (count is 0 or > MaximumProcs) return Failed(Absence.Implausible(name, address, $"{count} Ps"));
        ulong[] pointers = new ulong[count];
        if (!memory.Reader.TryRead(slice.UInt64(0), MemoryMarshal.AsBytes(pointers.AsSpan()))) return Failed(Absence.Unreadable(name, slice.UInt64(0)));

        // Three ranges of each: the run queue itself lies between.
        int freeLength = at.FreeGoroutines >= 0 ? 4 : 0;
        int length = at.HeadLength + 8 + freeLength;
        MemoryRange[] ranges = new MemoryRange[pointers.Length * 3];
        for (int i = 0; i < pointers.Length; i++)
        {
            ranges[i * 3] = new MemoryRange(pointers[i], at.HeadLength);
            ranges[i * 3 + 1] = new MemoryRange(pointers[i] + (ulong)at.RunNext, 8);
            ranges[i * 3 + 2] = new MemoryRange(pointers[i] + (ulong)Math.Max(0, at.FreeGoroutines), freeLength);
        }

        byte[] bytes = new byte[pointers.Length * length];
        bool[] read = new bool[ranges.Length];
        memory.Reader.ReadMany(ranges, bytes, read);
        return Decode(at, pointers, bytes, read, length, address);
    }

    private static ProcFacts Decode(ProcLayout at, ulong[] pointers, byte[] bytes, bool[] read, int length, ulong address)
    {
        ImmutableArray<ProcCounters>.Builder procs = ImmutableArray.CreateBuilder<ProcCounters>(pointers.Length);
        long free = 0;
        bool allFree = at.FreeGoroutines >= 0;
        for (int i = 0; i < pointers.Length; i++)
        {
            if (!read[i * 3] || !read[i * 3 + 1]) return Failed(Absence.Unreadable("runtime.p", pointers[i]));
            ReadOnlySpan<byte> p = bytes.AsSpan(i * length, length);
            int id = BinaryPrimitives.ReadInt32LittleEndian(p[at.Id..]);
            uint status = BinaryPrimitives.ReadUInt32LittleEndian(p[at.Status..]);
            if (id != i || status > (uint)ProcStatus.Dead) return Failed(Absence.Implausible("runtime.allp", address, $"P {i} has id {id} and status {status}"));
            uint queued = BinaryPrimitives.ReadUInt32LittleEndian(p[at.RunQueueTail..]) - BinaryPrimitives.ReadUInt32LittleEndian(p[at.RunQueueHead..]);
            bool hasNext = BinaryPrimitives.ReadUInt64LittleEndian(p[at.HeadLength..]) != 0;
            // Head and tail are read at slightly different moments of a busy queue.
            int runQueue = (int)(queued > RunQueueSize ? 0 : queued) + (hasNext ? 1 : 0);
            procs.Add(new ProcCounters(id, (ProcStatus)status, runQueue, BinaryPrimitives.ReadUInt32LittleEndian(p[at.SchedTick..])));
            allFree &= read[i * 3 + 2];
            if (allFree) free += BinaryPrimitives.ReadInt32LittleEndian(p[(at.HeadLength + 8)..]);
        }

        return new ProcFacts(Reading.Of(procs.MoveToImmutable()), allFree ? free : null);
    }

    private static ProcFacts Failed(Absence why) => new(why.Of<ImmutableArray<ProcCounters>>(), null);
}
