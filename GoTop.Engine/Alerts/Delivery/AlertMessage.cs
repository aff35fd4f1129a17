using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>What a channel is handed: the alerts that one message tells.</summary>
public sealed record AlertMessage
{
    /// <summary>Those that fire first, the gravest of them first.</summary>
    public required ImmutableArray<AlertItem> Items { get; init; }

    /// <summary>This machine.</summary>
    public required string Host { get; init; }

    public required string ToolVersion { get; init; }

    public required DateTimeOffset At { get; init; }

    public bool IsTest { get; init; }

    /// <summary>All of it is over.</summary>
    public bool IsResolved => Items.All(item => item.IsResolved);

    /// <summary>The gravest of what fires, or of what is over when nothing fires.</summary>
    public Severity Severity => IsResolved ? Items.Max(item => item.Severity) : Items.Where(item => !item.IsResolved).Max(item => item.Severity);

    public ImmutableArray<string> Targets => [.. Items.Select(item => item.Target).Distinct(StringComparer.Ordinal)];

    public static AlertMessage Of(IEnumerable<AlertItem> items, string host, string toolVersion, DateTimeOffset now) => new()
    {
        Items = [.. items.OrderBy(item => item.State).ThenByDescending(item => item.Severity).ThenBy(item => item.Target, StringComparer.Ordinal).ThenBy(item => item.FiredAt)],
        Host = host,
        ToolVersion = toolVersion,
        At = now,
    };

    /// <summary>Says that a channel works, in the form of an alert.</summary>
    /// <param name="by">Who asked for it.</param>
    public static AlertMessage Test(string by, string host, string toolVersion, DateTimeOffset now) => new()
    {
        Items =
        [
            new AlertItem
            {
                Id = $"test/{now.ToUnixTimeMilliseconds()}", Rule = "test", Severity = Severity.Notice, State = AlertState.Firing, Target = "test", FiredAt = now, At = now,
                Why = $"this is a test message that {by} sent; nothing is wrong", Advice = "Nothing: alerts look like this.",
            },
        ],
        Host = host,
        ToolVersion = toolVersion,
        At = now,
        IsTest = true,
    };
}
