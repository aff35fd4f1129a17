using System.Buffers.Binary;
using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Reads runtime.allm: the runtime's threads, newest first, each linked to the one made before it. Threads come and go while
/// they are read; what was caught in the middle of a change is left out and counted.
/// </summary>
internal sealed class GoThreadReader
{
    private const int MaximumThreads = 10_000;
    private const long MaximumId = 1L << 40;
    private const int MaximumProcs = 1 << 14;
    private const string Name = "runtime.allm";

    private readonly TargetMemory _memory;
    private readonly ThreadLayout? _at;
    private readonly int _goroutineId;
    private readonly int _procId;
    private readonly ulong? _list;

    /// <param name="at">Null when this program does not describe its threads.</param>
    /// <param name="list">runtime.allm, at the file's preferred base; null when it was not found.</param>
    public GoThreadReader(TargetMemory memory, ThreadLayout? at, GoroutineLayout goroutine, ProcLayout proc, ulong? list)
    {
        _memory = memory;
        _at = at;
        _goroutineId = goroutine.Id;
        _procId = proc.Id;
        _list = list + memory.Slide;
    }

    public Reading<GoThreadTable> Read()
    {
        if (_at is null) return Reading.NotSupported<GoThreadTable>($"the executable describes no type {ThreadLayout.TypeName} of a shape known here");
        if (_list is not { } list) return Absence.NotFound(Name).Of<GoThreadTable>();
        List<MemoryBlock> threads = Walk(_at, list, out bool whole);
        return threads.Count == 0 ? Absence.Unreadable(Name, list).Of<GoThreadTable>() : Reading.Of(Table(_at, threads, torn: whole ? 0 : 1));
    }

    /// <param name="whole">It ends with the first thread, whose number is 0.</param>
    private List<MemoryBlock> Walk(ThreadLayout at, ulong list, out bool whole)
    {
        List<MemoryBlock> threads = [];
        HashSet<ulong> seen = [];
        whole = false;
        if (!_memory.TryReadWord(list, out ulong next)) return threads;
        long last = -1;
        // Numbers are given out before threads are linked, so that they need not fall; a torn link may lead in a circle.
        while (next != 0 && threads.Count < MaximumThreads && seen.Add(next))
        {
            if ((next & 7) != 0 || _memory.TryReadBlock(next, at.Length) is not { } thread) return threads;
            last = thread.Int64(at.Id);
            if (last is < 0 or > MaximumId || thread.UInt64(at.OwnThreadId) > int.MaxValue) return threads;
            threads.Add(thread);
            next = thread.UInt64(at.Next);
        }

        whole = next == 0 && last == 0;
        return threads;
    }

    private GoThreadTable Table(ThreadLayout at, List<MemoryBlock> threads, int torn)
    {
        // The numbers of two goroutines and a P of each.
        MemoryRange[] ranges = new MemoryRange[threads.Count * 3];
        for (int i = 0; i < threads.Count; i++)
        {
            ranges[i * 3] = Range(threads[i].UInt64(at.Goroutine), _goroutineId, 8);
            ranges[i * 3 + 1] = Range(threads[i].UInt64(at.LockedGoroutine), _goroutineId, 8);
            ranges[i * 3 + 2] = Range(threads[i].UInt64(at.Proc), _procId, 4);
        }

        byte[] bytes = new byte[ranges.Sum(range => range.Length)];
        bool[] read = new bool[ranges.Length];
        _memory.Reader.ReadMany(ranges, bytes, read);
        ImmutableArray<GoThread>.Builder rows = ImmutableArray.CreateBuilder<GoThread>(threads.Count);
        int offset = 0;
        for (int i = 0; i < threads.Count; i++)
        {
            bool sound = true;
            long? Number(int range)
            {
                int length = ranges[range].Length;
                ReadOnlySpan<byte> number = bytes.AsSpan(offset, length);
                offset += length;
                if (length == 0) return null;
                long value = length == 8 ? BinaryPrimitives.ReadInt64LittleEndian(number) : BinaryPrimitives.ReadInt32LittleEndian(number);
                sound &= read[range] && value >= 0 && (length == 8 || value < MaximumProcs);
                return value;
            }

            long? goroutine = Number(i * 3), locked = Number(i * 3 + 1), proc = Number(i * 3 + 2);
            MemoryBlock thread = threads[i];
            // Before it has started it has no number yet.
            int ownId = (int)thread.UInt64(at.OwnThreadId);
            if (!sound) torn++;
            else if (ownId != 0)
                rows.Add(new GoThread(thread.Int64(at.Id), ownId, goroutine is 0 ? null : goroutine, (int?)proc, locked is 0 ? null : locked, thread.Byte(at.Spinning) != 0, thread.Byte(at.Blocked) != 0));
        }

        return new GoThreadTable { Threads = rows.DrainToImmutable(), Torn = torn };
    }

    private static MemoryRange Range(ulong pointer, int field, int length) => pointer == 0 ? new MemoryRange(0, 0) : new MemoryRange(pointer + (ulong)field, length);
}
