using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Http;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>Asks one engine, one question at a time.</summary>
internal sealed class PromClient : IDisposable
{
    /// <summary>Of 10,000 targets all levels take some 40 MB.</summary>
    public const int MaxBytes = 128 * 1024 * 1024;

    private readonly HttpExchange _exchange;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly PromAnswerReader _reader = new();

    /// <exception cref="HttpException">The settings cannot be used.</exception>
    public PromClient(PrometheusSettings settings, TimeProvider time, HttpMessageHandler? handler = null)
    {
        Uri url = settings.Url.AbsoluteUri.EndsWith('/') ? settings.Url : new Uri(settings.Url.AbsoluteUri + "/");
        _exchange = new HttpExchange(
            url, handler ?? HttpTransport.CreateHandler(url, settings.Http, anyCertificate: false), HttpTransport.Authorization(settings.Http), time,
            headers: settings.Tenant is { } tenant ? [new("X-Scope-OrgID", tenant)] : []);
        _timeout = settings.Http.Timeout;
        _time = time;
    }

    /// <inheritdoc cref="PromAnswerReader.LeftOut"/>
    public int LeftOut => _reader.LeftOut;

    /// <summary>The values now.</summary>
    /// <inheritdoc cref="PromAnswerReader.Read" path="/returns"/>
    /// <exception cref="HttpException"></exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public ValueTask<int> QueryAsync(string query, Action<PromSeries> take, CancellationToken cancellation) =>
        AskAsync($"api/v1/query?query={Uri.EscapeDataString(query)}", take, cancellation);

    /// <summary>The values at equal steps.</summary>
    /// <inheritdoc cref="QueryAsync"/>
    public ValueTask<int> RangeAsync(string query, DateTimeOffset from, DateTimeOffset to, TimeSpan step, Action<PromSeries> take, CancellationToken cancellation) =>
        AskAsync(
            string.Create(CultureInfo.InvariantCulture, $"api/v1/query_range?query={Uri.EscapeDataString(query)}&start={from.ToUnixTimeSeconds()}&end={to.ToUnixTimeSeconds()}&step={step.TotalSeconds:0}"),
            take, cancellation);

    public void Dispose() => _exchange.Dispose();

    private async ValueTask<int> AskAsync(string path, Action<PromSeries> take, CancellationToken cancellation)
    {
        HttpPage page = new(path, "application/json", MaxBytes) { Name = "a query", QuotesErrors = true };
        using CancellationTokenSource whole = new(_timeout, _time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, cancellation);
        try
        {
            PageBody body = await _exchange.GetAsync(page, any.Token).ConfigureAwait(false);
            return _reader.Read(body.Kept.Span, take);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpException(HttpFailure.Late, $"{_exchange.Progress()} within {_timeout.TotalSeconds:0.#} s");
        }
    }
}
