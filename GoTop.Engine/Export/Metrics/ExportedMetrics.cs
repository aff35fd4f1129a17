using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace GoTop.Engine.Export.Metrics;

/// <summary>Every metric that is exported; Prometheus', OpenTelemetry's and the push's names come from here, and so does <c>docs/export.md</c>.</summary>
public static class ExportedMetrics
{
    private static readonly ImmutableArray<ExportedMetric> Own = [.. StandingRows.All, .. GoRows.All, .. ProcessRows.All, .. ServiceRows.All, .. HostRows.All];

    public static ImmutableArray<ExportedMetric> All { get; } = [.. Own, .. FigureRows.Without(Own.SelectMany(metric => metric.Figures))];

    /// <summary>The table of <c>docs/export.md</c>.</summary>
    public static string ToMarkdown()
    {
        StringBuilder table = new("| OpenTelemetry | unit | Prometheus | kind | of | what | figures |\n|---|---|---|---|---|---|---|\n");
        foreach (ExportedMetric metric in All)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {Code(metric.Otel)} | {(metric.Otel is null ? "" : $"`{metric.Unit}`")} | {Code(metric.Prometheus)} | {KindText(metric.Kind)} | {(metric.Scope == MetricScope.Host ? "machine" : "target")} | {metric.Help} | {string.Join(", ", metric.Figures.Select(Code))} |\n");
        }

        return table.ToString();
    }

    private static string Code(string? name) => name is null ? "" : $"`{name}`";

    private static string KindText(MetricKind kind) => kind == MetricKind.UpDownCounter ? "up-down counter (gauge)" : kind.ToString().ToLowerInvariant();
}
