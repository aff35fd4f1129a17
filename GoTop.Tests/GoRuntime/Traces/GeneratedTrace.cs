namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>
/// A trace of format 2 (Go 1.26) that is made while it is read: one M whose goroutine gives way and starts again, each
/// generation about half a megabyte.
/// </summary>
internal sealed class GeneratedTrace(int generations) : Stream
{
    private const int BatchesOfGeneration = 9, EventsOfBatch = 6_000;

    private byte[] _next = "go 1.26 trace\0\0\0"u8.ToArray();
    private int _position;
    private ulong _ticks = 1000;
    private int _made;

    /// <summary>What making it has taken, to be left out of what reading it takes.</summary>
    public long AllocatedBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position == _next.Length)
        {
            if (_made == generations) return 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            _next = Generation((ulong)++_made);
            AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            _position = 0;
        }

        int length = Math.Min(count, _next.Length - _position);
        _next.AsSpan(_position, length).CopyTo(buffer.AsSpan(offset));
        _position += length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private byte[] Generation(ulong number)
    {
        const ulong P = 0, M = 0, G = 1, Reason = 1, Stack = 1;
        TraceBytes trace = new();
        // Sync batch: a frequency of 1e9 and a clock snapshot.
        trace.Batch(number, ulong.MaxValue, _ticks, new TraceBytes().Event(50).Event(8, 1_000_000_000).Event(51, 0, 0, 0, 0));
        ulong sequence = 0;
        for (int batch = 0; batch < BatchesOfGeneration; batch++)
        {
            TraceBytes events = new();
            ulong start = _ticks;
            // ProcStatus running, GoStatus running.
            if (batch == 0) events.Event(13, 1, P, 1).Event(25, 1, G, M, 2);
            for (int i = 0; i < EventsOfBatch / 2; i++)
            {
                // GoStop, GoStart.
                events.Event(19, 500, Reason, Stack).Event(16, 100, G, ++sequence);
                _ticks += 600;
            }

            trace.Batch(number, M, start, events);
        }

        trace.Batch(number, ulong.MaxValue, _ticks, new TraceBytes().Event(2).Event(3, Stack, 1, 0x1000, 2, 3, 10));
        trace.Batch(number, ulong.MaxValue, _ticks, new TraceBytes().Event(4).Text(Reason, "preempted").Text(2, "main.work").Text(3, "/src/main.go"));
        return trace.Event(52).ToArray();
    }
}

/// <summary>Writes pieces of a trace of format 2.</summary>
internal sealed class TraceBytes
{
    private readonly List<byte> _bytes = [];

    public TraceBytes Event(byte type, params ReadOnlySpan<ulong> arguments)
    {
        _bytes.Add(type);
        foreach (ulong argument in arguments) Number(argument);
        return this;
    }

    public TraceBytes Text(ulong id, string text)
    {
        _bytes.Add(5);
        Number(id);
        Number((ulong)text.Length);
        _bytes.AddRange(System.Text.Encoding.ASCII.GetBytes(text));
        return this;
    }

    public TraceBytes Batch(ulong generation, ulong thread, ulong ticks, TraceBytes data)
    {
        Event(1, generation, thread, ticks, (ulong)data._bytes.Count);
        _bytes.AddRange(data._bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
