using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Http;

namespace GoTop.Engine.Sources.Metrics;

/// <summary>Reads one page of metrics as it arrives: nothing of it is kept but what is wanted. Not for use by two tasks at once.</summary>
internal sealed class MetricsClient : IDisposable
{
    /// <summary>A page longer than this is refused: it would cost the service more than it tells us.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    private readonly HttpExchange _exchange;
    private readonly HttpPage _page;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[32 * 1024];

    /// <param name="handler">Disposed with this.</param>
    /// <param name="follows">Redirects are followed: for an address that somebody gave.</param>
    /// <exception cref="HttpException">The settings' credentials cannot be sent.</exception>
    public MetricsClient(Uri url, HttpSettings settings, TimeProvider time, HttpMessageHandler handler, bool follows)
    {
        Url = url;
        _exchange = new HttpExchange(url, handler, HttpTransport.Authorization(settings), time, follows ? 3 : 0);
        _page = Page(url.AbsolutePath);
        _timeout = settings.Timeout;
        _time = time;
    }

    public Uri Url { get; }

    /// <summary>Both text formats: Go's exporters give OpenMetrics when asked for it, others know the older one only.</summary>
    public static HttpPage Page(string name) => new("", "text/plain", MaxBytes)
    {
        Name = name,
        OtherMediaTypes = ["application/openmetrics-text"],
        Accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
    };

    /// <exception cref="HttpException">The page could not be had, or is none of metrics.</exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public async ValueTask<MetricsPage> ReadAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource silence = new(_timeout, _time), whole = new(LongestAnswer, _time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, whole.Token, cancellation);
        long start = _time.GetTimestamp(), bytes = 0;
        try
        {
            ArrivingAnswer answer = await _exchange.OpenAsync(_page, any.Token).ConfigureAwait(false);
            await using (answer.ConfigureAwait(false))
            {
                ServiceMetricsReader read = new();
                ExpositionParser parser = new(read);
                while (true)
                {
                    int length = await answer.Body.ReadAsync(_buffer, any.Token).ConfigureAwait(false);
                    if (length == 0) break;
                    bytes += length;
                    if (bytes > MaxBytes) throw new HttpException(HttpFailure.BadAnswer, $"{_page.Title} is longer than {MaxBytes >> 20} MB");
                    if (!parser.Push(_buffer.AsSpan(0, length))) break;
                    silence.CancelAfter(_timeout);
                }

                if (parser.Finish() is { } error) throw new HttpException(HttpFailure.BadAnswer, $"{_page.Title} is no page of Prometheus metrics: {error}");
                if (parser.Samples == 0) throw new HttpException(HttpFailure.BadAnswer, $"{_page.Title} has no metric");
                return new MetricsPage(read, _page.Title, bytes, parser.Samples, _time.GetElapsedTime(start));
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpException(HttpFailure.Late, $"{(bytes == 0 ? "no answer" : $"the answer was not complete ({bytes} bytes)")} within {_time.GetElapsedTime(start).TotalMilliseconds:0} ms");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw TransportReason.Of(failure);
        }
        catch (InvalidDataException)
        {
            throw new HttpException(HttpFailure.BadAnswer, $"{_page.Title} is not valid gzip");
        }
    }

    public void Dispose() => _exchange.Dispose();
}

/// <param name="Title">As reasons name it: <c>/metrics</c>.</param>
/// <param name="Took">From sending the request to the end of the answer.</param>
internal sealed record MetricsPage(ServiceMetricsReader Read, string Title, long Bytes, long Samples, TimeSpan Took);
