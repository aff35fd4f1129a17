using GoTop.Engine.Config;
using GoTop.Engine.Http;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>
/// Asks one service for its pprof pages, with a time limit on every try, retries and a circuit breaker for each page.
/// Not for use by two tasks at once.
/// </summary>
public sealed class PprofClient : IDisposable
{
    private readonly HttpExchange _exchange;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    // One for each page: a broken /debug/vars must not keep us from the index.
    private readonly Dictionary<HttpPage, PprofPipeline> _pipelines = [];

    /// <param name="baseUrl">Ends in <c>/debug/pprof/</c>, as <see cref="PprofUrl"/> makes it.</param>
    /// <param name="handler">Disposed with this.</param>
    /// <exception cref="HttpException">The settings' credentials cannot be sent.</exception>
    public PprofClient(Uri baseUrl, HttpSettings settings, TimeProvider time, HttpMessageHandler handler)
    {
        BaseUrl = baseUrl;
        _exchange = new HttpExchange(baseUrl, handler, HttpTransport.Authorization(settings), time);
        _timeout = settings.Timeout;
        _time = time;
    }

    public Uri BaseUrl { get; }

    /// <summary>Connects as the settings say.</summary>
    /// <exception cref="HttpException">The settings cannot be used.</exception>
    public static PprofClient Create(PprofPlace place, HttpSettings settings, TimeProvider time) => new(place.BaseUrl, settings, time, CreateHandler(place, settings));

    /// <exception cref="HttpException">The settings cannot be used.</exception>
    internal static HttpMessageHandler CreateHandler(PprofPlace place, HttpSettings settings)
    {
        bool sendsCredentials = settings.User is not null || settings.Password is not null || settings.BearerToken is not null || settings.ClientCertificate is not null;
        bool anyCertificate = place.FoundByProbe && !sendsCredentials && settings.CertificateAuthority is null;
        return HttpTransport.CreateHandler(place.BaseUrl, settings, anyCertificate);
    }

    /// <param name="deadline">When all tries together must have ended.</param>
    /// <exception cref="HttpException">The page could not be had; the message says why, without the address.</exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public ValueTask<PageBody> GetAsync(HttpPage page, CancellationToken deadline, CancellationToken cancellation)
    {
        if (!_pipelines.TryGetValue(page, out PprofPipeline? pipeline)) _pipelines[page] = pipeline = new PprofPipeline(_time);
        return pipeline.ExecuteAsync(token => TryAsync(page, token, cancellation), deadline, cancellation);
    }

    public void Dispose() => _exchange.Dispose();

    private async ValueTask<PageBody> TryAsync(HttpPage page, CancellationToken deadlineOrCancellation, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = new(_timeout, _time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(deadlineOrCancellation, timeout.Token);
        long start = _time.GetTimestamp();
        try
        {
            return await _exchange.GetAsync(page, any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpException(HttpFailure.Late, $"{_exchange.Progress()} within {_time.GetElapsedTime(start).TotalMilliseconds:0} ms");
        }
    }
}

/// <summary>Where a target's pprof pages are.</summary>
/// <param name="BaseUrl">Ends in <c>/debug/pprof/</c>.</param>
/// <param name="FoundByProbe">
/// Not from the configuration: <see cref="PprofProbe"/> found it on this machine and the service there gave the
/// process's own argument vector. Its TLS certificate is then not validated as long as no credentials are sent.
/// </param>
public sealed record PprofPlace(Uri BaseUrl, bool FoundByProbe);
