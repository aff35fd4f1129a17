using System.Buffers.Binary;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>Plain LZ77 of the Xpress compression algorithm, as [MS-XCA] 2.4 describes it; ETW compresses buffers with it.</summary>
internal static class Xpress
{
    /// <summary>Unpacks until either end is reached. Below 0: the data is damaged.</summary>
    /// <returns>How many bytes were unpacked.</returns>
    public static int Decompress(ReadOnlySpan<byte> packed, Span<byte> unpacked)
    {
        int from = 0, to = 0, flagsLeft = 0, sharedLength = 0;
        uint flags = 0;
        while (to < unpacked.Length && from < packed.Length)
        {
            if (flagsLeft == 0)
            {
                if (from + 4 > packed.Length) return to;
                flags = BinaryPrimitives.ReadUInt32LittleEndian(packed[from..]);
                from += 4;
                flagsLeft = 32;
                if (from == packed.Length) return to;
            }

            flagsLeft--;
            if ((flags >> flagsLeft & 1) == 0)
            {
                unpacked[to++] = packed[from++];
                continue;
            }

            if (from + 2 > packed.Length) return to;
            int match = BinaryPrimitives.ReadUInt16LittleEndian(packed[from..]);
            from += 2;
            int distance = (match >> 3) + 1;
            long length = match & 7;
            if (length == 7 && !LongLength(packed, ref from, ref sharedLength, out length)) return -1;
            length += 3;
            if (distance > to) return -1;
            int count = (int)Math.Min(length, unpacked.Length - to);
            Copy(unpacked, to, distance, count);
            to += count;
        }

        return to;
    }

    /// <summary>Lengths from 7 on stand behind: two share a byte, and what does not fit there follows in 1, 2 or 4 bytes.</summary>
    private static bool LongLength(ReadOnlySpan<byte> packed, ref int from, ref int sharedLength, out long length)
    {
        length = 0;
        if (sharedLength == 0)
        {
            if (from >= packed.Length) return false;
            sharedLength = from;
            length = packed[from++] & 15;
        }
        else
        {
            length = packed[sharedLength] >> 4;
            sharedLength = 0;
        }

        if (length == 15)
        {
            if (from >= packed.Length) return false;
            length = packed[from++];
            if (length == 255)
            {
                if (from + 2 > packed.Length) return false;
                length = BinaryPrimitives.ReadUInt16LittleEndian(packed[from..]);
                from += 2;
                if (length == 0)
                {
                    if (from + 4 > packed.Length) return false;
                    length = BinaryPrimitives.ReadUInt32LittleEndian(packed[from..]);
                    from += 4;
                }

                if (length < 15 + 7) return false;
                length -= 15 + 7;
            }

            length += 15;
        }

        length += 7;
        return true;
    }

    /// <summary>A match may reach into what it writes itself.</summary>
    private static void Copy(Span<byte> unpacked, int to, int distance, int count)
    {
        if (distance >= count)
        {
            unpacked.Slice(to - distance, count).CopyTo(unpacked[to..]);
            return;
        }

        for (int i = 0; i < count; i++, to++) unpacked[to] = unpacked[to - distance];
    }
}
