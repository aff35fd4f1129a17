using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class WaitIndexTests
{
    private static readonly GoroutineTable Table = GoroutineTables.Leak(60, 1_000_000_000_000_000);

    private static readonly WaitIndex Index = new(Table, Table.Waits.Value);

    [Fact]
    public void The_things_stand_by_how_many_wait_on_them()
    {
        int[] order = Index.ByWaiters();
        Assert.Equal([48, 6, 1], order.Take(3).Select(Index.Waiters));
        Assert.Equal(Table.Waits.Value.Objects.Length, order.Distinct().Count());
        // Equals by address, so that they stay where they are from tick to tick.
        Assert.Equal(order[2..].Order(Comparer<int>.Create((a, b) => Index.Objects[a].Address.CompareTo(Index.Objects[b].Address))), order[2..]);
    }

    [Fact]
    public void A_thing_has_its_goroutines_and_they_have_it()
    {
        int mutex = Index.ByWaiters()[1];
        Assert.Equal(WaitObjectKind.Mutex, Index.Objects[mutex].Kind);
        Assert.Equal(Enumerable.Range(33, 6), Index.RowsOf(mutex).ToArray());
        Assert.All(Index.RowsOf(mutex).ToArray(), row => Assert.Equal([mutex], Index.WaitsOf(row)));
        Assert.Equal(2, Index.WaitsOf(2).Length);
        Assert.Empty(Index.WaitsOf(5));
        Assert.Empty(Index.WaitsOf(Table.Rows.Length + 1));
    }

    [Fact]
    public void Its_sites_are_places_in_the_programs_own_code()
    {
        ImmutableArray<WaitSite> sites = Index.SitesOf(Index.ByWaiters()[0]);
        WaitSite only = Assert.Single(sites);
        Assert.Equal((48, "chan send"), (only.Count, only.WaitReason));
        Assert.EndsWith("orders.(*Publisher).publish", only.Where.Function, StringComparison.Ordinal);
        // One stack of the six was read: the others stand at the function they were started with.
        Assert.Equal([(5, "queue.(*Worker).loop"), (1, "queue.(*Worker).take")], Index.SitesOf(Index.ByWaiters()[1]).Select(s => (s.Count, s.Where.Function[(s.Where.Function.LastIndexOf('/') + 1)..])));
    }

    [Fact]
    public void The_oldest_wait_counts_from_the_first_that_a_collection_noted()
    {
        int channel = Index.ByWaiters()[0];
        long oldest = Index.RowsOf(channel).ToArray().Select(row => Table.Rows[row].WaitSinceNanoseconds).Where(since => since > 0).Min();
        Assert.Equal(oldest, Index.OldestSince(channel));
    }

    [Fact]
    public void Things_alike_with_few_waiters_each_are_one_family()
    {
        ImmutableArray<WaitFamily> families = Index.Families;
        Assert.Equal(Index.Objects.Length, families.SelectMany(family => family.Things).Distinct().Count());
        WaitFamily errors = families.Single(family => !family.IsOne);
        Assert.Equal((12, 12, "chan send"), (errors.Things.Length, errors.Waiters, errors.Site.WaitReason));
        Assert.EndsWith("orders.(*Store).Save", errors.Site.Where.Function, StringComparison.Ordinal);
        Assert.Equal([48, 12, 6, 1, 1, 1], families.Select(family => family.Waiters));
    }

    [Fact]
    public void Who_is_past_the_place_where_the_others_wait_for_a_lock_may_have_it()
    {
        int mutex = Index.ByWaiters()[1];
        Assert.Empty(Index.PerhapsHolding(Index.ByWaiters()[0]));
        // The runnable worker has the function of the five whose stacks were not read.
        (int row, CodeLocation at) = Assert.Single(Index.PerhapsHolding(mutex));
        Assert.Equal(GoroutineState.Runnable, Table.Rows[row].State);
        Assert.EndsWith("queue.(*Worker).loop", at.Function, StringComparison.Ordinal);
    }
}
