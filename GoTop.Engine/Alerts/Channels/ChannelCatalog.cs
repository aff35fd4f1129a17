using System.Collections.Immutable;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>A kind of channel.</summary>
/// <param name="Id">The <c>type</c> of a <c>[[alerts.channel]]</c>.</param>
/// <param name="Read">Reads its own keys; null, with problems, where it cannot work.</param>
internal sealed record ChannelKind(string Id, string Title, Func<ChannelReading, ChannelSettings?> Read);

/// <summary>Every kind of channel. A new one is a file and a line here.</summary>
internal static class ChannelCatalog
{
    public static ImmutableArray<ChannelKind> All { get; } =
    [
        new(EmailSettings.Id, "mail, by SMTP", EmailSettings.Read),
        new(WebhookSettings.Id, "an HTTP request, signed", WebhookSettings.Read),
        new(SlackSettings.Id, "Slack, by an incoming webhook", SlackSettings.Read),
        new(SmsSettings.Id, "text messages, by a provider's HTTP interface", SmsSettings.Read),
        new(EventLogSettings.Id, "the Windows event log", EventLogSettings.Read),
        new(CommandSettings.Id, "a program, with the message on its standard input", CommandSettings.Read),
    ];

    public static ChannelKind? Find(string id) => All.FirstOrDefault(kind => kind.Id == id);
}
