using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Metrics;

namespace GoTop.Engine.Export.Otlp;

/// <summary>Sends one gauge.</summary>
internal static class OtlpTest
{
    public static async Task<string> RunAsync(OtlpSettings settings, ExporterTrialParts parts, CancellationToken cancellation)
    {
        using IOtlpTransport transport = OtlpExporter.Transport(settings, parts.Time);
        OtlpPartial? partial = await transport.SendAsync(OtlpMetrics.ForTest(ExportedHost.OfThisMachine(), parts.ToolVersion, parts.Time.GetUtcNow()), cancellation).ConfigureAwait(false);
        string how = settings.Protocol == OtlpProtocol.Grpc ? "gRPC" : "HTTP";
        if (partial is { Rejected: > 0 }) throw new ExportException($"{settings.Http.Where} refused the gauge gotop.export.test by {how}: {partial.Message}");
        return $"{settings.Http.Where} took the gauge gotop.export.test by {how}{(partial is null ? "" : $", and says: {partial.Message}")}";
    }
}
