namespace GoTop.Engine.GoRuntime.Compression;

/// <summary>A stream whose first bytes can be looked at before it is read from its beginning. Forward only; the inner stream stays open.</summary>
internal sealed class PeekedStream(Stream inner) : ForwardStream
{
    private byte[] _peeked = [];
    private int _given;

    /// <summary>The first bytes, fewer than asked for when there are no more. Call before anything is read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        _peeked = new byte[count];
        int length = inner.ReadAtLeast(_peeked, count, throwOnEndOfStream: false);
        Array.Resize(ref _peeked, length);
        return _peeked;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_given == _peeked.Length) return inner.Read(buffer);
        int count = Math.Min(buffer.Length, _peeked.Length - _given);
        _peeked.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }
}
