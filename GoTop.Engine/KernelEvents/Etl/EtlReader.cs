namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>
/// Reads an event trace log (<c>.etl</c>) of Windows on any system. Processors and sessions write buffers of their own, which
/// stand in the file as they became full; so the buffers are listed first, and then those whose times overlap are read
/// together and merged. Format: the buffer and event headers of the Windows SDK's evntrace.h and evntcons.h, and for the rest
/// github.com/albertziegenhagel/snail-server and github.com/airbus-cert/etl-parser.
/// </summary>
public sealed class EtlReader
{
    private const int MostProblems = 5;

    private readonly Stream _file;
    private readonly List<EtlBufferPlace> _places;
    private readonly List<string> _problems = [];

    private EtlReader(Stream file, EtlHeader header, List<EtlBufferPlace> places, string? endedEarly)
    {
        _file = file;
        Header = header;
        _places = places;
        EndedEarly = endedEarly;
    }

    public EtlHeader Header { get; }

    public int Buffers => _places.Count;

    /// <summary>Where and why the log could not be read to its end; null when it could.</summary>
    public string? EndedEarly { get; }

    /// <summary>Buffers of which events are missing because they are damaged.</summary>
    public int DamagedBuffers { get; private set; }

    /// <summary>What was wrong with the first of these, with the place.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <param name="file">Can be sought in; the log begins where it stands, and it stays open.</param>
    /// <exception cref="EtlException">It is no event trace log, or its beginning is damaged.</exception>
    /// <exception cref="IOException">Of the stream.</exception>
    public static EtlReader Open(Stream file, CancellationToken cancellation = default)
    {
        (List<EtlBufferPlace> places, string? endedEarly) = EtlBufferIndex.Read(file, cancellation);
        if (places.Count == 0) throw new EtlException(endedEarly ?? "it has no buffer");
        using EtlBuffer first = EtlBuffer.Read(file, places[0], out string? damage);
        if (first.IsAtEnd) throw new EtlException($"its first buffer is damaged: {damage ?? "it holds no event"}");
        return new EtlReader(file, EtlHeader.Parse(first.Content), places, endedEarly);
    }

    /// <summary>Hands all events over in the order of their times. Call once.</summary>
    /// <exception cref="EtlException">So many buffers overlap in time that they cannot be held.</exception>
    public void Read(IEtlEventSink sink, CancellationToken cancellation = default)
    {
        PriorityQueue<EtlBuffer, (long TimeStamp, int Order)> open = new();
        try
        {
            Merge(sink, open, cancellation);
        }
        finally
        {
            foreach ((EtlBuffer buffer, _) in open.UnorderedItems) buffer.Dispose();
        }
    }

    private void Merge(IEtlEventSink sink, PriorityQueue<EtlBuffer, (long TimeStamp, int Order)> open, CancellationToken cancellation)
    {
        EtlBufferPlace[] places = [.. _places.OrderBy(place => place.FirstTimeStamp)];
        // The first event of a buffer need not be its earliest: an interrupt may come between an event's time and its place.
        long slack = Header.TicksPerSecond / 100;
        long heldBytes = 0;
        int next = 0;
        while (next < places.Length || open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            while (next < places.Length && (open.Count == 0 || places[next].FirstTimeStamp - slack <= open.Peek().NextTimeStamp))
            {
                EtlBuffer opened = Open(places[next]);
                if (opened.IsAtEnd)
                {
                    opened.Dispose();
                }
                else
                {
                    heldBytes += opened.ContentBytes;
                    open.Enqueue(opened, (opened.NextTimeStamp, next));
                    if (heldBytes > EtlLimits.MaxHeldBytes) throw new EtlException($"its buffers overlap in time so much that more than {EtlLimits.MaxHeldBytes >> 20} MiB of them had to be held at once");
                }

                next++;
            }

            if (!open.TryDequeue(out EtlBuffer? earliest, out (long TimeStamp, int Order) at)) continue;
            long until = next < places.Length ? places[next].FirstTimeStamp - slack : long.MaxValue;
            if (open.Count > 0) until = Math.Min(until, open.Peek().NextTimeStamp);
            do sink.OnEvent(earliest.Next());
            while (!earliest.IsAtEnd && earliest.NextTimeStamp <= until);
            if (!earliest.IsAtEnd)
            {
                open.Enqueue(earliest, (earliest.NextTimeStamp, at.Order));
                continue;
            }

            heldBytes -= earliest.ContentBytes;
            earliest.Dispose();
        }
    }

    private EtlBuffer Open(in EtlBufferPlace place)
    {
        EtlBuffer buffer = EtlBuffer.Read(_file, place, out string? damage);
        if (damage is null) return buffer;
        DamagedBuffers++;
        if (_problems.Count < MostProblems) _problems.Add($"the buffer at byte {place.Offset}: {damage}");
        return buffer;
    }
}
