using System.Collections.Immutable;
using System.Globalization;

namespace GoTop.Engine.Config.Toml;

/// <summary>
/// Takes keys out of a table and reports what is wrong with each. The keys that are asked for are the known ones, so
/// <see cref="Finish"/> can report the others: call it last. An absent or wrong key gives null.
/// </summary>
/// <param name="name">The table's name for messages; empty at the top of the file.</param>
public sealed class TableReader(TomlTable table, string name, ProblemList problems)
{
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);

    public TomlPosition Position => table.Position;

    public ImmutableArray<TomlEntry> Entries => table.Entries;

    /// <summary>The key's entry; null when the file does not have it.</summary>
    public TomlEntry? Find(string key)
    {
        _asked.Add(key);
        problems.Know(Full(key));
        foreach (TomlEntry entry in table.Entries)
        {
            if (entry.Key == key) return entry;
        }

        return null;
    }

    public string? Text(string key) => Scalar<string>(key, "a string")?.Value;

    public bool? Truth(string key) => Scalar<bool>(key, "true or false")?.Value;

    public int? WholeNumber(string key, int least, int most)
    {
        if (Scalar<long>(key, "an integer") is not { } found) return null;
        if (found.Value >= least && found.Value <= most) return (int)found.Value;
        problems.Add(found.At, string.Create(CultureInfo.InvariantCulture, $"\"{Full(key)}\" must lie between {least} and {most}, not {found.Value}"));
        return null;
    }

    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        const string wanted = "a duration such as \"500ms\", \"1s\" or \"5m\"";
        if (Scalar<string>(key, wanted) is not { } found) return null;
        if (!DurationText.TryParse(found.Value, out TimeSpan duration))
        {
            problems.Add(found.At, $"\"{Full(key)}\" must be {wanted}, not \"{found.Value}\"");
            return null;
        }

        if (duration >= least && duration <= most) return duration;
        problems.Add(found.At, $"\"{Full(key)}\" must lie between {DurationText.Format(least)} and {DurationText.Format(most)}, not {found.Value}");
        return null;
    }

    /// <summary>One of a fixed list of words.</summary>
    public T? Choice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Scalar<string>(key, "a string") is not { } found) return null;
        List<string> words = [];
        foreach ((string word, T value) in choices)
        {
            if (word == found.Value) return value;
            words.Add(word);
        }

        problems.Add(found.At, $"\"{Full(key)}\" must be one of {string.Join(", ", words)}, not \"{found.Value}\"{NearestName.Hint(found.Value, words)}");
        return null;
    }

    /// <summary>An array of strings, each with its place.</summary>
    public ImmutableArray<(string Value, TomlPosition At)>? Texts(string key) =>
        Find(key) is { } entry ? Texts(entry, Full(key)) : null;

    /// <summary>Likewise of an entry whose key the caller has found; a single string counts as an array of one.</summary>
    public ImmutableArray<(string Value, TomlPosition At)>? Texts(TomlEntry entry, string fullName)
    {
        if (entry.Value is TomlScalar { Value: string single }) return [(single, entry.Value.Position)];
        if (entry.Value is not TomlArray { OfTables: false } array)
        {
            problems.Add(entry.Value.Position, $"\"{fullName}\" must be an array of strings, not {entry.Value.Kind}");
            return null;
        }

        ImmutableArray<(string, TomlPosition)>.Builder texts = ImmutableArray.CreateBuilder<(string, TomlPosition)>(array.Items.Length);
        foreach (TomlNode item in array.Items)
        {
            if (item is TomlScalar { Value: string text }) texts.Add((text, item.Position));
            else problems.Add(item.Position, $"\"{fullName}\" must hold strings only, not {item.Kind}");
        }

        return texts.ToImmutable();
    }

    public TableReader? Table(string key)
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value is TomlTable found) return new TableReader(found, Full(key), problems);
        problems.Add(entry.Value.Position, $"\"{Full(key)}\" must be a table, not {entry.Value.Kind}");
        return null;
    }

    /// <summary>The tables of <c>[[key]]</c>; empty when there is none.</summary>
    public ImmutableArray<TableReader> Tables(string key)
    {
        if (Find(key) is not { } entry) return [];
        if (entry.Value is TomlArray array && array.Items.All(item => item is TomlTable))
            return [.. array.Items.Select(item => new TableReader((TomlTable)item, Full(key), problems))];
        problems.Add(entry.Value.Position, $"\"{Full(key)}\" must be written as [[{Full(key)}]], not as {entry.Value.Kind}");
        return [];
    }

    /// <summary>Reports a problem at the key's value, or at the table when the key is absent.</summary>
    public void Report(string key, string message) => problems.Add(Find(key)?.Value.Position ?? table.Position, message);

    /// <summary>Reports every key that nobody asked for.</summary>
    public void Finish()
    {
        foreach (TomlEntry entry in table.Entries)
        {
            if (_asked.Contains(entry.Key)) continue;
            string place = name.Length == 0 ? "" : $" in \"{name}\"";
            problems.Add(entry.Position, $"unknown key \"{entry.Key}\"{place}{NearestName.Hint(entry.Key, _asked)}");
        }
    }

    private string Full(string key) => name.Length == 0 ? key : $"{name}.{key}";

    private (T Value, TomlPosition At)? Scalar<T>(string key, string wanted)
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value is TomlScalar { Value: T value }) return (value, entry.Value.Position);
        problems.Add(entry.Value.Position, $"\"{Full(key)}\" must be {wanted}, not {entry.Value.Kind}");
        return null;
    }
}
