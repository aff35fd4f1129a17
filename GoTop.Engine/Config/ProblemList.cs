using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Collects the problems of one file.</summary>
public sealed class ProblemList(string file)
{
    /// <summary>A file can be wrong in every line; nobody reads on after these.</summary>
    private const int Most = 100;

    private readonly List<ConfigProblem> _problems = [];
    private readonly SortedSet<string> _knownKeys = new(StringComparer.Ordinal);

    public string File { get; } = file;

    public bool IsEmpty => _problems.Count == 0;

    /// <summary>Every key that was asked for, with its table's name, e.g. <c>target.url</c>; for drift tests.</summary>
    internal IReadOnlyCollection<string> KnownKeys => _knownKeys;

    /// <summary>How many have been reported, also beyond those that are kept.</summary>
    internal int Reported { get; private set; }

    public void Add(TomlPosition position, string message)
    {
        Reported++;
        if (_problems.Count < Most) _problems.Add(new ConfigProblem(File, position.Line, position.Column, OneLine(message)));
    }

    /// <summary>A problem of the file as a whole.</summary>
    public void Add(string message) => Add(default, message);

    /// <summary>In the order of the file.</summary>
    public ImmutableArray<ConfigProblem> ToImmutable() => [.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    internal bool HasAt(int line) => _problems.Exists(p => p.Line == line);

    internal void Know(string key) => _knownKeys.Add(key);

    // Messages quote the file, and the file may hold anything; they end up on a terminal.
    private static string OneLine(string message) =>
        string.Create(Math.Min(message.Length, 300), message, static (target, text) =>
        {
            for (int i = 0; i < target.Length; i++) target[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
}
