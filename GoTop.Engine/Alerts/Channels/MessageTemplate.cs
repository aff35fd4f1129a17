using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>Where a template's values stand: they are escaped for it.</summary>
public enum TemplateForm : byte
{
    Plain,

    /// <summary>Within a string of JSON.</summary>
    Json,

    /// <summary>In application/x-www-form-urlencoded.</summary>
    Form,
}

/// <summary>A text of the configuration in which <c>{subject}</c> and the like stand for parts of a message.</summary>
public sealed partial class MessageTemplate : IEquatable<MessageTemplate>
{
    private const int ShortText = 300;

    private static readonly (string Name, Func<AlertMessage, string> Value)[] Words =
    [
        ("subject", MessageText.Subject),
        ("text", MessageText.Full),
        ("short", message => MessageText.Short(message, ShortText)),
        ("state", message => message.IsResolved ? "resolved" : "firing"),
        ("severity", message => SeverityWords.Of(message.Severity)),
        ("rule", message => string.Join(", ", message.Items.Select(item => item.Rule).Distinct())),
        ("target", message => string.Join(", ", message.Targets)),
        ("why", message => string.Join("; ", message.Items.Take(MessageText.MostItems).Select(item => item.Why))),
        ("id", message => message.Items[0].Id),
        ("host", message => message.Host),
        ("time", message => MessageText.Time(message.At)),
        ("json", message => System.Text.Encoding.UTF8.GetString(MessageJson.Write(message))),
    ];

    private readonly string _text;
    private readonly ImmutableDictionary<string, string> _more;

    private MessageTemplate(string text, ImmutableDictionary<string, string> more) => (_text, _more) = (text, more);

    /// <param name="more">Names that only this channel has, e.g. the number that is written to.</param>
    /// <param name="problem">Why it is no template; null when it is.</param>
    public static MessageTemplate? TryParse(string text, ImmutableArray<string> more, out string? problem)
    {
        string[] known = [.. Words.Select(word => word.Name), .. more];
        foreach (Match match in Placeholder().Matches(text))
        {
            string name = match.Groups[1].Value;
            if (known.Contains(name)) continue;
            problem = $"there is no {{{name}}}{NearestName.Hint(name, known)}; there are {string.Join(", ", known)}";
            return null;
        }

        problem = null;
        return new MessageTemplate(text, ImmutableDictionary<string, string>.Empty);
    }

    /// <summary>With a value for a name of the channel's own.</summary>
    public MessageTemplate With(string name, string value) => new(_text, _more.SetItem(name, value));

    public bool Equals(MessageTemplate? other) => other is not null && _text == other._text && _more.Count == other._more.Count && _more.All(own => other._more.GetValueOrDefault(own.Key) == own.Value);

    public override bool Equals(object? obj) => Equals(obj as MessageTemplate);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public string Fill(AlertMessage message, TemplateForm form) => Placeholder().Replace(_text, match =>
    {
        string name = match.Groups[1].Value;
        if (_more.TryGetValue(name, out string? own)) return Escape(own, form);
        foreach ((string word, Func<AlertMessage, string> value) in Words)
        {
            // What is JSON already stands in JSON as it is.
            if (word == name) return name == "json" && form == TemplateForm.Json ? value(message) : Escape(value(message), form);
        }

        return match.Value;
    });

    private static string Escape(string value, TemplateForm form) => form switch
    {
        TemplateForm.Json => JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        TemplateForm.Form => Uri.EscapeDataString(value),
        _ => value,
    };

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Placeholder();
}
