using System.Globalization;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Http;

namespace GoTop.Engine.Export.Push;

/// <summary>Posts one document without figures, marked as a test.</summary>
internal static class PushTest
{
    public static async Task<string> RunAsync(PushSettings settings, ExporterTrialParts parts, CancellationToken cancellation)
    {
        using PushSender sender = new(settings, parts.Time);
        ExportedHost host = ExportedHost.OfThisMachine();
        DateTimeOffset now = parts.Time.GetUtcNow();
        PushDocument document = PushDocument.ForTest(host, parts.ToolVersion, string.Create(CultureInfo.InvariantCulture, $"{host.Name}-{now.ToUnixTimeMilliseconds()}-test"), now);
        int status = await sender.SendAsync(GzipBytes.Pack(document.ToUtf8()), cancellation).ConfigureAwait(false);
        return string.Create(CultureInfo.InvariantCulture, $"{settings.Http.Where} took a test document: HTTP {status}");
    }
}
