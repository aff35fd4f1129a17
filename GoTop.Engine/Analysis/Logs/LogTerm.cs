using System.Globalization;
using System.Text.RegularExpressions;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>A node of a filter.</summary>
internal abstract class LogTerm
{
    public abstract bool Matches(LogEntry entry);
}

internal sealed class AllOf(LogTerm left, LogTerm right) : LogTerm
{
    public override bool Matches(LogEntry entry) => left.Matches(entry) && right.Matches(entry);
}

internal sealed class AnyOf(LogTerm left, LogTerm right) : LogTerm
{
    public override bool Matches(LogEntry entry) => left.Matches(entry) || right.Matches(entry);
}

internal sealed class Not(LogTerm inner) : LogTerm
{
    public override bool Matches(LogEntry entry) => !inner.Matches(entry);
}

/// <summary>Anywhere in the line.</summary>
internal sealed class ContainsText(string text) : LogTerm
{
    public override bool Matches(LogEntry entry) => entry.Text.Contains(text, StringComparison.OrdinalIgnoreCase);
}

internal enum Comparison : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    Matches,
    MatchesNot,
}

/// <summary>A line without a level is below all levels, and unequal to each.</summary>
internal sealed class LevelTerm(Comparison comparison, LineLevel level) : LogTerm
{
    public override bool Matches(LogEntry entry) => FieldTerm.Holds(comparison, ((byte)entry.Level).CompareTo((byte)level));
}

internal sealed class FieldTerm(string key, Comparison comparison, string value, Regex? pattern) : LogTerm
{
    private readonly double? _number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    public static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    public override bool Matches(LogEntry entry)
    {
        string? found = key switch
        {
            "msg" or "message" => entry.Message,
            "text" or "line" => entry.Text,
            "origin" or "file" => entry.Field(key) ?? entry.Line.Origin,
            _ => entry.Field(key),
        };
        // "localhost:8080" is meant as it stands. What is not there is unequal to everything and nothing else.
        if (found is null && comparison == Comparison.Contains) return entry.Text.Contains($"{key}:{value}", StringComparison.OrdinalIgnoreCase);
        if (found is null) return comparison is Comparison.NotEqual or Comparison.MatchesNot;
        if (value == "*" && comparison is Comparison.Equal or Comparison.NotEqual) return comparison == Comparison.Equal;
        return comparison switch
        {
            Comparison.Contains => found.Contains(value, StringComparison.OrdinalIgnoreCase),
            Comparison.Matches => pattern!.IsMatch(found),
            Comparison.MatchesNot => !pattern!.IsMatch(found),
            _ => Holds(comparison, Compare(found)),
        };
    }

    private int Compare(string found) => _number is { } number && double.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out double other)
        ? other.CompareTo(number)
        : string.Compare(found, value, StringComparison.OrdinalIgnoreCase);
}
