using System.Buffers.Binary;
using System.IO.Compression;

namespace GoTop.Engine.Http;

/// <summary>Bodies as gzip: https://www.rfc-editor.org/rfc/rfc1952.</summary>
internal static class GzipBytes
{
    private const int HeaderAndTrailerBytes = 18;

    public static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no gzip, damaged or cut off.</exception>
    public static byte[] Unpack(byte[] packed)
    {
        using GZipStream gzip = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        gzip.CopyTo(bytes);
        RequireLength(packed, bytes.Length);
        return bytes.ToArray();
    }

    /// <summary>Unpacks it for its sums alone.</summary>
    /// <exception cref="InvalidDataException">It is no gzip, damaged or cut off.</exception>
    public static void RequireWhole(byte[] packed)
    {
        using GZipStream gzip = new(new MemoryStream(packed), CompressionMode.Decompress);
        Span<byte> part = stackalloc byte[4096];
        long length = 0;
        while (gzip.Read(part) is > 0 and int read) length += read;
        RequireLength(packed, length);
    }

    /// <summary>Where it is cut off the stream just ends; the length stands in the last four bytes.</summary>
    private static void RequireLength(byte[] packed, long length)
    {
        if (packed.Length < HeaderAndTrailerBytes || BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 4)) != (uint)length) throw new InvalidDataException("it is cut off");
    }
}
