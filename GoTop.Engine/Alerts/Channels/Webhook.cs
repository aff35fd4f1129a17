using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Http;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>An HTTP POST. With a secret it is signed: <see cref="BodySignature"/>.</summary>
/// <param name="Body">Null for the message as JSON.</param>
/// <param name="ContentType">What the body is.</param>
public sealed record WebhookSettings(
    ChannelCommon Common, Uri Url, MessageTemplate? Body, string ContentType, string? Secret, ImmutableArray<(string Name, string Value)> Headers, string? Authority) : ChannelSettings(Common)
{
    public const string Id = "webhook";
    private const string Json = "application/json";

    public override string Kind => Id;

    /// <summary>The path is left out: many services put a token there.</summary>
    public override string Where => Url.GetLeftPart(UriPartial.Authority);

    /// <summary>A file of an authority is read once: it may have changed.</summary>
    public override bool SaysTheSame(ChannelSettings other) =>
        other is WebhookSettings webhook && Authority is null && this with { Headers = webhook.Headers } == webhook && Headers.SequenceEqual(webhook.Headers);

    public override IAlertChannel Create(ChannelParts parts) => new WebhookChannel(this, parts.Time);

    internal static WebhookSettings? Read(ChannelReading reading)
    {
        Uri? url = reading.Url("url");
        string type = reading.Table.Text("content_type") ?? Json;
        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out _)) reading.Report("content_type", $"\"alerts.channel.content_type\" must be a media type such as \"{Json}\"");
        MessageTemplate? body = reading.Template("body", reading.Table.Text("body"));
        string? secret = reading.Secret("secret");
        ImmutableArray<(string, string)> headers = reading.Headers("headers", [BodySignature.TimestampHeader, BodySignature.SignatureHeader, "Content-Type", "Content-Length", "Host", "Transfer-Encoding", "Connection"]);
        string? authority = reading.Authority();
        return reading.Failed || url is null ? null : new WebhookSettings(reading.Common, url, body, type, secret, headers, authority);
    }
}

internal sealed class WebhookChannel(WebhookSettings settings, TimeProvider time) : IAlertChannel
{
    private readonly HttpSender _sender = new(settings.Url, time, settings.Authority);

    public ImmutableArray<string> Secrets { get; } = [settings.Url.PathAndQuery, settings.Secret ?? "", .. settings.Headers.Select(header => header.Value)];

    public Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        byte[] body = settings.Body is { } template ? Encoding.UTF8.GetBytes(template.Fill(message, Form(settings.ContentType))) : MessageJson.Write(message);
        return _sender.PostAsync(
            body, settings.ContentType,
            headers =>
            {
                foreach ((string name, string value) in settings.Headers) headers.TryAddWithoutValidation(name, value);
                if (settings.Secret is { } secret) BodySignature.Add(headers, secret, time.GetUtcNow(), body);
            },
            cancellation);
    }

    public void Dispose() => _sender.Dispose();

    private static TemplateForm Form(string contentType) =>
        contentType.Contains("json", StringComparison.OrdinalIgnoreCase) ? TemplateForm.Json
        : contentType.Contains("urlencoded", StringComparison.OrdinalIgnoreCase) ? TemplateForm.Form
        : TemplateForm.Plain;
}
