using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GoTop.Engine.Control.Acting;

namespace GoTop.Engine.Control.Services;

/// <summary>The variables that Go's runtime reads at its start, and what it takes for them (go doc runtime, "Environment Variables").</summary>
public static partial class EnvironmentNames
{
    public static ImmutableArray<string> All { get; } = ["GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GODEBUG"];

    /// <summary>From <c>GOGC=200</c>; <c>GOGC=</c> removes it.</summary>
    /// <exception cref="ControlException">Go would not take it.</exception>
    public static ImmutableSortedDictionary<string, string?> Parse(IEnumerable<string> assignments)
    {
        ImmutableSortedDictionary<string, string?>.Builder changes = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (string assignment in assignments)
        {
            int at = assignment.IndexOf('=', StringComparison.Ordinal);
            string name = at < 0 ? assignment : assignment[..at];
            if (at < 0 || !All.Contains(name)) throw new ControlException($"\"{assignment}\" sets none of {string.Join(", ", All)}: write GOGC=200, or GOGC= to remove it");
            string value = assignment[(at + 1)..];
            if (value.Length > 0 && WhyNot(name, value) is { } problem) throw new ControlException($"\"{assignment}\": {problem}");
            changes[name] = value.Length == 0 ? null : value;
        }

        return changes.ToImmutable();
    }

    /// <summary><c>GOGC=200, without GODEBUG</c>.</summary>
    public static string Words(ImmutableSortedDictionary<string, string?> changes) =>
        string.Join(", ", changes.Select(change => change.Value is null ? $"without {change.Key}" : $"{change.Key}={change.Value}"));

    private static string? WhyNot(string name, string value) => name switch
    {
        "GOGC" => value == "off" || IsNumber(value) ? null : "a percentage, or off",
        "GOMAXPROCS" => IsNumber(value) && value.TrimStart('0').Length > 0 ? null : "a number from 1",
        "GOMEMLIMIT" => value == "off" || MemoryLimit().IsMatch(value) ? null : "bytes, with B, KiB, MiB, GiB or TiB; or off",
        _ => DebugSettings().IsMatch(value) ? null : "name=value, with commas between",
    };

    private static bool IsNumber(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex("^[0-9]{1,18}(B|KiB|MiB|GiB|TiB)?$")]
    private static partial Regex MemoryLimit();

    [GeneratedRegex("^[a-z0-9_]+=[A-Za-z0-9_./#-]*(,[a-z0-9_]+=[A-Za-z0-9_./#-]*)*$")]
    private static partial Regex DebugSettings();
}
