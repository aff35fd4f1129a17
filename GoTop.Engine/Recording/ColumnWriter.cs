using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace GoTop.Engine.Recording;

/// <summary>
/// Writes columns of numbers as variable-length integers (LEB128, signed ones in zigzag), in the form that leaves
/// the compressor least to do. <see cref="ColumnReader"/> reads them.
/// </summary>
internal sealed class ColumnWriter
{
    /// <summary>As many different values as pay for a list of them: their index then takes two bytes at most.</summary>
    private const int MaxDistinct = 4096;

    /// <summary>A number that recurs as often is worth its place in a list.</summary>
    private const int LeastFrequent = 8;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Number(long value) => Unsigned(ZigZag(value));

    public void Count(int value) => Unsigned((ulong)value);

    public void Text(string text)
    {
        Count(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _bytes);
    }

    public void Bytes(ReadOnlySpan<byte> column) => _bytes.Write(column);

    /// <summary>Small numbers without an order, such as indices; not less than −1.</summary>
    public void Indices(ReadOnlySpan<int> column)
    {
        Span<byte> target = _bytes.GetSpan(column.Length * 5);
        int at = 0;
        foreach (int value in column) at = Put(target, at, (uint)(value + 1));
        _bytes.Advance(at);
    }

    /// <summary>Any numbers: as a list of the different ones and an index for each, or else as differences.</summary>
    public void Numbers(ReadOnlySpan<long> column)
    {
        Dictionary<long, int> indices = new();
        int[] index = new int[column.Length];
        for (int i = 0; i < column.Length && indices.Count <= MaxDistinct; i++)
        {
            ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(indices, column[i], out bool exists);
            if (!exists) known = indices.Count - 1;
            index[i] = known;
        }

        bool listed = indices.Count <= MaxDistinct && indices.Count <= column.Length / 2;
        Count(listed ? 1 : 0);
        if (!listed)
        {
            Differences(column);
            return;
        }

        // A dictionary from which nothing is removed enumerates in the order of insertion; the array makes it certain.
        long[] distinct = new long[indices.Count];
        foreach ((long value, int place) in indices) distinct[place] = value;
        Count(distinct.Length);
        Differences(distinct);
        Span<byte> target = _bytes.GetSpan(index.Length * 5);
        int at = 0;
        foreach (int place in index) at = Put(target, at, (uint)place);
        _bytes.Advance(at);
    }

    /// <summary>
    /// Numbers of which some recur often and the others lie near a number in another column: an index into the list of
    /// the frequent ones, or 0 and the difference.
    /// </summary>
    public void NumbersNear(ReadOnlySpan<long> column, ReadOnlySpan<long> reference)
    {
        Dictionary<long, int> counts = [];
        foreach (long value in column) CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _)++;
        long[] frequent = [.. counts.Where(c => c.Value >= LeastFrequent).OrderByDescending(c => c.Value).Select(c => c.Key).Take(MaxDistinct)];
        Dictionary<long, int> places = new(frequent.Length);
        for (int i = 0; i < frequent.Length; i++) places[frequent[i]] = i;
        Count(frequent.Length);
        Differences(frequent);
        int[] index = new int[column.Length];
        List<long> others = [];
        for (int i = 0; i < index.Length; i++)
        {
            index[i] = places.TryGetValue(column[i], out int place) ? place : -1;
            if (index[i] < 0) others.Add(unchecked(reference[i] - column[i]));
        }

        Indices(index);
        foreach (long other in others) Number(other);
    }

    /// <summary>Numbers that mostly grow, as the difference of each to the one before.</summary>
    public void Differences(ReadOnlySpan<long> column)
    {
        long previous = 0;
        // In parts: ten bytes for each of a million would be a large span to ask for.
        while (!column.IsEmpty)
        {
            ReadOnlySpan<long> part = column[..Math.Min(column.Length, 4096)];
            Span<byte> target = _bytes.GetSpan(part.Length * 10);
            int at = 0;
            foreach (long value in part)
            {
                at = Put(target, at, ZigZag(unchecked(value - previous)));
                previous = value;
            }

            _bytes.Advance(at);
            column = column[part.Length..];
        }
    }

    private void Unsigned(ulong value) => _bytes.Advance(Put(_bytes.GetSpan(10), 0, value));

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static int Put(Span<byte> target, int at, ulong value)
    {
        while (value >= 0x80)
        {
            target[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
        return at;
    }
}
