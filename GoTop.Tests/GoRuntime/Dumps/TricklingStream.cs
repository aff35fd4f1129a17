namespace GoTop.Tests.GoRuntime.Dumps;

/// <summary>Gives at most so many bytes at a time, as a network does; and repeats its text if asked to.</summary>
internal sealed class TricklingStream(byte[] text, int most, int times = 1) : Stream
{
    private int _at;
    private int _time;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_at == text.Length && _time + 1 < times)
        {
            _at = 0;
            _time++;
        }

        int read = Math.Min(Math.Min(buffer.Length, most), text.Length - _at);
        text.AsSpan(_at, read).CopyTo(buffer);
        _at += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
