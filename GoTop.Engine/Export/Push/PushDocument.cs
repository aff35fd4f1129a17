using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Export.Metrics;

namespace GoTop.Engine.Export.Push;

/// <summary>What is posted: see docs/json.md.</summary>
/// <param name="Id">The same when it is sent again.</param>
/// <param name="Machine">The machine's figures; empty while they are not known.</param>
public sealed record PushDocument(
    int Version, string Id, DateTimeOffset Time, string Agent, bool Test, ImmutableSortedDictionary<string, string> Host, ImmutableArray<PushMetric> Machine, ImmutableArray<PushTarget> Targets)
{
    public const int CurrentVersion = 1;

    public static PushDocument Of(ExportView view, string id) => new(
        CurrentVersion, id, view.Time, view.ToolVersion, Test: false, Dictionary(ExportedAttributes.Of(view.Host)),
        view.HostFacts is { } host ? PushMetric.All(view, host, metric => metric.Scope == MetricScope.Host) : [], [.. view.Targets.Select(target => PushTarget.Of(view, target))]);

    /// <summary>One without figures, to try the receiver.</summary>
    public static PushDocument ForTest(ExportedHost host, string toolVersion, string id, DateTimeOffset time) =>
        new(CurrentVersion, id, time, toolVersion, Test: true, Dictionary(ExportedAttributes.Of(host)), [], []);

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, PushJsonContext.Compact.PushDocument);

    internal static ImmutableSortedDictionary<string, string> Dictionary(IEnumerable<MetricLabel> labels) =>
        labels.ToImmutableSortedDictionary(label => label.Otel, label => label.Value, StringComparer.Ordinal);
}

/// <param name="Up">It is read.</param>
/// <param name="ReadAt">Of which moment its metrics are; null while it is not read.</param>
/// <param name="Labels">Those of gotop.toml.</param>
/// <param name="Attributes">By OpenTelemetry's names for resources.</param>
public sealed record PushTarget(
    string Name, bool Up, DateTimeOffset? ReadAt, ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Attributes, ImmutableArray<PushMetric> Metrics)
{
    internal static PushTarget Of(ExportView view, ExportedTarget target) => new(
        target.Name, target.Now is not null, target.Now?.Time, target.Labels, PushDocument.Dictionary(ExportedAttributes.Of(target, view.Host)), PushMetric.All(view, target, metric => metric.Scope != MetricScope.Host));
}

/// <summary>One value.</summary>
/// <param name="Name">OpenTelemetry's.</param>
/// <param name="Kind"><c>gauge</c>, <c>sum</c> (a level that may be added up), <c>counter</c> or <c>histogram</c>.</param>
/// <param name="Value">Null for a histogram.</param>
/// <param name="Since">Since when it counts; null for a level, and where that is not known.</param>
/// <param name="Attributes">Null for none.</param>
/// <param name="Histogram">Null for a number.</param>
public sealed record PushMetric(string Name, string Unit, string Kind, double? Value, DateTimeOffset? Since, ImmutableSortedDictionary<string, string>? Attributes, PushHistogram? Histogram)
{
    internal static ImmutableArray<PushMetric> All(ExportView view, ExportedTarget target, Func<ExportedMetric, bool> wanted) =>
    [
        .. from metric in ExportedMetrics.All
           where metric.Otel is not null && wanted(metric)
           from point in view.Read(metric, target)
           where point.Histogram is not null || double.IsFinite(point.Value)
           select Of(metric, point),
    ];

    private static PushMetric Of(ExportedMetric metric, MetricPoint point) => new(
        metric.Otel!, metric.Unit, metric.Kind switch { MetricKind.Counter => "counter", MetricKind.UpDownCounter => "sum", MetricKind.Histogram => "histogram", _ => "gauge" },
        point.Histogram is null ? point.Value : null, point.Since, point.Labels.IsEmpty ? null : PushDocument.Dictionary(point.Labels),
        point.Histogram is { } histogram ? new PushHistogram(histogram.UpperBounds, histogram.Counts, histogram.Sum) : null);
}

/// <param name="Bounds">Upper ones, in the metric's unit, without the last one, which is infinite.</param>
/// <param name="Counts">One more than bounds, each of its own bucket alone.</param>
/// <param name="Sum">Null when nobody keeps it.</param>
public sealed record PushHistogram(ImmutableArray<double> Bounds, ImmutableArray<long> Counts, double? Sum);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PushDocument))]
internal sealed partial class PushJsonContext : JsonSerializerContext
{
    /// <summary>The usual escapes would make three times as much of text that is not English.</summary>
    public static PushJsonContext Compact { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
