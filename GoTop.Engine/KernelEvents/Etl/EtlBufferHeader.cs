using System.Buffers.Binary;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>WMI_BUFFER_HEADER, which each buffer of a log begins with.</summary>
/// <param name="Bytes">Of the buffer in the file, with this header.</param>
/// <param name="UsedBytes">With this header, once it is unpacked.</param>
internal readonly record struct EtlBufferHeader(int Bytes, int UsedBytes, int Processor, bool IsCompressed)
{
    public const int HeaderBytes = 72;

    private const int CompressedFlag = 0x40;

    public int ContentBytes => UsedBytes - HeaderBytes;

    /// <returns>Null, or what is wrong with it.</returns>
    public static string? TryRead(ReadOnlySpan<byte> start, out EtlBufferHeader header)
    {
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(start);
        uint used = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(start[52..]);
        header = default;
        if (bytes is < HeaderBytes or > EtlLimits.MaxBufferBytes) return $"it says that it is {bytes} bytes long";
        bool isCompressed = (flags & CompressedFlag) != 0;
        if (!isCompressed && used > bytes) used = bytes;
        if (used is < HeaderBytes or > EtlLimits.MaxBufferBytes) return $"it says that {used} bytes of it are used";
        if (isCompressed && used > (long)bytes * EtlLimits.MaxCompressionRatio) return $"it says that {bytes} bytes unpack to {used}";
        header = new EtlBufferHeader((int)bytes, (int)used, BinaryPrimitives.ReadUInt16LittleEndian(start[40..]), isCompressed);
        return null;
    }
}
