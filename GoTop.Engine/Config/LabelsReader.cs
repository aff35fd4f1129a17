using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>labels</c> of a target, or those that a rule asks for.</summary>
internal static class LabelsReader
{
    /// <summary>Empty without the table.</summary>
    public static ImmutableSortedDictionary<string, string> Read(TableReader? table, ProblemList problems)
    {
        ImmutableSortedDictionary<string, string>.Builder labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (TomlEntry entry in table?.Entries ?? [])
        {
            if (entry.Value is TomlScalar { Value: string text }) labels[entry.Key] = text;
            else problems.Add(entry.Value.Position, $"label \"{entry.Key}\" must be a string, not {entry.Value.Kind}");
        }

        return labels.ToImmutable();
    }
}
