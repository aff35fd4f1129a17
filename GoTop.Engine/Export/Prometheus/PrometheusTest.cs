using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Http;

namespace GoTop.Engine.Export.Prometheus;

/// <summary>Asks for the page that the agent serves, as Prometheus would.</summary>
internal static class PrometheusTest
{
    private const int MostBytes = 64 << 20;

    public static async Task<string> RunAsync(PrometheusEndpointSettings settings, CancellationToken cancellation)
    {
        if (settings.ClientAuthority is not null) throw new ExportException($"{settings.Where} wants a client's certificate, and this command has none: ask with curl --cert");
        IPAddress host = settings.Listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : settings.Listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : settings.Listen.Address;
        Uri url = new($"{(settings.Certificate is null ? "http" : "https")}://{new IPEndPoint(host, settings.Listen.Port)}{PrometheusEndpoint.Path}");
        using SocketsHttpHandler handler = new() { UseProxy = false, AllowAutoRedirect = false };
        // It names no address, so that the very certificate of the settings is what counts.
        if (settings.Certificate is { } file) handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => IsOurs(shown, file);
        using HttpClient client = new(handler) { MaxResponseContentBufferSize = MostBytes };
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Accept.ParseAdd("application/openmetrics-text; version=1.0.0");
        if (settings.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw new ExportException(string.Create(CultureInfo.InvariantCulture, $"{url} answered HTTP {(int)response.StatusCode}"));
            string page = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            int series = page.Split('\n').Count(line => line.Length > 0 && line[0] != '#'), up = page.Split('\n').Count(line => line.StartsWith("gotop_target_up{", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
            return string.Create(CultureInfo.InvariantCulture, $"{url} serves {series} series of {up} targets that are read");
        }
        catch (HttpRequestException failure)
        {
            throw new ExportException($"{url}: {TransportReason.Of(failure).Message}; does gotop agent run?");
        }
    }

    private static bool IsOurs(X509Certificate? shown, string file)
    {
        using X509Certificate2 own = X509CertificateLoader.LoadCertificateFromFile(file);
        return shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(own.RawData);
    }
}
