using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>Numbers as Go's <c>encoding/binary</c> writes them: seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    public const int MaxBytes = 10;

    /// <summary>Reads without a check, for speed.</summary>
    /// <param name="bytes">At least <see cref="MaxBytes"/> must be readable from <paramref name="position"/> on.</param>
    /// <param name="position">Advanced. The caller sees to it that it is still within what it read.</param>
    /// <exception cref="TraceFormatException">Without a place: the number is too large for 64 bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ref byte bytes, ref int position)
    {
        ulong first = Unsafe.Add(ref bytes, position);
        if (first < 0x80)
        {
            position++;
            return first;
        }

        ulong second = Unsafe.Add(ref bytes, position + 1);
        if (second < 0x80)
        {
            position += 2;
            return (first & 0x7f) | (second << 7);
        }

        // Not by reference: the position would have to live in memory all the time.
        ulong value = ReadLong(ref bytes, position, out int next);
        position = next;
        return value;
    }

    /// <summary>Reads what may be cut off.</summary>
    /// <returns>False when the bytes end within the number, or it is too large.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (int i = 0; i < MaxBytes && position + i < bytes.Length; i++)
        {
            byte each = bytes[position + i];
            value |= (ulong)(each & 0x7f) << (7 * i);
            if (each >= 0x80) continue;
            if (i == MaxBytes - 1 && each > 1) return false;
            position += i + 1;
            return true;
        }

        return false;
    }

    /// <summary>Up to eight bytes at once: finds the first that ends it, then closes the gaps between the groups of seven bits.</summary>
    private static ulong ReadLong(ref byte bytes, int position, out int next)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, position));
        if (!BitConverter.IsLittleEndian) value = BinaryPrimitives.ReverseEndianness(value);
        ulong ends = ~value & 0x8080808080808080;
        if (ends == 0) return ReadLongest(ref bytes, position, out next);
        next = position + (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
        value &= (ends ^ (ends - 1)) & 0x7f7f7f7f7f7f7f7f;
        value = (value & 0x007f007f007f007f) | ((value & 0x7f007f007f007f00) >> 1);
        value = (value & 0x00003fff00003fff) | ((value & 0x3fff00003fff0000) >> 2);
        return (value & 0x000000000fffffff) | ((value & 0x0fffffff00000000) >> 4);
    }

    private static ulong ReadLongest(ref byte bytes, int position, out int next)
    {
        ulong value = 0;
        for (int i = 0; i < MaxBytes; i++)
        {
            byte each = Unsafe.Add(ref bytes, position + i);
            value |= (ulong)(each & 0x7f) << (7 * i);
            if (each >= 0x80) continue;
            if (i == MaxBytes - 1 && each > 1) break;
            next = position + i + 1;
            return value;
        }

        throw new TraceFormatException("a number is longer than 64 bits");
    }
}
