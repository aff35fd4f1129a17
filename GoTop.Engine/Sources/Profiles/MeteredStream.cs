using GoTop.Engine.GoRuntime.Compression;
using GoTop.Engine.Http;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>
/// An answer's body with its length counted, limited and waited for no longer than is sound. What goes wrong with the
/// connection is told as <see cref="HttpException"/>, so that it is not taken for a trouble of whoever reads it. Reads
/// without waiting (not async) are not for network streams and are refused.
/// </summary>
internal sealed class MeteredStream(Stream inner, HttpPage page, RequestProgress running, Action stillArriving) : ForwardStream
{
    private long _bytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw TransportReason.Of(failure);
        }
        catch (InvalidDataException)
        {
            throw new HttpException(HttpFailure.BadAnswer, $"{page.Title} is not valid gzip");
        }

        running.Bytes = _bytes += read;
        if (_bytes > page.MaxBytes) throw new HttpException(HttpFailure.BadAnswer, $"{page.Title} is longer than {page.MaxBytes / 1024} KB");
        if (read > 0) stillArriving();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("the body is still arriving");
}
