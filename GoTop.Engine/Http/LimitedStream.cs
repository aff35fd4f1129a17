using GoTop.Engine.GoRuntime.Compression;

namespace GoTop.Engine.Http;

/// <summary>
/// Passes at most a number of bytes through: under a decompressor, which may swallow any amount of input for no output.
/// </summary>
internal sealed class LimitedStream(Stream inner, HttpPage page) : ForwardStream
{
    private long _left = page.MaxBytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    private int Count(int read)
    {
        _left -= read;
        return _left >= 0 ? read : throw new HttpException(HttpFailure.BadAnswer, $"{page.Title} is longer than {page.MaxBytes / 1024} KB even compressed");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
