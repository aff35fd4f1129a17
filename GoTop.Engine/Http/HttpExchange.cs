using System.Collections.Immutable;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace GoTop.Engine.Http;

/// <summary>
/// One request and its answer, checked: redirects, status, type, encoding, size. One at a time.
/// </summary>
/// <param name="baseUrl">What the paths of pages are relative to.</param>
/// <param name="handler">Disposed with this.</param>
/// <param name="sharesHandler">It is not: others send by it as well.</param>
/// <param name="headers">More headers for each request.</param>
internal sealed class HttpExchange(
    Uri baseUrl, HttpMessageHandler handler, AuthenticationHeaderValue? authorization, TimeProvider time, int maxRedirects = 3, bool sharesHandler = false,
    ImmutableArray<KeyValuePair<string, string>> headers = default) : IDisposable
{
    private const int ErrorTextBytes = 512;

    // crypto/tls's server answers plain HTTP with this text.
    private const string WantsTlsText = "HTTP request to an HTTPS server";

    // Without HttpClient's own buffering, time limit and default headers.
    private readonly HttpMessageInvoker _http = new(handler, disposeHandler: !sharesHandler);
    private readonly BodyReader _body = new();
    private bool _isAnswering;

    /// <exception cref="HttpException">Anything but the page.</exception>
    /// <exception cref="OperationCanceledException"></exception>
    public async ValueTask<PageBody> GetAsync(HttpPage page, CancellationToken cancellation)
    {
        _body.Reset();
        _isAnswering = false;
        long start = time.GetTimestamp();
        try
        {
            using HttpResponseMessage response = await FollowAsync(page, cancellation).ConfigureAwait(false);
            _isAnswering = true;
            await RequireSuccessAsync(response, page, cancellation).ConfigureAwait(false);
            RequireType(response, page);
            Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                (ReadOnlyMemory<byte> kept, bool wasCut) = await ReadAsync(response, body, page, cancellation).ConfigureAwait(false);
                return new PageBody(kept, _body.TotalBytes, wasCut, time.GetElapsedTime(start));
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw TransportReason.Of(failure);
        }
        catch (InvalidDataException)
        {
            throw new HttpException(HttpFailure.BadAnswer, $"{page.Title} is not valid gzip");
        }
    }

    /// <summary>The body as it arrives, in place of all of it. The one who reads it limits it.</summary>
    /// <exception cref="HttpException">Anything but the page.</exception>
    /// <exception cref="OperationCanceledException"></exception>
    public async ValueTask<ArrivingAnswer> OpenAsync(HttpPage page, CancellationToken cancellation)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await FollowAsync(page, cancellation).ConfigureAwait(false);
            await RequireSuccessAsync(response, page, cancellation).ConfigureAwait(false);
            RequireType(response, page);
            Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            ArrivingAnswer answer = new(response, Decoded(response, body, page));
            response = null;
            return answer;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw TransportReason.Of(failure);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>How far the exchange that was just cancelled had come.</summary>
    public string Progress() => _isAnswering ? $"the answer was not complete ({_body.TotalBytes} bytes)" : "no answer";

    public void Dispose() => _http.Dispose();

    private async ValueTask<HttpResponseMessage> FollowAsync(HttpPage page, CancellationToken cancellation)
    {
        Uri url = new(baseUrl, page.Path);
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.Authorization = authorization;
            request.Headers.TryAddWithoutValidation("Accept-Encoding", page.IsProfile || page.IsWantedPlain ? "identity" : "gzip");
            request.Headers.TryAddWithoutValidation("User-Agent", "gotop");
            if (page.Accept is { } accept) request.Headers.TryAddWithoutValidation("Accept", accept);
            foreach ((string name, string value) in headers.IsDefault ? [] : headers) request.Headers.TryAddWithoutValidation(name, value);
            HttpResponseMessage response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response)
            {
                if (redirects == maxRedirects) throw new HttpException(HttpFailure.BadAnswer, $"more than {maxRedirects} redirects");
                url = Redirected(url, response.Headers.Location);
            }
        }
    }

    // Credentials go along, so only to where they were meant for: the same host and port, or its step up to HTTPS.
    private static Uri Redirected(Uri from, Uri? location)
    {
        if (location is null) throw new HttpException(HttpFailure.BadAnswer, "a redirect that does not say where to");
        if (!Uri.TryCreate(from, location, out Uri? to)) throw new HttpException(HttpFailure.BadAnswer, "a redirect to something that is no URL");
        bool samePlace = to.Scheme == from.Scheme && to.Port == from.Port;
        bool stepUp = from.Scheme == Uri.UriSchemeHttp && to.Scheme == Uri.UriSchemeHttps && (to.Port == from.Port || (from.IsDefaultPort && to.IsDefaultPort));
        return string.Equals(to.IdnHost, from.IdnHost, StringComparison.OrdinalIgnoreCase) && (samePlace || stepUp) && to.UserInfo.Length == 0
            ? to
            : throw new HttpException(HttpFailure.BadAnswer, $"a redirect to another place ({HttpException.Quote(to.Scheme)}://{HttpException.Quote(to.Authority)}), which is not followed");
    }

    private async ValueTask RequireSuccessAsync(HttpResponseMessage response, HttpPage page, CancellationToken cancellation)
    {
        int status = (int)response.StatusCode;
        if (status == 200) return;
        string said = $"{status} {HttpException.Quote(response.ReasonPhrase)}".TrimEnd();
        string text = page.IsProfile || page.QuotesErrors || status == 400 ? await TextAsync(response, cancellation).ConfigureAwait(false) : "";
        string why = (page.IsProfile || page.QuotesErrors) && HttpException.Quote(text.Trim()) is { Length: > 0 } quote ? $": {quote}" : "";
        throw status switch
        {
            401 or 407 => new HttpException(HttpFailure.Denied, $"{said}: {(authorization is null ? "set the target's user and password, or its token" : "the target's user and password, or its token, are not accepted")}"),
            403 => new HttpException(HttpFailure.Denied, said),
            400 when text.Contains(WantsTlsText, StringComparison.OrdinalIgnoreCase) => new HttpException(HttpFailure.WantsTls, "the port speaks HTTPS: begin the URL with https://"),
            400 when page.IsProfile && text.Contains("WriteTimeout", StringComparison.Ordinal) => new HttpException(HttpFailure.TooLong, $"{said} for {page.Title}{why}"),
            500 when page.IsProfile && IsInUse(text) => new HttpException(HttpFailure.InUse, $"{said} for {page.Title}{why}"),
            >= 400 and < 500 => new HttpException(HttpFailure.NotThere, $"{said} for {page.Title}{why}"),
            >= 500 and < 600 => new HttpException(HttpFailure.ServerError, $"{said} for {page.Title}{why}"),
            _ => new HttpException(HttpFailure.BadAnswer, $"{said} for {page.Title}"),
        };
    }

    // "cpu profiling already in use"; "tracing is already enabled", since Go 1.25 "execution tracer already enabled".
    private static bool IsInUse(string text) =>
        text.Contains("already in use", StringComparison.Ordinal) || text.Contains("already enabled", StringComparison.Ordinal);

    /// <summary>The beginning of what an error's body says.</summary>
    private static async ValueTask<string> TextAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        byte[] text = new byte[ErrorTextBytes];
        Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            int length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return Encoding.UTF8.GetString(text, 0, length);
        }
    }

    private static void RequireType(HttpResponseMessage response, HttpPage page)
    {
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (string.Equals(type, page.MediaType, StringComparison.OrdinalIgnoreCase) || (type is not null && page.OtherMediaTypes.Contains(type, StringComparer.OrdinalIgnoreCase))) return;
        throw new HttpException(HttpFailure.BadAnswer, $"{page.Title} is {(type is null ? "of no stated type" : HttpException.Quote(type))}, not {page.MediaType}");
    }

    private async ValueTask<(ReadOnlyMemory<byte> Kept, bool WasCut)> ReadAsync(
        HttpResponseMessage response, Stream body, HttpPage page, CancellationToken cancellation)
    {
        Stream plain = Decoded(response, body, page);
        if (ReferenceEquals(plain, body)) return await _body.ReadAsync(body, page, cancellation).ConfigureAwait(false);
        await using (plain.ConfigureAwait(false))
        {
            return await _body.ReadAsync(plain, page, cancellation).ConfigureAwait(false);
        }
    }

    private static Stream Decoded(HttpResponseMessage response, Stream body, HttpPage page)
    {
        string encoding = string.Join(',', response.Content.Headers.ContentEncoding).ToLowerInvariant();
        return encoding switch
        {
            "" or "identity" => body,
            "gzip" or "x-gzip" => new GZipStream(new LimitedStream(body, page), CompressionMode.Decompress),
            _ => throw new HttpException(HttpFailure.BadAnswer, $"{page.Title} is encoded as {HttpException.Quote(encoding)}, which was not asked for"),
        };
    }
}
