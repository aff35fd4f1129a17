using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>A buffer in memory, unpacked, with the places of its events in the order of their times.</summary>
internal sealed class EtlBuffer : IDisposable
{
    private const int LeastEventBytes = 16;

    private static readonly Comparison<EventPlace> ByTime = (a, b) => a.TimeStamp != b.TimeStamp ? a.TimeStamp.CompareTo(b.TimeStamp) : a.Offset.CompareTo(b.Offset);

    private readonly List<EventPlace> _events = [];
    private byte[] _content;
    private int _next;

    private EtlBuffer(byte[] content, int contentBytes, int processor)
    {
        _content = content;
        ContentBytes = contentBytes;
        Processor = processor;
    }

    public int ContentBytes { get; }

    public int Processor { get; }

    public ReadOnlySpan<byte> Content => _content.AsSpan(0, ContentBytes);

    public bool IsAtEnd => _next == _events.Count;

    public long NextTimeStamp => _events[_next].TimeStamp;

    /// <summary>Of all its events; there must be one.</summary>
    public long LastTimeStamp => _events[^1].TimeStamp;

    public EtlEvent Next()
    {
        EventPlace place = _events[_next++];
        return new EtlEvent(place.Form, _content.AsSpan(place.Offset, place.Bytes), place.TimeStamp, Processor);
    }

    /// <summary>Reads and unpacks one of a log's buffers.</summary>
    public static EtlBuffer Read(Stream file, in EtlBufferPlace place, out string? damage)
    {
        byte[] stored = ArrayPool<byte>.Shared.Rent(place.Header.Bytes);
        try
        {
            file.Position = place.Offset;
            file.ReadExactly(stored, 0, place.Header.Bytes);
            return Unpack(place.Header, stored.AsSpan(EtlBufferHeader.HeaderBytes, place.Header.Bytes - EtlBufferHeader.HeaderBytes), out damage);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <param name="stored">The buffer as it stands in the file, without its header.</param>
    /// <param name="damage">What is wrong with it, though its first events may be sound.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "it is what is returned")]
    public static EtlBuffer Unpack(in EtlBufferHeader header, ReadOnlySpan<byte> stored, out string? damage)
    {
        byte[] content = ArrayPool<byte>.Shared.Rent(header.ContentBytes);
        int length = header.ContentBytes;
        damage = null;
        if (header.IsCompressed)
        {
            length = Xpress.Decompress(stored, content.AsSpan(0, length));
            if (length != header.ContentBytes) damage = "its compressed data is damaged";
        }
        else
        {
            stored[..length].CopyTo(content);
        }

        EtlBuffer buffer = new(content, Math.Max(0, length), header.Processor);
        damage ??= buffer.FindEvents();
        return buffer;
    }

    public void Dispose()
    {
        byte[] content = _content;
        _content = [];
        if (content.Length > 0) ArrayPool<byte>.Shared.Return(content);
    }

    private string? FindEvents()
    {
        bool isSorted = true;
        long before = long.MinValue;
        string? damage = null;
        for (int at = 0, bytes; at < ContentBytes; at += (bytes + 7) & ~7)
        {
            ReadOnlySpan<byte> rest = _content.AsSpan(at, ContentBytes - at);
            if (!EtlEventParser.TryFind(rest, out EtlEventForm form, out bytes, out long timeStamp))
            {
                // What was reserved for an event and never written is zeros or ones; a few bytes are none.
                if (rest.Length >= LeastEventBytes && !IsFiller(rest[..LeastEventBytes])) damage = $"what stands {at} bytes within it is no event";
                break;
            }

            _events.Add(new EventPlace(timeStamp, at, bytes, form));
            isSorted &= timeStamp >= before;
            before = timeStamp;
        }

        if (!isSorted) _events.Sort(ByTime);
        return damage;
    }

    private static bool IsFiller(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0) || !bytes.ContainsAnyExcept((byte)0xff);

    private readonly record struct EventPlace(long TimeStamp, int Offset, int Bytes, EtlEventForm Form);
}
