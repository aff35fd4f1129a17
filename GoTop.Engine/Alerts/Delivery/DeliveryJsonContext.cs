using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GoTop.Engine.Alerts.Delivery;

[JsonSerializable(typeof(ImmutableArray<Silence>))]
[JsonSerializable(typeof(AlertItem))]
[JsonSerializable(typeof(OpenAlert))]
internal sealed partial class DeliveryJsonContext : JsonSerializerContext
{
    /// <summary>For files that people look into.</summary>
    public static DeliveryJsonContext Readable { get; } = new(Make(indented: true));

    /// <summary>For rows of a database.</summary>
    public static DeliveryJsonContext Compact { get; } = new(Make(indented: false));

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<AlertState>(JsonNamingPolicy.CamelCase), new JsonStringEnumConverter<Diagnosis.Severity>(JsonNamingPolicy.CamelCase) },
    };
}
