using System.Buffers;
using GoTop.Engine.GoRuntime;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// A process's memory for the Go runtime's readers. Windows has no scattered read as Linux has, and each call costs over
/// a microsecond, so ranges that lie near one another are read in one call with what is between them: the descriptors
/// of 100,000 goroutines make some 5,000 such runs. For one caller at a time.
/// </summary>
internal sealed class WindowsMemoryReader(IVirtualMemory memory) : IMemoryReader
{
    /// <summary>Copying this much costs about what a call does.</summary>
    private const int WidestGap = 8 * 1024;

    /// <summary>Bounds the scratch buffer, and what a hole in the middle of a run makes us read again.</summary>
    private const int LongestRun = 256 * 1024;

    private byte[] _scratch = [];

    public bool TryRead(ulong address, Span<byte> destination) =>
        address <= ulong.MaxValue - (ulong)destination.Length && memory.Read(address, destination) == destination.Length;

    public void ReadMany(ReadOnlySpan<MemoryRange> ranges, Span<byte> destination, Span<bool> ok)
    {
        int[] order = ArrayPool<int>.Shared.Rent(ranges.Length);
        int[] places = ArrayPool<int>.Shared.Rent(ranges.Length);
        try
        {
            Lay(ranges, destination.Length, places);
            Sort(ranges, order);
            for (int first = 0; first < ranges.Length;)
            {
                int count = RunLength(ranges, order.AsSpan(first, ranges.Length - first));
                ReadRun(ranges, order.AsSpan(first, count), places, destination, ok);
                first += count;
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    public void Dispose() => memory.Dispose();

    /// <summary>Where in the destination each range's bytes go.</summary>
    private static void Lay(ReadOnlySpan<MemoryRange> ranges, int destinationLength, Span<int> places)
    {
        long place = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(ranges[i].Length, nameof(ranges));
            places[i] = (int)place;
            place += ranges[i].Length;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(place, destinationLength, nameof(ranges));
        }
    }

    /// <summary>The ranges by address. Callers mostly go through memory upwards, and then this costs nothing.</summary>
    private static void Sort(ReadOnlySpan<MemoryRange> ranges, int[] order)
    {
        bool ascending = true;
        for (int i = 0; i < ranges.Length; i++)
        {
            order[i] = i;
            ascending &= i == 0 || ranges[i - 1].Address <= ranges[i].Address;
        }

        if (ascending) return;
        ulong[] addresses = ArrayPool<ulong>.Shared.Rent(ranges.Length);
        for (int i = 0; i < ranges.Length; i++) addresses[i] = ranges[i].Address;
        Array.Sort(addresses, order, 0, ranges.Length);
        ArrayPool<ulong>.Shared.Return(addresses);
    }

    /// <summary>How many of the next ranges one call reads.</summary>
    private static int RunLength(ReadOnlySpan<MemoryRange> ranges, ReadOnlySpan<int> order)
    {
        MemoryRange first = ranges[order[0]];
        if (Wraps(first)) return 1;
        ulong end = End(first);
        int count = 1;
        for (; count < order.Length; count++)
        {
            MemoryRange next = ranges[order[count]];
            if (Wraps(next) || (next.Address > end && next.Address - end > WidestGap)) break;
            ulong extended = Math.Max(end, End(next));
            if (extended - first.Address > LongestRun) break;
            end = extended;
        }

        return count;
    }

    private void ReadRun(
        ReadOnlySpan<MemoryRange> ranges, ReadOnlySpan<int> run, ReadOnlySpan<int> places, Span<byte> destination, Span<bool> ok)
    {
        if (run.Length == 1)
        {
            MemoryRange only = ranges[run[0]];
            ok[run[0]] = TryRead(only.Address, destination.Slice(places[run[0]], only.Length));
            return;
        }

        ulong start = ranges[run[0]].Address;
        ulong end = start;
        foreach (int i in run) end = Math.Max(end, End(ranges[i]));
        if (_scratch.Length == 0) _scratch = GC.AllocateUninitializedArray<byte>(LongestRun);
        Span<byte> bytes = _scratch.AsSpan(0, (int)(end - start));
        bytes = bytes[..memory.Read(start, bytes)];
        foreach (int i in run)
        {
            MemoryRange range = ranges[i];
            Span<byte> place = destination.Slice(places[i], range.Length);
            ulong offset = range.Address - start;
            ok[i] = offset + (ulong)range.Length <= (ulong)bytes.Length;
            if (ok[i]) bytes.Slice((int)offset, range.Length).CopyTo(place);
            // What lies behind a missing page, perhaps one of the gap only, is read by itself.
            else ok[i] = TryRead(range.Address, place);
        }
    }

    private static bool Wraps(MemoryRange range) => range.Address > ulong.MaxValue - (ulong)range.Length;

    private static ulong End(MemoryRange range) => range.Address + (ulong)range.Length;
}
