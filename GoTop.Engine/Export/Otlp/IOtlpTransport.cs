using GoTop.Engine.Export.Exporters;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>What a receiver took only in part.</summary>
/// <param name="Rejected">Points or records; it may be 0, when it only warns.</param>
/// <param name="Message">One line, without secrets.</param>
internal sealed record OtlpPartial(long Rejected, string Message)
{
    /// <summary>The number is the receiver's word: what is not a number of things is none.</summary>
    public static OtlpPartial Of(long rejected, string message, ExportHttpSettings receiver) => new(Math.Max(0, rejected), ExportSecrets.Hide(message, receiver.Secrets, 300));
}

/// <summary>How requests come to a receiver: once, with what came of it.</summary>
internal interface IOtlpTransport : IDisposable
{
    /// <returns>Null when all was taken without a word.</returns>
    /// <exception cref="ExportException">It was not taken.</exception>
    Task<OtlpPartial?> SendAsync(ExportMetricsServiceRequest metrics, CancellationToken cancellation);

    /// <inheritdoc cref="SendAsync(ExportMetricsServiceRequest, CancellationToken)"/>
    Task<OtlpPartial?> SendAsync(ExportLogsServiceRequest logs, CancellationToken cancellation);
}
