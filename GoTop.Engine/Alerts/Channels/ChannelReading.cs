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
        string? secret = FailedBy(() => secrets.Read(Table, key));
        if (secret is { Length: 0 }) Report(key, $"\"{Place}.{key}\" is empty");
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

        return FailedBy(() => HttpKeys.Receiver(Table, key, text, Place));
    }

    /// <summary>A PEM file with the authority to trust in place of the system's.</summary>
    public string? Authority() => FailedBy(() => HttpKeys.ExistingFile(Table, "ca", Place, problems));

    /// <summary>Headers of a request; their values may be <c>env:NAME</c>.</summary>
    public ImmutableArray<(string Name, string Value)> Headers(string key, ImmutableArray<string> reserved) =>
        FailedBy(() => HttpKeys.Headers(Table, key, Place, reserved, secrets, problems));

    public MessageTemplate? Template(string key, string? text, params ImmutableArray<string> more)
    {
        if (text is null) return null;
        if (MessageTemplate.TryParse(text, more, out string? problem) is { } template) return template;
        Report(key, $"\"{Place}.{key}\": {problem}");
        return null;
    }

    /// <summary>Whatever is reported meanwhile is about this channel.</summary>
    private T FailedBy<T>(Func<T> read)
    {
        int before = problems.Reported;
        T value = read();
        if (problems.Reported > before) Failed = true;
        return value;
    }
}
