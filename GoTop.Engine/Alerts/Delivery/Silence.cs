using System.Collections.Immutable;
using System.IO.Enumeration;
using GoTop.Engine.Control.Rules;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>Somebody does not want to be told for a while. Alerts go on being watched; when it ends, what still fires is told.</summary>
/// <param name="Rule">Name of a rule, <c>*</c> for any characters; likewise <paramref name="Target"/>.</param>
/// <param name="By">Who made it.</param>
public sealed record Silence(string Id, string Rule, string Target, DateTimeOffset From, DateTimeOffset Until, string By, string Comment)
{
    public bool Covers(string rule, string target, DateTimeOffset now) =>
        now >= From && now < Until && FileSystemName.MatchesSimpleExpression(Rule, rule) && FileSystemName.MatchesSimpleExpression(Target, target);
}

/// <summary>A silence of the configuration, in windows of the week.</summary>
/// <param name="Rules">Patterns; empty for all. Likewise <paramref name="Targets"/>.</param>
public sealed record PlannedSilence(ImmutableArray<string> Rules, ImmutableArray<string> Targets, ImmutableArray<MaintenanceWindow> Windows, string Comment)
{
    /// <summary>The window that covers it now; null when none does.</summary>
    public MaintenanceWindow? Covering(string rule, string target, DateTimeOffset local) =>
        Matches(Rules, rule) && Matches(Targets, target) ? Windows.FirstOrDefault(window => window.Contains(local)) : null;

    private static bool Matches(ImmutableArray<string> patterns, string name) => patterns.IsEmpty || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name));
}
