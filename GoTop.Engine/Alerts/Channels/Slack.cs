using System.Collections.Immutable;
using System.Text.Json;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Model;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>An incoming webhook of Slack (https://api.slack.com/messaging/webhooks). Its address is the secret.</summary>
public sealed record SlackSettings(ChannelCommon Common, Uri Url) : ChannelSettings(Common)
{
    public const string Id = "slack";

    public override string Kind => Id;

    public override string Where => Url.GetLeftPart(UriPartial.Authority);

    public override IAlertChannel Create(ChannelParts parts) => new SlackChannel(this, parts.Time);

    internal static SlackSettings? Read(ChannelReading reading)
    {
        Uri? url = reading.Url("url");
        return reading.Failed || url is null ? null : new SlackSettings(reading.Common, url);
    }
}

/// <summary>One attachment in the colour of the severity, with a block for each alert.</summary>
internal sealed class SlackChannel(SlackSettings settings, TimeProvider time) : IAlertChannel
{
    /// <summary>Slack takes 50 blocks, of 3,000 characters each.</summary>
    private const int MostBlocks = 45;
    private const int LongestBlock = 2900;

    private readonly HttpSender _sender = new(settings.Url, time);

    public ImmutableArray<string> Secrets { get; } = [settings.Url.PathAndQuery];

    public Task<string> SendAsync(AlertMessage message, CancellationToken cancellation) => _sender.PostAsync(Body(message), "application/json", _ => { }, cancellation);

    public void Dispose() => _sender.Dispose();

    internal static byte[] Body(AlertMessage message)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            // For notifications, and programs that show no blocks.
            json.WriteString("text", Escape(MessageText.Subject(message)));
            json.WriteStartArray("attachments");
            json.WriteStartObject();
            json.WriteString("color", MessageText.Colour(message));
            json.WriteStartArray("blocks");
            foreach (AlertItem item in message.Items.Take(Math.Min(MostBlocks, MessageText.MostItems))) Section(json, Text(item, message));
            if (MessageText.Left(message) is { } left) Section(json, Escape(left));
            json.WriteStartObject();
            json.WriteString("type", "context");
            json.WriteStartArray("elements");
            Element(json, Escape(MessageText.Foot(message)));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static string Text(AlertItem item, AlertMessage message)
    {
        string text = $"*{Escape(MessageText.Head(item, message))}*";
        foreach ((string title, string value) in MessageText.Lines(item)) text += title.Length > 0 ? $"\n_{title}:_ {Escape(value)}" : $"\n{Escape(value)}";
        return text;
    }

    private static void Section(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "section");
        json.WritePropertyName("text");
        Element(json, text);
        json.WriteEndObject();
    }

    private static void Element(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "mrkdwn");
        // Bare addresses and names of people stay plain text.
        json.WriteBoolean("verbatim", true);
        json.WriteString("text", Cut(text));
        json.WriteEndObject();
    }

    private static string Cut(string text) => text.Length <= LongestBlock ? text : text[..(char.IsHighSurrogate(text[LongestBlock - 1]) ? LongestBlock - 1 : LongestBlock)];

    /// <summary>The three characters that begin links, mentions and entities; then no text of a target's can call a person.</summary>
    private static string Escape(string text) => PlainText.Clean(text, LongestBlock)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
