namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>A stream's lines through one buffer. A line too long to be kept is cut, and its rest passed over.</summary>
internal sealed class LineBuffer(Stream stream, CancellationToken cancellation)
{
    private const int BufferBytes = 4 * DumpLimits.LineBytes;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _taken;
    private bool _ended;

    /// <summary>What is in the buffer and not yet read; it may end inside a line.</summary>
    public ReadOnlySpan<byte> Text => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Bytes read so far.</summary>
    public long Offset => _taken + _start;

    /// <summary>The last line read had no line end: the text ends there.</summary>
    public bool EndsInsideLine { get; private set; }

    public void Advance(int bytes) => _start += bytes;

    /// <param name="line">Without its line end, valid until the next call.</param>
    /// <param name="cut">It was longer than <see cref="DumpLimits.LineBytes"/>.</param>
    /// <returns>False at the end of the text.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool cut)
    {
        int length = Text.IndexOf((byte)'\n');
        while (length < 0 && !_ended)
        {
            int seen = _end - _start;
            if (seen >= DumpLimits.LineBytes) return ReadLong(out line, out cut);
            Fill();
            length = Text[seen..].IndexOf((byte)'\n');
            if (length >= 0) length += seen;
        }

        cut = false;
        line = default;
        if (length < 0)
        {
            if (_start == _end) return false;
            EndsInsideLine = true;
            length = _end - _start;
        }

        line = _buffer.AsSpan(_start, length);
        _start = Math.Min(_end, _start + length + 1);
        if (line.Length > DumpLimits.LineBytes)
        {
            line = line[..DumpLimits.LineBytes];
            cut = true;
        }
        else if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        return true;
    }

    // The line's beginning moves to the front of the buffer and stays there while its rest passes through behind it.
    private bool ReadLong(out ReadOnlySpan<byte> line, out bool cut)
    {
        _buffer.AsSpan(_start, DumpLimits.LineBytes).CopyTo(_buffer);
        _taken += _start;
        int kept = DumpLimits.LineBytes;
        int length = _end - _start;
        _start = 0;
        // What followed the beginning is part of the same line: there was no line end in the buffer.
        _taken += length - kept;
        _end = kept;
        cut = true;
        line = _buffer.AsSpan(0, kept);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = stream.Read(_buffer, kept, _buffer.Length - kept);
            if (read == 0)
            {
                _ended = true;
                _start = _end = kept;
                EndsInsideLine = true;
                return true;
            }

            int end = _buffer.AsSpan(kept, read).IndexOf((byte)'\n');
            if (end < 0)
            {
                _taken += read;
                continue;
            }

            _start = kept + end + 1;
            _end = kept + read;
            return true;
        }
    }

    private void Fill()
    {
        cancellation.ThrowIfCancellationRequested();
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _taken += _start;
            _end -= _start;
            _start = 0;
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
    }
}
