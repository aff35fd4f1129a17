using System.Buffers.Binary;
using GoTop.Engine.KernelEvents.Etw;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>What a trimmed log holds.</summary>
/// <param name="Covers">From its oldest event to its newest, but for what it names at its end; no longer than what was asked for.</param>
/// <param name="Buffers">Copied, with the header's and those that name things.</param>
/// <param name="LeftOut">Too old.</param>
internal readonly record struct TrimmedLog(TimeSpan Covers, int Buffers, int LeftOut);

/// <summary>
/// Writes what of a log is of its last seconds. A log's buffers stand for themselves, so those whose last event is older are
/// left out whole and the others are copied as they are; the oldest of them may reach back a little further.
/// </summary>
internal static class EtlTrimmer
{
    private const int SystemHeaderBytes = 32;

    /// <summary>TRACE_LOGFILE_HEADER.BuffersWritten.</summary>
    private const int BuffersWrittenAt = EtlBufferHeader.HeaderBytes + SystemHeaderBytes + 36;

    // WMI_BUFFER_HEADER: how much of the buffer is used stands in it three times.
    private static readonly int[] UsedBytesAt = [4, 8, 48];

    /// <param name="log">Of a session that kept its newest events in memory.</param>
    /// <param name="names">Of a session that lists what processes, threads and images there are, on the same clock; null where there is none.</param>
    /// <param name="into">Gets a log that any reader of such logs reads.</param>
    /// <exception cref="EtlException">One of them is no log, or its beginning is damaged.</exception>
    /// <exception cref="IOException">Of the streams.</exception>
    public static TrimmedLog Trim(Stream log, Stream? names, Stream into, TimeSpan last, CancellationToken cancellation = default)
    {
        (EtlHeader header, List<EtlBufferPlace> places) = Index(log, cancellation);
        List<BufferTimes> times = [.. places.Skip(1).Select(place => TimesOf(log, place, cancellation))];
        long newest = times.Max(each => (long?)each.Last) ?? header.FirstTimeStamp;
        long limit = (long)Math.Min(last.TotalSeconds * header.TicksPerSecond, long.MaxValue / 2);
        long oldestWanted = newest - limit;
        List<BufferTimes> kept = [.. times.Where(each => each.Last is not { } until || until >= oldestWanted)];
        List<EtlBufferPlace> naming = names is null ? [] : [.. Index(names, cancellation).Places.Skip(1)];

        int buffers = 1 + kept.Count + naming.Count;
        into.Write(HeaderBuffer(Read(log, places[0]), oldestWanted, buffers));
        foreach (BufferTimes each in kept) Copy(log, each.Place, into, cancellation);
        foreach (EtlBufferPlace place in naming) Copy(names!, place, into, cancellation);

        int leftOut = times.Count - kept.Count;
        long oldest = Math.Max(oldestWanted, kept.Min(each => each.First) ?? newest);
        long nanoseconds = new TraceTimes(header.TicksPerSecond).Nanoseconds(newest - oldest);
        return new TrimmedLog(TimeSpan.FromTicks(nanoseconds / 100), buffers, leftOut);
    }

    private static (EtlHeader Header, List<EtlBufferPlace> Places) Index(Stream log, CancellationToken cancellation)
    {
        long origin = log.Position;
        EtlHeader header = EtlReader.Open(log, cancellation).Header;
        log.Position = origin;
        return (header, EtlBufferIndex.Read(log, cancellation).Places);
    }

    /// <summary>Of a buffer without an event that can be read neither is known; it is kept, since it may be of use to others.</summary>
    private static BufferTimes TimesOf(Stream log, in EtlBufferPlace place, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using EtlBuffer buffer = EtlBuffer.Read(log, place, out _);
        return buffer.IsAtEnd ? new BufferTimes(place, null, null) : new BufferTimes(place, buffer.NextTimeStamp, buffer.LastTimeStamp);
    }

    private static byte[] Read(Stream log, in EtlBufferPlace place)
    {
        byte[] stored = new byte[place.Header.Bytes];
        log.Position = place.Offset;
        log.ReadExactly(stored);
        return stored;
    }

    private static void Copy(Stream log, in EtlBufferPlace place, Stream into, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        into.Write(Read(log, place));
    }

    /// <summary>
    /// The first buffer has the header's event, and behind it what happened when the session began, long ago as a rule; that is
    /// overwritten as what was never written is. A compressed one is left as it is.
    /// </summary>
    private static byte[] HeaderBuffer(byte[] stored, long oldestWanted, int buffers)
    {
        if (EtlBufferHeader.TryRead(stored, out EtlBufferHeader header) is not null || header.IsCompressed) return stored;
        Span<byte> content = stored.AsSpan(EtlBufferHeader.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(stored.AsSpan(BuffersWrittenAt), (uint)buffers);
        if (!EtlEventParser.TryFind(content, out _, out int bytes, out _)) return stored;
        int next = (bytes + 7) & ~7;
        if (next >= header.ContentBytes) return stored;
        using EtlBuffer all = EtlBuffer.Unpack(header, content, out _);
        if (all.LastTimeStamp >= oldestWanted) return stored;
        content[next..].Fill(0xff);
        foreach (int at in UsedBytesAt) BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(at), EtlBufferHeader.HeaderBytes + next);
        return stored;
    }

    private readonly record struct BufferTimes(EtlBufferPlace Place, long? First, long? Last);
}
