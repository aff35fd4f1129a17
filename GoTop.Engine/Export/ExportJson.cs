using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Export.Differences;
using GoTop.Engine.Export.Profiles;

namespace GoTop.Engine.Export;

/// <summary>Writes the documents: camelCase, UTC times as RFC 3339 with Z, nulls kept so that every key is always there.</summary>
public static class ExportJson
{
    private static readonly ExportJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        // The same bytes on every system.
        NewLine = "\n",
        // Function names hold quotes, angle brackets and dots; the output goes to tools, not into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new UtcConverter() },
    });

    public static string Write(SnapshotDocument document) => JsonSerializer.Serialize(document, Context.SnapshotDocument);

    public static string Write(ImmutableArray<ProcessDocument> documents) => JsonSerializer.Serialize(documents, Context.ImmutableArrayProcessDocument);

    public static string Write(TraceDocument document) => JsonSerializer.Serialize(document, Context.TraceDocument);

    public static string Write(EtlDocument document) => JsonSerializer.Serialize(document, Context.EtlDocument);

    public static string Write(MemStatsDocument document) => JsonSerializer.Serialize(document, Context.MemStatsDocument);

    public static string Write(MetricsDocument document) => JsonSerializer.Serialize(document, Context.MetricsDocument);

    public static string Write(GoroutineDumpDocument document) => JsonSerializer.Serialize(document, Context.GoroutineDumpDocument);

    public static string Write(ProfileDocument document) => JsonSerializer.Serialize(document, Context.ProfileDocument);

    public static string Write(ProfileDiffDocument document) => JsonSerializer.Serialize(document, Context.ProfileDiffDocument);

    public static string Write(DumpDiffDocument document) => JsonSerializer.Serialize(document, Context.DumpDiffDocument);

    public static string Write(FiguresDiffDocument document) => JsonSerializer.Serialize(document, Context.FiguresDiffDocument);

    public static string Write(CaptureDocument document) => JsonSerializer.Serialize(document, Context.CaptureDocument);

    public static string Write(ImmutableArray<ControlDocument> documents) => JsonSerializer.Serialize(documents, Context.ImmutableArrayControlDocument);

    public static string Write(ServiceDocument document) => JsonSerializer.Serialize(document, Context.ServiceDocument);

    public static string Write(AgentDocument document) => JsonSerializer.Serialize(document, Context.AgentDocument);

    public static string Write(FleetDocument document) => JsonSerializer.Serialize(document, Context.FleetDocument);

    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }
}

[JsonSerializable(typeof(SnapshotDocument))]
[JsonSerializable(typeof(CaptureDocument))]
[JsonSerializable(typeof(ServiceDocument))]
[JsonSerializable(typeof(AgentDocument))]
[JsonSerializable(typeof(FleetDocument))]
[JsonSerializable(typeof(ImmutableArray<ControlDocument>))]
[JsonSerializable(typeof(ImmutableArray<ProcessDocument>))]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(EtlDocument))]
[JsonSerializable(typeof(GoroutineDumpDocument))]
[JsonSerializable(typeof(MemStatsDocument))]
[JsonSerializable(typeof(MetricsDocument))]
[JsonSerializable(typeof(ProfileDocument))]
[JsonSerializable(typeof(ProfileDiffDocument))]
[JsonSerializable(typeof(DumpDiffDocument))]
[JsonSerializable(typeof(FiguresDiffDocument))]
internal sealed partial class ExportJsonContext : JsonSerializerContext;
