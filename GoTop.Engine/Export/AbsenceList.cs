using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary>Collects the reasons of figures that a document has to leave null.</summary>
internal sealed class AbsenceList
{
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    public T? Value<T>(string path, Reading<T> reading)
        where T : struct
    {
        if (reading.HasValue) return reading.Value;
        Note(path, reading.State, reading.Reason);
        return null;
    }

    public string? Text(string path, Reading<string> reading)
    {
        if (reading.HasValue) return reading.Value;
        Note(path, reading.State, reading.Reason);
        return null;
    }

    public ImmutableSortedDictionary<string, string> ToDictionary() => _reasons.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private void Note(string path, ReadingState state, string? reason) =>
        _reasons[path] = reason is null ? JsonNames.Of(state) : $"{JsonNames.Of(state)}: {reason}";
}
