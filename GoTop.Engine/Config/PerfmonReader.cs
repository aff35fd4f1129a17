using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[perfmon]</c> table.</summary>
internal static class PerfmonReader
{
    private const int MostCounters = 64;
    private const int LongestPath = 500;

    public static ImmutableArray<string> Read(TableReader? table, ProblemList problems)
    {
        if (table is null) return [];
        List<string> paths = [];
        foreach ((string path, TomlPosition at) in table.Texts("counters") ?? [])
        {
            // The object and the counter, after a machine's name where there is one.
            if (path.Length > LongestPath || !path.StartsWith('\\') || path.IndexOf('\\', 2) < 0 || path.EndsWith('\\')) problems.Add(at, @"a counter's path is written as \Object\Counter or \Object(Instance)\Counter");
            else if (paths.Contains(path, StringComparer.OrdinalIgnoreCase)) problems.Add(at, "this counter stands in \"perfmon.counters\" twice");
            else if (paths.Count == MostCounters) problems.Add(at, $"there are more than {MostCounters} counters in \"perfmon.counters\"");
            else paths.Add(path);
        }

        table.Finish();
        return [.. paths];
    }
}
