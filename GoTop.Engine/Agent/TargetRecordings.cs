using System.Collections.Concurrent;

namespace GoTop.Engine.Agent;

/// <summary>Which file tells of each target's present life, or of its last one: set by who records it, read by who tells people of it.</summary>
public sealed class TargetRecordings
{
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>Null when its present life is not recorded.</summary>
    public string? Of(string target) => _files.GetValueOrDefault(target);

    internal void Set(string target, string? file)
    {
        if (file is null) _files.TryRemove(target, out _);
        else _files[target] = file;
    }
}
