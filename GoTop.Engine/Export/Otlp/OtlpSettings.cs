using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Export.Exporters;

namespace GoTop.Engine.Export.Otlp;

public enum OtlpProtocol : byte
{
    /// <summary>Protobuf by POST to <c>/v1/metrics</c> and <c>/v1/logs</c>.</summary>
    Http,

    Grpc,
}

/// <summary>The <c>[export.otlp]</c> table: OpenTelemetry's protocol.</summary>
public sealed record OtlpSettings(ExportHttpSettings Http, OtlpProtocol Protocol)
{
    /// <summary>Of log lines, those that somebody has to look at.</summary>
    public const string UsualLogs = "level>=warn";

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bodies are sent compressed (gzip).</summary>
    public bool Compress { get; init; } = true;

    public bool SendsMetrics { get; init; } = true;

    /// <summary>Which log lines are sent; null for none.</summary>
    public LogFilter? Logs { get; init; }

    public bool Equals(OtlpSettings? other) =>
        other is not null && Http.Equals(other.Http) && Protocol == other.Protocol && Every == other.Every && Compress == other.Compress && SendsMetrics == other.SendsMetrics
        && Logs?.Text == other.Logs?.Text;

    public override int GetHashCode() => HashCode.Combine(Http, Protocol, Every);

    public override string ToString() => Http.Where;
}
