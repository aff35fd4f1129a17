using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>
/// One thing that is waited on, or many alike: a leak often leaves a thousand goroutines at a channel of their own each, and
/// a list of a thousand channels hides it.
/// </summary>
/// <param name="Things">Indices of <see cref="WaitIndex.Objects"/>, at least one.</param>
/// <param name="Waiters">Goroutines that wait on them.</param>
/// <param name="Site">Where and how the first of them waits.</param>
public sealed record WaitFamily(ImmutableArray<int> Things, int Waiters, WaitSite Site)
{
    public bool IsOne => Things.Length == 1;

    public int First => Things[0];
}

/// <summary>Takes together things of one kind that few wait for each, at the same place and in the same way.</summary>
internal static class WaitFamilies
{
    private const int FewWaiters = 3;
    private const int LeastMembers = 4;

    public static ImmutableArray<WaitFamily> Of(WaitIndex index)
    {
        Dictionary<(WaitObjectKind, int, string, CodeLocation), List<int>> alike = [];
        List<WaitFamily> families = [];
        for (int i = 0; i < index.Objects.Length; i++)
        {
            WaitSite site = index.FirstSiteOf(i);
            if (index.Waiters(i) > FewWaiters)
            {
                families.Add(new WaitFamily([i], index.Waiters(i), site));
                continue;
            }

            ref List<int>? members = ref CollectionsMarshal.GetValueRefOrAddDefault(alike, (index.Objects[i].Kind, index.Objects[i].ElementType, site.WaitReason, site.Where), out _);
            members ??= [];
            members.Add(i);
        }

        foreach (List<int> members in alike.Values)
        {
            if (members.Count < LeastMembers) families.AddRange(members.Select(One));
            else families.Add(new WaitFamily([.. members.OrderBy(thing => index.Objects[thing].Address)], members.Sum(index.Waiters), index.FirstSiteOf(members[0])));
        }

        return [.. families.OrderByDescending(family => family.Waiters).ThenBy(family => index.Objects[family.First].Address)];

        WaitFamily One(int thing) => new([thing], index.Waiters(thing), index.FirstSiteOf(thing));
    }
}
