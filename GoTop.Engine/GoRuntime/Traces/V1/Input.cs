namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Takes in the whole of a stream, as far as the limit goes. Places in it are those of the stream.</summary>
internal sealed class Input
{
    private const int FirstBytes = 256 * 1024;

    private readonly Stream _stream;
    private readonly long _maxBytes;

    /// <param name="start">How much of the stream was read before: the bytes before this place stay empty.</param>
    /// <param name="maxBytes">That much is allowed; the byte after it is refused.</param>
    public Input(Stream stream, int start, long maxBytes)
    {
        _stream = stream;
        _maxBytes = Math.Min(maxBytes, Array.MaxLength - 1);
        Length = start;

        // One byte more than is there, so that the end shows without a larger buffer.
        long rest = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) + 1 : FirstBytes;
        Data = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(start + rest, start + 1, _maxBytes + 1));
    }

    public byte[] Data { get; private set; }

    public int Length { get; private set; }

    /// <returns>False at the end.</returns>
    /// <exception cref="TraceFormatException">There is more than the limit allows.</exception>
    public bool Read() => Take(_stream.Read(Free()));

    /// <inheritdoc cref="Read"/>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        Free();
        return Take(await _stream.ReadAsync(Data.AsMemory(Length), cancellation).ConfigureAwait(false));
    }

    private Span<byte> Free()
    {
        if (Length == Data.Length)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(2L * Data.Length, _maxBytes + 1));
            Data.CopyTo(larger, 0);
            Data = larger;
        }

        return Data.AsSpan(Length);
    }

    private bool Take(int count)
    {
        Length += count;
        if (Length > _maxBytes)
            throw new TraceFormatException($"it is larger than the {_maxBytes} bytes that are allowed for a trace of this format, which must be held in memory as a whole", _maxBytes);
        return count > 0;
    }
}
