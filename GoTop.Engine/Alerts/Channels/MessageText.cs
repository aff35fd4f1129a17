using System.Globalization;
using System.Net;
using System.Text;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>An alert message in words, long, short and as HTML.</summary>
internal static class MessageText
{
    /// <summary>A storm tells so many in full and counts the others.</summary>
    public const int MostItems = 30;

    private const int LongestSubject = 180;

    /// <summary>One line, e.g. <c>[critical] service-down on order-api (web1)</c>.</summary>
    public static string Subject(AlertMessage message)
    {
        string subject = message.Items switch
        {
            [{ IsResolved: true } item] => $"[resolved] {item.Rule} on {item.Target} ({message.Host}), after {Figures.Age(item.Lasted.TotalSeconds)}",
            [var item] => $"[{SeverityWords.Of(item.Severity)}] {item.Rule} on {item.Target} ({message.Host}){(item.Telling > 1 ? $", for {Figures.Age(item.Lasted.TotalSeconds)}" : "")}",
            _ when message.Targets is [var target] => $"[{Word(message)}] {message.Items.Length} alerts on {target} ({message.Host}): {string.Join(", ", message.Items.Select(item => item.Rule).Distinct())}",
            _ => $"[{Word(message)}] {message.Items.Length} alerts on {message.Targets.Length} targets ({message.Host}): {string.Join(", ", message.Targets)}",
        };
        return PlainText.Clean(message.IsTest ? $"[test] GoTop on {message.Host}" : subject, LongestSubject);
    }

    /// <summary>All of it, for a mail or a log.</summary>
    public static string Full(AlertMessage message)
    {
        StringBuilder text = new();
        foreach (AlertItem item in message.Items.Take(MostItems))
        {
            text.Append(Head(item, message)).Append('\n');
            foreach ((string title, string value) in Lines(item)) text.Append("  ").Append(title.Length > 0 ? title + ": " : "").Append(value).Append('\n');
            text.Append('\n');
        }

        if (Left(message) is { } left) text.Append(left).Append("\n\n");
        return text.Append(Foot(message)).Append('\n').ToString();
    }

    /// <summary>The same for a program that reads mail as HTML.</summary>
    public static string Html(AlertMessage message)
    {
        StringBuilder html = new("<!DOCTYPE html><html><body style=\"font-family:sans-serif\">\n");
        foreach (AlertItem item in message.Items.Take(MostItems))
        {
            html.Append("<div style=\"border-left:6px solid ").Append(Colour(item)).Append(";padding:2px 12px;margin:12px 0\"><p><b>").Append(Encode(Head(item, message))).Append("</b></p>\n");
            foreach ((string title, string value) in Lines(item)) html.Append("<p>").Append(title.Length > 0 ? $"<i>{Encode(title)}:</i> " : "").Append(Encode(value)).Append("</p>\n");
            html.Append("</div>\n");
        }

        if (Left(message) is { } left) html.Append("<p>").Append(Encode(left)).Append("</p>\n");
        return html.Append("<p style=\"color:#777\">").Append(Encode(Foot(message))).Append("</p></body></html>\n").ToString();
    }

    /// <summary>For a telephone.</summary>
    /// <param name="most">UTF-16 units.</param>
    public static string Short(AlertMessage message, int most) =>
        PlainText.Clean(message.Items is [var item] ? $"{Subject(message)}: {item.Why}" : Subject(message), most);

    /// <summary>Of what fires by its severity, green when it is over.</summary>
    public static string Colour(AlertItem item) => item.IsResolved ? "#2e7d32" : Colour(item.Severity);

    public static string Colour(AlertMessage message) => message.IsResolved ? "#2e7d32" : Colour(message.Severity);

    public static string Head(AlertItem item, AlertMessage message) => item.IsResolved
        ? $"RESOLVED {item.Rule} on {item.Target}, host {message.Host}: fired {Time(item.FiredAt)}, over after {Figures.Age(item.Lasted.TotalSeconds)}"
        : $"{SeverityWords.Of(item.Severity).ToUpperInvariant()} {item.Rule} on {item.Target}, host {message.Host}, since {Time(item.FiredAt)}{(item.Telling > 1 ? $" ({Figures.Age(item.Lasted.TotalSeconds)} now)" : "")}";

    /// <summary>What stands below an alert's head; a line without a title is why.</summary>
    public static IEnumerable<(string Title, string Value)> Lines(AlertItem item)
    {
        yield return ("", item.Why);
        if (item.Advice is { } advice && !item.IsResolved) yield return ("What to do", advice);
        if (item.Build is { } build) yield return ("Version", build);
        if (item.Rule != "test") yield return ("Look", item.Look);
        if (item.Recording is { } recording) yield return ("Recording", $"gotop replay {recording}");
        if (item.EvidenceFolder is { } folder) yield return ("Captured", folder);
    }

    /// <summary>How many alerts the text leaves out; null for none.</summary>
    public static string? Left(AlertMessage message) => message.Items.Length > MostItems ? $"And {Figures.Counted(message.Items.Length - MostItems, "more alert")}." : null;

    public static string Foot(AlertMessage message) => $"GoTop {message.ToolVersion.Split('+')[0]} on {message.Host}, {Time(message.At)}";

    public static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Word(AlertMessage message) => message.IsResolved ? "resolved" : SeverityWords.Of(message.Severity);

    private static string Colour(Severity severity) => severity switch
    {
        Severity.Critical => "#c62828",
        Severity.Warning => "#ef6c00",
        _ => "#1565c0",
    };

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
