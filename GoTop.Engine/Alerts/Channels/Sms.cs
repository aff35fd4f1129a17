using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>
/// Text messages by a provider's HTTP interface: one POST for each number, with a form as its body. The usual form is Twilio's
/// (https://www.twilio.com/docs/messaging/api/message-resource): To, From, Body.
/// </summary>
/// <param name="Form">Names and templates; <c>{to}</c>, <c>{from}</c> and <c>{short}</c> stand for the numbers and the text.</param>
/// <param name="MostCharacters">Of the text.</param>
public sealed record SmsSettings(
    ChannelCommon Common, Uri Url, string? User, string? Password, string? Token, string From, ImmutableArray<string> To, ImmutableArray<(string Name, MessageTemplate Value)> Form, int MostCharacters)
    : ChannelSettings(Common)
{
    public const string Id = "sms";
    private const int MostNumbers = 20;

    public override string Kind => Id;

    public override string Where => $"{string.Join(", ", To)} by {Url.Host}";

    public override bool SaysTheSame(ChannelSettings other) =>
        other is SmsSettings sms && this with { To = sms.To, Form = sms.Form } == sms && To.SequenceEqual(sms.To) && Form.SequenceEqual(sms.Form);

    public override IAlertChannel Create(ChannelParts parts) => new SmsChannel(this, parts.Time);

    internal static SmsSettings? Read(ChannelReading reading)
    {
        Uri? url = reading.Url("url");
        string? user = reading.Table.Text("user"), password = reading.Secret("password"), token = reading.Secret("token");
        if (user is null != password is null) reading.Report(user is null ? "password" : "user", "\"alerts.channel.user\" and \"alerts.channel.password\" need each other");
        if (user is not null && token is not null) reading.Report("token", "\"alerts.channel\" has either a user and password or a token, not both");
        if (token?.AsSpan().ContainsAnyExceptInRange('!', '~') == true) reading.Report("token", "\"alerts.channel.token\" holds what a header cannot");
        string from = reading.Table.Text("from") ?? "";
        ImmutableArray<string> to = [.. reading.NeededTexts("to", MostNumbers).Select(number => number.Value)];
        ImmutableArray<(string, MessageTemplate)> form = ReadForm(reading);
        int most = reading.Table.WholeNumber("max_characters", 70, 320) ?? 160;
        return reading.Failed || url is null ? null : new SmsSettings(reading.Common, url, user, password, token, from, to, form, most);
    }

    private static ImmutableArray<(string, MessageTemplate)> ReadForm(ChannelReading reading)
    {
        ImmutableArray<(string, MessageTemplate)>.Builder form = ImmutableArray.CreateBuilder<(string, MessageTemplate)>();
        foreach ((string name, string text) in reading.Table.Table("form") is { } table ? table.Entries.Select(Text) : [("To", "{to}"), ("From", "{from}"), ("Body", "{short}")])
        {
            if (reading.Template("form", text, "to", "from") is { } template) form.Add((name, template));
        }

        return form.ToImmutable();

        (string, string) Text(TomlEntry entry)
        {
            if (entry.Value is TomlScalar { Value: string text }) return (entry.Key, text);
            reading.Report("form", $"\"alerts.channel.form\": \"{entry.Key}\" must be a string");
            return (entry.Key, "");
        }
    }
}

internal sealed class SmsChannel(SmsSettings settings, TimeProvider time) : IAlertChannel
{
    private readonly HttpSender _sender = new(settings.Url, time);
    private readonly AuthenticationHeaderValue? _authorization =
        settings.Token is { } token ? new AuthenticationHeaderValue("Bearer", token)
        : settings.User is { } user ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password}")))
        : null;

    /// <summary>Of alerts that wait for other numbers: a day's queue fits.</summary>
    private const int MostTold = 4 * Outbox.MostOfChannel;

    /// <summary>By number, what it was told of in messages that not all numbers took.</summary>
    private readonly Dictionary<string, HashSet<(string Id, AlertState State, int Telling)>> _told = settings.To.Distinct().ToDictionary(number => number, _ => new HashSet<(string, AlertState, int)>(), StringComparer.Ordinal);

    public ImmutableArray<string> Secrets => [settings.Url.PathAndQuery, settings.Password ?? "", settings.Token ?? "", _authorization?.Parameter ?? ""];

    /// <summary>
    /// Every number is tried. When one fails, the whole message comes again, and perhaps more alerts with it: each number is then told
    /// of those alone that it has not been told of.
    /// </summary>
    public async Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        ChannelException? failure = null;
        string answer = "told already";
        foreach ((string number, HashSet<(string, AlertState, int)> told) in _told)
        {
            ImmutableArray<AlertItem> untold = [.. message.Items.Where(item => !told.Contains(KeyOf(item)))];
            if (untold.IsEmpty) continue;
            AlertMessage its = message with { Items = untold };
            try
            {
                answer = await _sender.PostAsync(Body(its, number), "application/x-www-form-urlencoded", headers => headers.Authorization = _authorization, cancellation).ConfigureAwait(false);
                told.UnionWith(untold.Select(KeyOf));
            }
            catch (ChannelException refused)
            {
                failure = new ChannelException($"{number}: {refused.Message}", refused.IsTransient) { RetryAfter = refused.RetryAfter };
            }
        }

        // Told to all, it does not come again; and what was given up elsewhere must not be kept for ever.
        foreach (HashSet<(string, AlertState, int)> told in _told.Values)
        {
            if (failure is null) told.ExceptWith(message.Items.Select(KeyOf));
            else if (told.Count > MostTold) told.IntersectWith(message.Items.Select(KeyOf));
        }

        if (failure is not null) throw failure;
        return $"{settings.To.Length} of {settings.To.Length} numbers, {answer}";
    }

    public void Dispose() => _sender.Dispose();

    private static (string, AlertState, int) KeyOf(AlertItem item) => (item.Id, item.State, item.Telling);

    private byte[] Body(AlertMessage message, string number)
    {
        string text = MessageText.Short(message, settings.MostCharacters);
        return Encoding.UTF8.GetBytes(string.Join('&', settings.Form.Select(field =>
            $"{Uri.EscapeDataString(field.Name)}={field.Value.With("to", number).With("from", settings.From).With("short", text).Fill(message, TemplateForm.Form)}")));
    }
}
