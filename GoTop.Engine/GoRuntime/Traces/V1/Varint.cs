using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>The format's numbers: 7 bits a byte, lowest first, the top bit set on all bytes but the last (<c>encoding/binary</c> Uvarint).</summary>
internal static class Varint
{
    private const int MaxBytes = 10;

    /// <summary>Reads a number that <see cref="TrySkip"/> went over before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> data, ref int position)
    {
        ulong first = data[position++];
        return first < 0x80 ? first : ReadRest(data, ref position, first);
    }

    /// <returns>False where the data end inside the number.</returns>
    /// <exception cref="TraceFormatException">It is no number of 64 bits.</exception>
    public static bool TryRead(ReadOnlySpan<byte> data, ref int position, out ulong value)
    {
        int start = position;
        bool whole = TrySkip(data, ref position);
        value = whole ? Read(data, ref start) : 0;
        return whole;
    }

    /// <inheritdoc cref="TryRead"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySkip(ReadOnlySpan<byte> data, ref int position)
    {
        if ((uint)position >= (uint)data.Length || data[position] >= 0x80) return TrySkipLong(data, ref position);
        position++;
        return true;
    }

    /// <summary>Goes over several numbers.</summary>
    /// <inheritdoc cref="TryRead"/>
    public static bool TrySkipAll(ReadOnlySpan<byte> data, int count, ref int position)
    {
        if (position <= data.Length - sizeof(ulong))
        {
            ulong lastBytes = LastBytes(data[position..]);
            for (int i = 1; i < count; i++) lastBytes &= lastBytes - 1;
            if (lastBytes != 0)
            {
                position += (BitOperations.TrailingZeroCount(lastBytes) >> 3) + 1;
                return true;
            }
        }

        for (int i = 0; i < count; i++)
            if (!TrySkip(data, ref position)) return false;
        return true;
    }

    /// <summary>Goes over all numbers of some data.</summary>
    /// <returns>How many there are; null where the data end inside one.</returns>
    /// <inheritdoc cref="TryRead"/>
    public static int? Count(ReadOnlySpan<byte> data, int position)
    {
        int count = 0;
        while (position < data.Length)
        {
            ulong lastBytes = position <= data.Length - sizeof(ulong) ? LastBytes(data[position..]) : 0;
            if (lastBytes != 0)
            {
                count += BitOperations.PopCount(lastBytes);
                position += sizeof(ulong) - (BitOperations.LeadingZeroCount(lastBytes) >> 3);
            }
            else if (TrySkip(data, ref position))
            {
                count++;
            }
            else
            {
                return null;
            }
        }

        return count;
    }

    /// <summary>The top bits of those of the first eight bytes that end a number: the ones without it.</summary>
    private static ulong LastBytes(ReadOnlySpan<byte> data) => ~BinaryPrimitives.ReadUInt64LittleEndian(data) & 0x8080_8080_8080_8080;

    private static bool TrySkipLong(ReadOnlySpan<byte> data, ref int position)
    {
        int start = position;
        while (position < data.Length)
        {
            byte part = data[position++];
            if (position - start == MaxBytes && part > 1) throw new TraceFormatException("a number has more than 64 bits", start);
            if (part < 0x80) return true;
        }

        return false;
    }

    private static ulong ReadRest(ReadOnlySpan<byte> data, ref int position, ulong first)
    {
        ulong value = first & 0x7F;
        for (int shift = 7; ; shift += 7)
        {
            byte part = data[position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}
