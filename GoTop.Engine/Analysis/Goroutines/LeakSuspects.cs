using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>
/// Groups that may leak, as far as memory tells: they wait, and there are more of them than there were. A suspicion and no
/// proof, but for those that the runtime itself has found to be leaked.
/// </summary>
public static class LeakSuspects
{
    private const int LeastGrowth = 5;
    private const double LeastShare = 0.02;

    /// <summary>The proven ones first, then those that grew most.</summary>
    /// <param name="then">Groups of the moment compared with.</param>
    /// <param name="seconds">From then to now.</param>
    /// <param name="trends">How the groups have grown lately.</param>
    public static ImmutableArray<LeakSuspect> Of(
        ImmutableArray<GoroutineGroup> then, ImmutableArray<GoroutineGroup> now, double seconds, ImmutableDictionary<GroupKey, GroupTrend> trends)
    {
        Dictionary<GroupKey, int> before = Counts(then), after = Counts(now);
        HashSet<GroupKey> leaked = [.. now.Where(group => group.Key.State == GoroutineState.Leaked).Select(group => group.Key.WhetherLeakedOrNot)];
        List<LeakSuspect> suspects = [];
        foreach (GoroutineGroup group in now)
        {
            GroupKey whole = group.Key.WhetherLeakedOrNot;
            int growth = after[whole] - before.GetValueOrDefault(whole);
            bool proven = group.Key.State == GoroutineState.Leaked;
            // Where some are proven, what has grown is told with those.
            bool grows = group.Key.State == GoroutineState.Waiting && !leaked.Contains(whole) && growth >= Math.Max(LeastGrowth, group.Count * LeastShare);
            if (!proven && !grows) continue;
            // What has fallen back lately came in a burst and is going again.
            int lately = trends.TryGetValue(group.Key, out GroupTrend trend) ? trend.Growth : growth;
            LeakSign sign = proven ? LeakSign.Proven : lately > 0 ? LeakSign.Growing : lately == 0 ? LeakSign.StoppedGrowing : LeakSign.Shrinking;
            suspects.Add(new LeakSuspect(group, growth, seconds > 0 ? growth * 60 / seconds : 0, sign));
        }

        return [.. suspects.OrderBy(suspect => suspect.Sign).ThenByDescending(suspect => suspect.Growth)];
    }

    private static Dictionary<GroupKey, int> Counts(ImmutableArray<GoroutineGroup> groups)
    {
        Dictionary<GroupKey, int> counts = new(groups.Length);
        foreach (GoroutineGroup group in groups) CollectionsMarshal.GetValueRefOrAddDefault(counts, group.Key.WhetherLeakedOrNot, out _) += group.Count;
        return counts;
    }
}

/// <summary>In the order of weight.</summary>
public enum LeakSign : byte
{
    /// <summary>The runtime has found that nothing can wake them (goroutine state <c>leaked</c>, Go 1.26 and later).</summary>
    Proven,
    Growing,

    /// <summary>There are more than there were, but not in the last two minutes.</summary>
    StoppedGrowing,

    /// <summary>There are more than there were, but fewer than two minutes ago.</summary>
    Shrinking,
}

/// <param name="Growth">Goroutines more than at the moment compared with; with proven ones, those of their group that merely wait count as well.</param>
/// <param name="PerMinute">The same by time.</param>
public sealed record LeakSuspect(GoroutineGroup Group, int Growth, double PerMinute, LeakSign Sign);
