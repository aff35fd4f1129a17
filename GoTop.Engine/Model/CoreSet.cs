using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace GoTop.Engine.Model;

/// <summary>A set of logical processors by their number on this machine, ascending.</summary>
public sealed class CoreSet : IEquatable<CoreSet>
{
    private readonly ImmutableArray<int> _cores;

    private CoreSet(ImmutableArray<int> cores) => _cores = cores;

    public static CoreSet Empty { get; } = new([]);

    public ImmutableArray<int> Cores => _cores;

    public int Count => _cores.Length;

    public static CoreSet Of(IEnumerable<int> cores) => new([.. cores.Distinct().Order()]);

    public bool Contains(int core) => _cores.BinarySearch(core) >= 0;

    /// <summary>Reads the kernel's list format, <c>0-3,8,10-11</c>. Empty text is the empty set.</summary>
    /// <exception cref="FormatException">The text is not such a list.</exception>
    public static CoreSet Parse(ReadOnlySpan<char> list)
    {
        list = list.Trim();
        SortedSet<int> cores = [];
        if (list.IsEmpty) return Empty;
        foreach (Range part in list.Split(','))
        {
            ReadOnlySpan<char> item = list[part].Trim();
            int dash = item.IndexOf('-');
            int first = ParseCore(dash < 0 ? item : item[..dash]);
            int last = dash < 0 ? first : ParseCore(item[(dash + 1)..]);
            if (last < first) throw new FormatException($"Core range \"{item}\" runs backwards.");
            for (int core = first; core <= last; core++) cores.Add(core);
        }

        return new CoreSet([.. cores]);
    }

    private static int ParseCore(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int core) && core < 65536
            ? core
            : throw new FormatException($"\"{text}\" is not a core number.");

    /// <summary>The kernel's list format, <c>0-3,8</c>; <c>none</c> when empty.</summary>
    public override string ToString()
    {
        if (_cores.IsEmpty) return "none";
        StringBuilder text = new();
        for (int i = 0; i < _cores.Length;)
        {
            int j = i;
            while (j + 1 < _cores.Length && _cores[j + 1] == _cores[j] + 1) j++;
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{_cores[i]}");
            if (j > i) text.Append(CultureInfo.InvariantCulture, $"-{_cores[j]}");
            i = j + 1;
        }

        return text.ToString();
    }

    public bool Equals(CoreSet? other) => other is not null && _cores.AsSpan().SequenceEqual(other._cores.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as CoreSet);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int core in _cores) hash.Add(core);
        return hash.ToHashCode();
    }
}
