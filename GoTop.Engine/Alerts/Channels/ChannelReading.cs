using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>Takes a channel's own keys out of its table. <see cref="Failed"/> when one that it needs is missing or wrong.</summary>
internal sealed class ChannelReading(TableReader table, SecretReader secrets, ProblemList problems, ChannelCommon common)
{
    private const string Place = "alerts.channel";

    public ChannelCommon Common { get; } = common;

    public TableReader Table { get; } = table;

    public bool Failed { get; private set; }

    public void Report(string key, string message)
    {
        Table.Report(key, message);
        Failed = true;
    }

    /// <summary>A text that must be there and hold something.</summary>
    public string Needed(string key)
    {
        string? text = Table.Text(key);
        if (!string.IsNullOrWhiteSpace(text)) return text;
        if (Table.Find(key) is null) Report(key, $"this channel needs \"{Place}.{key}\"");
        else if (text is not null) Report(key, $"\"{Place}.{key}\" is empty");
        Failed = true;
        return "";
    }

    /// <summary>Texts of which there must be one at least.</summary>
    public ImmutableArray<(string Value, TomlPosition At)> NeededTexts(string key, int most)
    {
        ImmutableArray<(string Value, TomlPosition At)> texts = Table.Texts(key) ?? [];
        if (texts.IsEmpty || texts.Any(text => text.Value.Length == 0)) Report(key, Table.Find(key) is null ? $"this channel needs \"{Place}.{key}\"" : $"\"{Place}.{key}\" is empty");
        else if (texts.Length > most) Report(key, $"\"{Place}.{key}\" has more than {most} entries");
        return texts;
    }

    public string? Secret(string key)
    {
        int before = problems.Reported;
        string? secret = secrets.Read(Table, key);
        if (problems.Reported > before) Failed = true;
        else if (secret is { Length: 0 }) Report(key, $"\"{Place}.{key}\" is empty");
        return secret;
    }

    /// <summary>The address that messages are sent to. It may be secret as a whole, so no message holds it.</summary>
    public Uri? Url(string key)
    {
        string? text = Secret(key);
        if (text is null)
        {
            if (!Failed) Report(key, $"this channel needs \"{Place}.{key}\"");
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0 && url.UserInfo.Length == 0) return url;
        Report(key, $"\"{Place}.{key}\" must be an address that starts with http:// or https://, without a user or password in it");
        return null;
    }

    /// <summary>A PEM file with the authority to trust in place of the system's.</summary>
    public string? Authority()
    {
        if (Table.Text("ca") is not { Length: > 0 } file) return null;
        string path = ConfigLoader.Resolve(file, problems);
        if (!File.Exists(path)) Report("ca", $"\"{Place}.ca\": there is no file {path}");
        return path;
    }

    /// <summary>Headers of a request; their values may be <c>env:NAME</c>.</summary>
    public ImmutableArray<(string Name, string Value)> Headers(string key, ImmutableArray<string> reserved)
    {
        if (Table.Table(key) is not { } headers) return [];
        ImmutableArray<(string, string)>.Builder read = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (TomlEntry entry in headers.Entries)
        {
            string? value = entry.Value is TomlScalar { Value: string text } ? secrets.Resolve(headers, entry.Key, text) : null;
            if (value is null) Wrong(entry, "must be a string");
            else if (entry.Key.Length == 0 || !entry.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) Wrong(entry, "is no name of a header");
            else if (reserved.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)) Wrong(entry, "is set by GoTop itself");
            else if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) Wrong(entry, "holds what a header cannot");
            else read.Add((entry.Key, value));
        }

        return read.ToImmutable();

        void Wrong(TomlEntry entry, string why)
        {
            problems.Add(entry.Position, $"\"{Place}.{key}\": \"{entry.Key}\" {why}");
            Failed = true;
        }
    }

    public MessageTemplate? Template(string key, string? text, params ImmutableArray<string> more)
    {
        if (text is null) return null;
        if (MessageTemplate.TryParse(text, more, out string? problem) is { } template) return template;
        Report(key, $"\"{Place}.{key}\": {problem}");
        return null;
    }
}
