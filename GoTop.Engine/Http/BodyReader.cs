namespace GoTop.Engine.Http;

/// <summary>Reads bodies within their page's limit into one buffer that is used again and again.</summary>
internal sealed class BodyReader
{
    private const int FirstBytes = 16 * 1024;
    private const int KeptBetweenReads = 256 * 1024;

    private byte[] _buffer = [];
    private int _length;

    /// <summary>What of the body has arrived so far, for reasons.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>The memory it holds.</summary>
    public int BufferBytes => _buffer.Length;

    /// <exception cref="HttpException">It is longer than the page may be.</exception>
    public async ValueTask<(ReadOnlyMemory<byte> Kept, bool WasCut)> ReadAsync(Stream body, HttpPage page, CancellationToken cancellation)
    {
        Reset();
        while (true)
        {
            if (_length == _buffer.Length) MakeRoom(page);
            int read = await body.ReadAsync(_buffer.AsMemory(_length), cancellation).ConfigureAwait(false);
            if (read == 0) return (_buffer.AsMemory(0, _length), false);
            _length += read;
            TotalBytes += read;
            if (TotalBytes <= page.MaxBytes) continue;
            if (page.CutAtMax) return (_buffer.AsMemory(0, page.MaxBytes), true);
            throw new HttpException(HttpFailure.BadAnswer, $"{page.Title} is longer than {page.MaxBytes / 1024} KB");
        }
    }

    public void Reset()
    {
        _length = 0;
        TotalBytes = 0;
        if (_buffer.Length > KeptBetweenReads) _buffer = [];
    }

    private void MakeRoom(HttpPage page)
    {
        int keep = page.KeepLastBytes;
        if (keep > 0 && _buffer.Length >= 2 * keep)
        {
            _buffer.AsSpan(_length - keep).CopyTo(_buffer);
            _length = keep;
        }
        else
        {
            Array.Resize(ref _buffer, Math.Max(FirstBytes, _buffer.Length * 2));
        }
    }
}
