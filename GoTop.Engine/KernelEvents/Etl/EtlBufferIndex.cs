namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>Where a buffer stands in the file, and when its first event was.</summary>
internal readonly record struct EtlBufferPlace(long Offset, EtlBufferHeader Header, long FirstTimeStamp);

/// <summary>Lists a log's buffers, reading no more of each than its beginning.</summary>
internal static class EtlBufferIndex
{
    /// <summary>Enough to unpack the header of the first event.</summary>
    private const int StartBytes = 160;

    private const int EventStartBytes = 48;

    public static (List<EtlBufferPlace> Places, string? EndedEarly) Read(Stream file, CancellationToken cancellation)
    {
        List<EtlBufferPlace> places = [];
        long end = file.Length;
        Span<byte> start = stackalloc byte[StartBytes];
        for (long offset = file.Position; offset < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            file.Position = offset;
            int length = file.ReadAtLeast(start, StartBytes, throwOnEndOfStream: false);
            if (length < EtlBufferHeader.HeaderBytes) return (places, $"it is cut off at byte {end}, within the header of a buffer");
            if (EtlBufferHeader.TryRead(start, out EtlBufferHeader header) is { } damage) return (places, $"the buffer at byte {offset} is damaged: {damage}");
            if (offset + header.Bytes > end) return (places, $"it is cut off at byte {end}, within the buffer at byte {offset}");
            if (places.Count == EtlLimits.MaxBuffers) return (places, $"only its first {EtlLimits.MaxBuffers} buffers are read, up to byte {offset}");
            places.Add(new EtlBufferPlace(offset, header, FirstTimeStamp(header, start[..Math.Min(length, header.Bytes)])));
            offset += header.Bytes;
        }

        return (places, null);
    }

    /// <summary>The earliest there is where it cannot be told: such a buffer is read at once.</summary>
    private static long FirstTimeStamp(in EtlBufferHeader header, ReadOnlySpan<byte> start)
    {
        scoped ReadOnlySpan<byte> content = start[EtlBufferHeader.HeaderBytes..];
        Span<byte> unpacked = stackalloc byte[EventStartBytes];
        if (header.IsCompressed)
        {
            int length = Xpress.Decompress(content, unpacked);
            content = unpacked[..Math.Max(0, length)];
        }

        return EtlEventParser.TryFindTime(content, out long timeStamp) ? timeStamp : long.MinValue;
    }
}
