using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>What a receiver took only in part.</summary>
/// <param name="Rejected">Points or records; it may be 0, when it only warns.</param>
internal sealed record OtlpPartial(long Rejected, string Message);

/// <summary>How requests come to a receiver: once, with what came of it.</summary>
internal interface IOtlpTransport : IDisposable
{
    /// <returns>Null when all was taken without a word.</returns>
    /// <exception cref="Exporters.ExportException">It was not taken.</exception>
    Task<OtlpPartial?> SendAsync(ExportMetricsServiceRequest metrics, CancellationToken cancellation);

    /// <inheritdoc cref="SendAsync(ExportMetricsServiceRequest, CancellationToken)"/>
    Task<OtlpPartial?> SendAsync(ExportLogsServiceRequest logs, CancellationToken cancellation);
}
