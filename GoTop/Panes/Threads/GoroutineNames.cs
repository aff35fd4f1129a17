using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Panes.Threads;

/// <summary>The functions of the few goroutines that have a thread, found in one pass over all of them.</summary>
internal sealed class GoroutineNames
{
    private readonly Dictionary<long, string> _functions = [];

    public GoroutineNames(Snapshot now)
    {
        if (!now.Facts.Goroutines.TryGet(out GoroutineTable? table) || !now.Threads.TryGet(out var threads)) return;
        HashSet<long> wanted = [.. threads.Select(thread => thread.Go.TryGet(out GoThread go) ? go.Goroutine ?? go.LockedGoroutine : null).OfType<long>()];
        if (wanted.Count == 0) return;
        foreach (ref readonly GoroutineRow row in table.Rows.AsSpan())
        {
            if (wanted.Contains(row.Id)) _functions[row.Id] = row.StartFunction >= 0 ? GoroutineWords.Function(table.Locations[row.StartFunction]) : MainGoroutine(row.Id);
        }
    }

    /// <summary>What it was started with; null for one that is not listed: the runtime's own, or ended by now.</summary>
    public string? Function(long id) => _functions.GetValueOrDefault(id);

    private static string MainGoroutine(long id) => id == 1 ? "main.main" : "unknown";
}
