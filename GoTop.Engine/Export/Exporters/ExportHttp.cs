using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using GoTop.Engine.Http;

namespace GoTop.Engine.Export.Exporters;

/// <summary>Posts to a receiver and says what came of it. No redirects: headers and bodies are for one server.</summary>
/// <param name="isTransient">Of a status: whether the same may be taken later.</param>
internal sealed class ExportHttp(ExportHttpSettings settings, TimeProvider time, Func<int, bool> isTransient) : IDisposable
{
    private const int MostOfAnswer = 64 << 10;
    private const int MostOfMessage = 300;

    private HttpClient? _client;

    /// <param name="isCompressed">The body is gzip.</param>
    /// <returns>Status and the beginning of the answer.</returns>
    /// <exception cref="ExportException">No answer in time, or one that is not 2xx. No secret is in it.</exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public async Task<(int Status, byte[] Answer)> PostAsync(Uri url, byte[] body, string contentType, bool isCompressed, Action<HttpRequestHeaders> headers, CancellationToken cancellation)
    {
        using CancellationTokenSource late = new(settings.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (isCompressed) request.Content.Headers.ContentEncoding.Add("gzip");
        foreach ((string name, string value) in settings.Headers) request.Headers.TryAddWithoutValidation(name, value);
        headers(request.Headers);
        try
        {
            using HttpResponseMessage response = await Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            byte[] answer = await HttpAnswer.BeginningAsync(response, MostOfAnswer, either.Token).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode) return (status, answer);
            string text = response.Content.Headers.ContentType?.MediaType == "application/x-protobuf" ? "" : ExportSecrets.Hide(Encoding.UTF8.GetString(answer), settings.Secrets, 200).Trim();
            throw Told($"{url.Host} answered HTTP {status.ToString(CultureInfo.InvariantCulture)}{(text.Length == 0 ? "" : $": {text}")}", isTransient(status), HttpAnswer.RetryAfter(response, time.GetUtcNow()), status);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Told($"{url.Host}: {TransportReason.Of(failure).Message}", transient: true, null, null);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw Told(string.Create(CultureInfo.InvariantCulture, $"{url.Host}: no answer within {settings.Timeout.TotalSeconds:0.#} s"), transient: true, null, null);
        }
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Made when it is first needed: a certificate file that is gone is a failure to send, not one to start.</summary>
    private HttpClient Client()
    {
        if (_client is not null) return _client;
        try
        {
            _client = new HttpClient(HttpTransport.CreateHandler(settings.Url, settings.Tls, anyCertificate: false)) { Timeout = Timeout.InfiniteTimeSpan };
            _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("GoTop", null));
            return _client;
        }
        catch (HttpException wrong)
        {
            throw new ExportException(wrong.Message) { IsTransient = true };
        }
    }

    private ExportException Told(string message, bool transient, TimeSpan? retryAfter, int? status) =>
        new(ExportSecrets.Hide(message, settings.Secrets, MostOfMessage)) { IsTransient = transient, RetryAfter = retryAfter, Status = status };
}
