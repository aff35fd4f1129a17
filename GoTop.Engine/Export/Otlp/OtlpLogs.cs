using Google.Protobuf;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>A log line and whose it is.</summary>
internal sealed record OtlpLogLine(Resource Resource, LogEntry Entry);

/// <summary>Log lines as OpenTelemetry's records: https://opentelemetry.io/docs/specs/otel/logs/data-model/.</summary>
internal static class OtlpLogs
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    public static ExportLogsServiceRequest Of(IEnumerable<OtlpLogLine> lines, string toolVersion)
    {
        ExportLogsServiceRequest request = new();
        // Lines of one life of a target share their resource.
        foreach (IGrouping<object, OtlpLogLine> one in lines.GroupBy<OtlpLogLine, object>(line => line.Resource, ReferenceEqualityComparer.Instance))
        {
            ScopeLogs scope = new() { Scope = OtlpResources.Scope(toolVersion) };
            scope.LogRecords.AddRange(one.Select(line => Of(line.Entry)));
            ResourceLogs logs = new() { Resource = (Resource)one.Key };
            logs.ScopeLogs.Add(scope);
            request.ResourceLogs.Add(logs);
        }

        return request;
    }

    public static LogRecord Of(LogEntry entry)
    {
        LogRecord record = new()
        {
            TimeUnixNano = OtlpMetrics.Nanoseconds(entry.OwnTime ?? entry.Line.Time),
            ObservedTimeUnixNano = OtlpMetrics.Nanoseconds(entry.Line.Time),
            SeverityNumber = Severity(entry.Level),
            SeverityText = entry.Level.Name(),
            Body = new AnyValue { StringValue = entry.Message },
        };
        record.Attributes.Add(Path.IsPathRooted(entry.Line.Origin) ? OtlpResources.Attribute("log.file.path", entry.Line.Origin) : OtlpResources.Attribute("gotop.log.origin", entry.Line.Origin));
        if (!entry.IsStructured) return record;
        foreach (LogField field in entry.Fields)
        {
            if (record.TraceId.IsEmpty && field.Key is "trace_id" or "traceId" or "traceID" && Id(field.Value, TraceIdBytes) is { } trace) record.TraceId = trace;
            else if (record.SpanId.IsEmpty && field.Key is "span_id" or "spanId" or "spanID" && Id(field.Value, SpanIdBytes) is { } span) record.SpanId = span;
            else record.Attributes.Add(OtlpResources.Attribute(field.Key, field.Value));
        }

        return record;
    }

    private static ByteString? Id(string hex, int bytes) => hex.Length == bytes * 2 && hex.All(char.IsAsciiHexDigit) ? ByteString.CopyFrom(Convert.FromHexString(hex)) : null;

    private static SeverityNumber Severity(LineLevel level) => level switch
    {
        LineLevel.Trace => SeverityNumber.Trace,
        LineLevel.Debug => SeverityNumber.Debug,
        LineLevel.Info => SeverityNumber.Info,
        LineLevel.Warn => SeverityNumber.Warn,
        LineLevel.Error => SeverityNumber.Error,
        LineLevel.Fatal => SeverityNumber.Fatal,
        _ => SeverityNumber.Unspecified,
    };
}
