using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace GoTop.Engine.Control.Watchdog;

/// <summary>How all targets of an agent stand with their watchdogs: written by these, read by what else is built upon the agent.</summary>
public sealed class WatchdogStandings
{
    private readonly ConcurrentDictionary<string, WatchdogStanding> _standings = new(StringComparer.Ordinal);

    public ImmutableArray<WatchdogStanding> All => [.. _standings.Values.OrderBy(standing => standing.Target, StringComparer.Ordinal)];

    /// <summary>Null for a target without a watchdog.</summary>
    public WatchdogStanding? Of(string target) => _standings.GetValueOrDefault(target);

    internal void Set(WatchdogStanding standing) => _standings[standing.Target] = standing;

    internal void Remove(string target) => _standings.TryRemove(target, out _);
}
