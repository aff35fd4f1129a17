using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GoTop.Engine.Analysis.Goroutines;

public enum GroupChangeKind : byte
{
    New,
    Growing,
    Shrinking,
    Gone,
}

/// <summary>How the number of goroutines in a group changed between two moments.</summary>
/// <typeparam name="TKey">What makes goroutines one group.</typeparam>
public readonly record struct GroupChange<TKey>(TKey Key, long Before, long After)
{
    public long Change => After - Before;

    public GroupChangeKind Kind => (Before, After) switch
    {
        (0, _) => GroupChangeKind.New,
        (_, 0) => GroupChangeKind.Gone,
        _ => Change > 0 ? GroupChangeKind.Growing : GroupChangeKind.Shrinking,
    };
}

/// <summary>Compares the groups of two moments, of dumps or of a live process. Pure.</summary>
public static class GroupChanges
{
    /// <summary>What changed, the greatest growth first and the greatest loss last; groups as large as before are left out.</summary>
    public static ImmutableArray<GroupChange<TKey>> Between<TKey>(IEnumerable<KeyValuePair<TKey, long>> before, IEnumerable<KeyValuePair<TKey, long>> after)
        where TKey : notnull
    {
        Dictionary<TKey, (long Before, long After)> counts = [];
        foreach ((TKey key, long count) in before) CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _).Before += count;
        foreach ((TKey key, long count) in after) CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _).After += count;
        return
        [
            .. counts.Where(group => group.Value.Before != group.Value.After)
                .Select(group => new GroupChange<TKey>(group.Key, group.Value.Before, group.Value.After))
                .OrderByDescending(change => change.Change).ThenByDescending(change => change.After),
        ];
    }

    /// <summary>By creator, state, reason and stack.</summary>
    public static ImmutableArray<GroupChange<DumpGroupKey>> Between(ImmutableArray<DumpGroup> before, ImmutableArray<DumpGroup> after) => Between(
        before.Select(group => KeyValuePair.Create(group.Key, group.Count)), after.Select(group => KeyValuePair.Create(group.Key, group.Count)));
}
