using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Binaries;

/// <summary>
/// What a PE file says of its own identity, and Windows tells again when it loads it. Go's linker leaves the time stamp and the
/// checksum at 0, so that of a Go program the size alone says something.
/// </summary>
/// <param name="ImageBytes">SizeOfImage: once it is loaded, rounded up to whole pages.</param>
internal readonly record struct PeStamp(uint TimeDateStamp, uint ImageBytes, uint Checksum)
{
    /// <summary>Null for a file that is no PE, or damaged.</summary>
    public static PeStamp? Read(BinaryFile file)
    {
        Span<byte> start = stackalloc byte[4];
        if (!file.TryRead(0x3c, start)) return null;
        long header = BinaryPrimitives.ReadUInt32LittleEndian(start);
        Span<byte> headers = stackalloc byte[24 + 68];
        if (!file.TryRead(header, headers) || !headers[..4].SequenceEqual("PE\0\0"u8)) return null;
        // The same places in PE32 and PE32+.
        ReadOnlySpan<byte> optional = headers[24..];
        return new PeStamp(
            BinaryPrimitives.ReadUInt32LittleEndian(headers[8..]), BinaryPrimitives.ReadUInt32LittleEndian(optional[56..]), BinaryPrimitives.ReadUInt32LittleEndian(optional[64..]));
    }
}
