using System.Collections.Immutable;
using System.IO.Enumeration;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>While one rule fires, others of the same target are not told: they are what follows from it.</summary>
/// <param name="When">Name of the rule that mutes.</param>
/// <param name="Mute">Names of those that are muted, <c>*</c> for any characters; empty for none.</param>
public sealed record InhibitRule(string When, ImmutableArray<string> Mute)
{
    /// <summary>What a service's figures say while it is down is no news.</summary>
    public static ImmutableArray<InhibitRule> Defaults { get; } = [new("service-down", ["*"])];

    public bool Mutes(string rule) => rule != When && Mute.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, rule));
}
