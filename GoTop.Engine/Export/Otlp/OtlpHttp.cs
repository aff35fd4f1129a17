using Google.Protobuf;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Http;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>OTLP/HTTP with binary protobuf: https://opentelemetry.io/docs/specs/otlp/#otlphttp.</summary>
internal sealed class OtlpHttp(OtlpSettings settings, TimeProvider time) : IOtlpTransport
{
    private const string Protobuf = "application/x-protobuf";

    /// <summary>The specification's statuses that may be tried again.</summary>
    private readonly ExportHttp _http = new(settings.Http, time, status => status is 429 or 502 or 503 or 504);

    public async Task<OtlpPartial?> SendAsync(ExportMetricsServiceRequest metrics, CancellationToken cancellation)
    {
        ExportMetricsPartialSuccess? partial = Parse(ExportMetricsServiceResponse.Parser, await PostAsync("v1/metrics", metrics, cancellation).ConfigureAwait(false))?.PartialSuccess;
        return partial is { RejectedDataPoints: 0, ErrorMessage: "" } or null ? null : OtlpPartial.Of(partial.RejectedDataPoints, partial.ErrorMessage, settings.Http);
    }

    public async Task<OtlpPartial?> SendAsync(ExportLogsServiceRequest logs, CancellationToken cancellation)
    {
        ExportLogsPartialSuccess? partial = Parse(ExportLogsServiceResponse.Parser, await PostAsync("v1/logs", logs, cancellation).ConfigureAwait(false))?.PartialSuccess;
        return partial is { RejectedLogRecords: 0, ErrorMessage: "" } or null ? null : OtlpPartial.Of(partial.RejectedLogRecords, partial.ErrorMessage, settings.Http);
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> PostAsync(string path, IMessage message, CancellationToken cancellation)
    {
        byte[] body = message.ToByteArray();
        Uri url = new($"{settings.Http.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}{settings.Http.Url.Query}");
        (_, byte[] answer) = await _http.PostAsync(url, settings.Compress ? GzipBytes.Pack(body) : body, Protobuf, settings.Compress, _ => { }, cancellation).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Not every receiver answers with the message it should: that it took all is told by its status.</summary>
    private static T? Parse<T>(MessageParser<T> parser, byte[] answer)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(answer);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
