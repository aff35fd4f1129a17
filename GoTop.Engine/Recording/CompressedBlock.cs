using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;

namespace GoTop.Engine.Recording;

/// <summary>
/// Bytes as they lie in a recording: a layout byte, a CRC-32C of the tick and of what follows, the length before compression (four
/// bytes, little-endian), and the bytes themselves in Brotli.
/// </summary>
internal static class CompressedBlock
{
    /// <summary>The limit on both sides of compression: enough for 1,000,000 goroutines, little enough to be harmless.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private const byte Layout = 1;
    private const int HeaderBytes = 9;

    // 256 KB: what is packed here is seldom larger, and each stream allocates it.
    private const int WindowBits = 18;

    /// <param name="tick">Whose they are: bytes that end up at another tick are as bad as damaged ones.</param>
    /// <param name="quality">Brotli's, 0–11; above 4 it is too slow for every tick.</param>
    /// <exception cref="InvalidDataException">There are more than <see cref="MaxBytes"/>.</exception>
    public static byte[] Pack(ReadOnlySpan<byte> raw, long tick, int quality)
    {
        if (raw.Length > MaxBytes) throw new InvalidDataException($"{raw.Length} bytes are too many for one tick of a recording.");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderBytes + BrotliEncoder.GetMaxCompressedLength(raw.Length));
        if (!BrotliEncoder.TryCompress(raw, buffer.AsSpan(HeaderBytes), out int written, quality, WindowBits)) throw new InvalidDataException("Brotli could not compress a tick.");
        Span<byte> block = buffer.AsSpan(0, HeaderBytes + written);
        block[0] = Layout;
        BinaryPrimitives.WriteInt32LittleEndian(block[5..], raw.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[1..], Checksum(tick, block[5..]));
        byte[] result = block.ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return result;
    }

    /// <exception cref="InvalidDataException">The block is damaged, another tick's, too large, or of a layout unknown here.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> block, long tick)
    {
        if (block.Length < HeaderBytes) throw new InvalidDataException("it is cut short");
        if (block[0] != Layout) throw new InvalidDataException($"its layout {block[0]} is unknown");
        if (BinaryPrimitives.ReadUInt32LittleEndian(block[1..]) != Checksum(tick, block[5..])) throw new InvalidDataException("its checksum does not fit");
        int length = BinaryPrimitives.ReadInt32LittleEndian(block[5..]);
        // The checksum only guards against accidents: whoever made the file may have made this number up.
        if (length is < 0 or > MaxBytes) throw new InvalidDataException($"it claims a length of {length} bytes");
        byte[] raw = new byte[length];
        if (!BrotliDecoder.TryDecompress(block[HeaderBytes..], raw, out int written) || written != length) throw new InvalidDataException("its compressed bytes do not make sense");
        return raw;
    }

    private static uint Checksum(long tick, ReadOnlySpan<byte> bytes)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, (ulong)tick);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
