namespace GoTop.Engine.GoRuntime.Traces.V2;

internal enum BatchStatus : byte
{
    /// <summary>More bytes are needed to tell, or to have all of the batch.</summary>
    Incomplete,

    Batch,

    EndOfGeneration,

    /// <summary>No batch begins here.</summary>
    Unknown,

    TooLong,
}

/// <summary>The part of the stream that is being looked at: enough for the longest batch, however the stream hands out its bytes.</summary>
internal sealed class BatchWindow
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(256 << 10);
    private int _start;
    private int _end;

    /// <summary>The stream has nothing more.</summary>
    public bool AtEnd { get; private set; }

    public int Available => _end - _start;

    /// <summary>The next byte; there must be one.</summary>
    public byte First => _bytes[_start];

    public void Fill(Stream stream)
    {
        MakeRoom();
        Took(stream.Read(_bytes, _end, _bytes.Length - _end));
    }

    public async ValueTask FillAsync(Stream stream, CancellationToken cancellation)
    {
        MakeRoom();
        Took(await stream.ReadAsync(_bytes.AsMemory(_end), cancellation).ConfigureAwait(false));
    }

    /// <summary>Looks at what comes next without taking it.</summary>
    /// <param name="header">Of a batch; as far as it is known when incomplete: a generation of 0 is not.</param>
    /// <param name="dataOffset">Where its data begin, from here; 0 while the header is incomplete.</param>
    public BatchStatus Peek(out BatchHeader header, out int dataOffset)
    {
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(_start, Available);
        header = default;
        dataOffset = 0;
        if (bytes.IsEmpty) return BatchStatus.Incomplete;
        WireType type = (WireType)bytes[0];
        if (type == WireType.EndOfGeneration) return BatchStatus.EndOfGeneration;
        bool experimental = type == WireType.ExperimentalBatch;
        if (type != WireType.EventBatch && !experimental) return BatchStatus.Unknown;
        int position = experimental ? 2 : 1;
        if (!Varint.TryRead(bytes, ref position, out ulong generation)) return Cut(bytes, position);
        header = new BatchHeader(generation, WireFormat.NoThread, 0, 0, experimental);
        if (!Varint.TryRead(bytes, ref position, out ulong thread) || !Varint.TryRead(bytes, ref position, out ulong ticks)
            || !Varint.TryRead(bytes, ref position, out ulong length))
            return Cut(bytes, position);
        if (length > WireFormat.MaxBatchBytes) return BatchStatus.TooLong;
        dataOffset = position;
        header = new BatchHeader(generation, (long)thread, ticks, (int)length, experimental);
        return bytes.Length - position < header.Length ? BatchStatus.Incomplete : BatchStatus.Batch;
    }

    public ReadOnlySpan<byte> Data(BatchHeader header, int dataOffset) => _bytes.AsSpan(_start + dataOffset, header.Length);

    public void Take(int length) => _start += length;

    /// <summary>A header whose number is cut off, or one whose number never ends.</summary>
    private static BatchStatus Cut(ReadOnlySpan<byte> bytes, int position) => bytes.Length - position >= Varint.MaxBytes ? BatchStatus.Unknown : BatchStatus.Incomplete;

    private void MakeRoom()
    {
        if (_start == 0) return;
        _bytes.AsSpan(_start, Available).CopyTo(_bytes);
        _end = Available;
        _start = 0;
    }

    private void Took(int length)
    {
        AtEnd |= length == 0;
        _end += length;
    }
}
