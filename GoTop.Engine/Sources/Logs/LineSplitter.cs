namespace GoTop.Engine.Sources.Logs;

/// <summary>Takes lines as bytes of UTF-8, without their ends. They stand only until the call returns.</summary>
internal interface ILineSink
{
    void Take(ReadOnlySpan<byte> line);
}

/// <summary>
/// Cuts a stream of bytes into lines, keeping an unfinished one until the rest of it arrives. Of a line only its beginning is
/// kept, however long it is.
/// </summary>
/// <param name="mostBytes">Kept of a line.</param>
internal sealed class LineSplitter(int mostBytes = LineSplitter.MostBytes)
{
    /// <summary>Room for the characters of a line in UTF-8, and for colours that are stripped.</summary>
    public const int MostBytes = Model.LogLine.MostChars * 8;

    private readonly byte[] _unfinished = new byte[mostBytes];
    private int _length;
    private bool _hasUnfinished;
    private bool _skips;

    /// <summary>Passes over what comes before the next line end: reading begins within a line.</summary>
    public void SkipToNextLine() => _skips = true;

    /// <summary>Hands on the lines that these bytes end.</summary>
    public void Add(ReadOnlySpan<byte> bytes, ILineSink sink)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> part = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (_skips)
            {
                _skips = end < 0;
                continue;
            }

            if (end >= 0 && !_hasUnfinished)
            {
                // Most lines come whole, and are not copied.
                sink.Take(part[..Math.Min(part.Length, mostBytes)].TrimEnd((byte)'\r'));
                continue;
            }

            Keep(part);
            if (end >= 0) Flush(sink);
        }
    }

    /// <summary>Ends a line that will not be finished, as its file was replaced.</summary>
    public void End(ILineSink sink)
    {
        if (_hasUnfinished) Flush(sink);
        _skips = false;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        int taken = Math.Min(part.Length, mostBytes - _length);
        part[..taken].CopyTo(_unfinished.AsSpan(_length));
        _length += taken;
        _hasUnfinished |= !part.IsEmpty;
    }

    private void Flush(ILineSink sink)
    {
        sink.Take(_unfinished.AsSpan(0, _length).TrimEnd((byte)'\r'));
        _length = 0;
        _hasUnfinished = false;
    }
}
