using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>Sends a request of a channel and says what came of it. It follows no redirect: headers and bodies are for one server.</summary>
internal sealed class HttpSender : IDisposable
{
    private const int MostOfAnswer = 2048;

    private readonly Uri _url;
    private readonly TimeProvider _time;
    private readonly string? _authority;
    private HttpClient? _client;

    public HttpSender(Uri url, TimeProvider time, string? authority = null) => (_url, _time, _authority) = (url, time, authority);

    /// <returns>Status and the beginning of the answer.</returns>
    /// <exception cref="ChannelException">No answer, or one that is not 2xx.</exception>
    public async Task<string> PostAsync(byte[] body, string contentType, Action<HttpRequestHeaders> headers, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        headers(request.Headers);
        try
        {
            using HttpResponseMessage response = await Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            byte[] beginning = await HttpAnswer.BeginningAsync(response, MostOfAnswer, cancellation).ConfigureAwait(false);
            string told = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}{Told(beginning)}");
            if (response.IsSuccessStatusCode) return told;
            throw new ChannelException($"{_url.Host} answered {told}", IsTransient(response.StatusCode)) { RetryAfter = HttpAnswer.RetryAfter(response, _time.GetUtcNow()) };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new ChannelException($"{_url.Host}: {TransportReason.Of(failure).Message}", isTransient: true);
        }
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Made when it is first needed: a certificate file that is gone is a failure to send, not one to start.</summary>
    private HttpClient Client()
    {
        if (_client is not null) return _client;
        try
        {
            // The deadline is the caller's.
            _client = new HttpClient(HttpTransport.CreateHandler(_url, new HttpSettings { CertificateAuthority = _authority }, anyCertificate: false)) { Timeout = Timeout.InfiniteTimeSpan };
            _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("GoTop", null));
            return _client;
        }
        catch (HttpException wrong)
        {
            throw new ChannelException(wrong.Message, isTransient: false);
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status is 425 or >= 500;

    private static string Told(byte[] answer)
    {
        string text = PlainText.Clean(Encoding.UTF8.GetString(answer), 200).Trim();
        return text.Length == 0 ? "" : $": {text}";
    }
}
