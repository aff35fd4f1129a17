using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GoTop.Engine.Alerts.Delivery;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>An alert message as JSON: the body of a webhook and the standard input of a command. docs/json.md describes it.</summary>
internal static class MessageJson
{
    private const int Version = 1;

    public static byte[] Write(AlertMessage message)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteBoolean("test", message.IsTest);
            json.WriteString("state", State(message.IsResolved));
            json.WriteString("severity", SeverityWords.Of(message.Severity));
            json.WriteString("subject", MessageText.Subject(message));
            json.WriteString("host", message.Host);
            json.WriteString("toolVersion", message.ToolVersion);
            json.WriteString("at", Time(message.At));
            json.WriteStartArray("alerts");
            foreach (AlertItem item in message.Items) Write(json, item);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, AlertItem item)
    {
        json.WriteStartObject();
        json.WriteString("id", item.Id);
        json.WriteString("rule", item.Rule);
        json.WriteString("severity", SeverityWords.Of(item.Severity));
        json.WriteString("state", State(item.IsResolved));
        json.WriteString("target", item.Target);
        json.WriteString("build", item.Build);
        json.WriteString("firedAt", Time(item.FiredAt));
        json.WriteString("at", Time(item.At));
        json.WriteNumber("seconds", Math.Round(item.Lasted.TotalSeconds, 3));
        json.WriteNumber("telling", item.Telling);
        if (item.Value is { } value) json.WriteNumber("value", value);
        else json.WriteNull("value");
        json.WriteString("why", item.Why);
        json.WriteString("advice", item.Advice);
        json.WriteString("look", item.Look);
        json.WriteString("recording", item.Recording);
        json.WriteString("evidenceFolder", item.EvidenceFolder);
        json.WriteEndObject();
    }

    private static string State(bool resolved) => resolved ? "resolved" : "firing";

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
