using System.Collections.Immutable;
using System.IO.Enumeration;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>While one rule fires, others of the same target are not told: they are what follows from it.</summary>
/// <param name="When">Name of the rule that mutes.</param>
/// <param name="Mute">Names of those that are muted, <c>*</c> for any characters; empty for none.</param>
public sealed record InhibitRule(string When, ImmutableArray<string> Mute)
{
    /// <summary>What a service's figures say while it is down is no news; what is done about it, or no longer, is.</summary>
    public static ImmutableArray<InhibitRule> Defaults { get; } = [new("service-down", ["*"]) { Spare = ["watchdog-restart", "watchdog-given-up"] }];

    /// <summary>Names of those that are told nevertheless.</summary>
    public ImmutableArray<string> Spare { get; init; } = [];

    public bool Mutes(string rule) => rule != When && !Spare.Contains(rule) && Mute.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, rule));
}
