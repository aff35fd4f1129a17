using System.Globalization;
using System.Net;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Http;

namespace GoTop.Engine.Control.Watchdog.Checks;

/// <summary>A page answers, with a status and a text that are expected. Each look makes a connection of its own, as a new client does.</summary>
internal sealed class HttpCheck(WatchdogSettings settings, TimeProvider time) : IHealthCheck
{
    public const string Name = "http";

    /// <summary>The expected text has to stand at the beginning of the answer.</summary>
    private const int MostBytes = 64 * 1024;

    public async Task<CheckResult> LookAsync(CheckSubject subject, CancellationToken cancellation)
    {
        Uri url = settings.Http!;
        using CancellationTokenSource limit = new(settings.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            HttpSettings http = subject.Target.Settings.Http;
            using HttpMessageInvoker client = new(HttpTransport.CreateHandler(url, http, anyCertificate: false));
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.Authorization = HttpTransport.Authorization(http);
            request.Headers.ConnectionClose = true;
            using HttpResponseMessage answer = await client.SendAsync(request, either.Token).ConfigureAwait(false);
            string status = string.Create(CultureInfo.InvariantCulture, $"answers {(int)answer.StatusCode}");
            if (!IsExpected(answer.StatusCode)) return CheckResult.Of(Name, false, $"{Shown(url)} {status}, not {Expected()}");
            if (settings.HttpBody is { } text && !await HoldsAsync(answer, text, either.Token).ConfigureAwait(false)) return CheckResult.Of(Name, false, $"{Shown(url)} {status} without \"{text}\"");
            return CheckResult.Of(Name, true, status);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return CheckResult.Of(Name, false, $"{Shown(url)} has not answered within {DurationText.Format(settings.Timeout)}");
        }
        catch (HttpException mistaken)
        {
            return CheckResult.Unknown(Name, mistaken.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return CheckResult.Of(Name, false, $"{Shown(url)}: {failure.Message}");
        }
    }

    private bool IsExpected(HttpStatusCode status) => settings.HttpStatus.IsEmpty ? (int)status is >= 200 and < 400 : settings.HttpStatus.Contains((int)status);

    private string Expected() => settings.HttpStatus.IsEmpty ? "200 to 399" : string.Join(" or ", settings.HttpStatus.Select(status => status.ToString(CultureInfo.InvariantCulture)));

    private static async Task<bool> HoldsAsync(HttpResponseMessage answer, string text, CancellationToken cancellation)
    {
        Stream body = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] bytes = new byte[MostBytes];
            int length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return bytes.AsSpan(0, length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
    }

    /// <summary>A query may hold a key.</summary>
    private static string Shown(Uri url) => url.GetLeftPart(UriPartial.Path);
}
