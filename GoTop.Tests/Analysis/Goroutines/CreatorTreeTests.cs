using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class CreatorTreeTests
{
    [Fact]
    public void Goroutines_stand_below_those_that_started_them_with_sums_upwards()
    {
        CreatorTree tree = new(Table((1, 0, "runtime.main"), (10, 1, "main.serve"), (11, 1, "main.serve"), (20, 10, "main.handle"), (21, 10, "main.handle"), (22, 11, "main.handle"), (30, 22, "main.send")));
        int main = Assert.Single(tree.Roots);
        Assert.Equal(("runtime.main", 1, 7, 0), Short(tree[main]));
        int serve = Assert.Single(tree[main].Children);
        Assert.Equal(("main.serve", 2, 6, 1), Short(tree[serve]));
        int handle = Assert.Single(tree[serve].Children);
        Assert.Equal(("main.handle", 3, 4, 2), Short(tree[handle]));
        Assert.Equal(("main.send", 1, 1, 3), Short(tree[Assert.Single(tree[handle].Children)]));
        Assert.Equal(handle, tree.NodeOf(5));
        Assert.True(tree.HasParents);
    }

    [Fact]
    public void Where_the_parent_has_ended_the_place_stands_at_the_top()
    {
        CreatorTree tree = new(Table((1, 0, "runtime.main"), (40, 7, "main.send"), (41, 8, "main.send")));
        Assert.Equal(["main.send", "runtime.main"], tree.Roots.Select(root => tree[root].StartFunction));
        Assert.Equal((true, 2), (tree[tree.Roots[0]].ParentEnded, tree[tree.Roots[0]].Own));
        Assert.False(tree[tree.Roots[1]].ParentEnded);
    }

    [Fact]
    public void A_child_may_have_the_lower_id()
    {
        CreatorTree tree = new(Table((1, 0, "runtime.main"), (5, 33, "main.child"), (33, 1, "main.parent")));
        int parent = Assert.Single(tree[Assert.Single(tree.Roots)].Children);
        Assert.Equal("main.child", tree[Assert.Single(tree[parent].Children)].StartFunction);
    }

    [Fact]
    public void A_chain_of_the_same_places_is_folded_into_one_node()
    {
        CreatorTree tree = new(Table([(1, 0, "runtime.main"), .. Enumerable.Range(2, 50_000).Select(i => ((long)i, i - 1L, i % 2 == 0 ? "main.even" : "main.odd"))]));
        Assert.Equal(3, tree.Count);
        int even = Assert.Single(tree[Assert.Single(tree.Roots)].Children);
        Assert.Equal(("main.even", 25_000, 50_000, 1), Short(tree[even]));
    }

    [Fact]
    public void Parents_in_a_circle_are_no_endless_walk()
    {
        CreatorTree tree = new(Table((2, 3, "main.a"), (3, 4, "main.b"), (4, 2, "main.c"), (9, 9, "main.self")));
        Assert.Equal(4, tree.Roots.Sum(root => tree[root].Total));
    }

    [Fact]
    public void Before_go_1_21_places_stand_alone()
    {
        CreatorTree tree = new(Table((1, 0, "runtime.main"), (10, 0, "main.serve"), (11, 0, "main.serve")));
        Assert.False(tree.HasParents);
        Assert.Equal([("main.serve", 2, 2, 0), ("runtime.main", 1, 1, 0)], tree.Roots.Select(root => Short(tree[root])));
    }

    [Fact]
    public void A_node_says_what_its_own_goroutines_do_and_is_called_the_same_in_the_next_reading()
    {
        GoroutineTable table = Table((1, 0, "runtime.main"), (10, 1, "main.serve"), (11, 1, "main.serve"));
        CreatorTree tree = new(table), next = new(table with { Rows = table.Rows.Add(table.Rows[2] with { Id = 12, State = GoroutineState.Running, WaitReason = 0 }) });
        int serve = tree[tree.Roots[0]].Children[0], nextServe = next[next.Roots[0]].Children[0];
        Assert.Equal([(GoroutineState.Waiting, "select", 2)], tree.StatesOf(serve));
        Assert.Equal([(GoroutineState.Waiting, "select", 2), (GoroutineState.Running, "", 1)], next.StatesOf(nextServe));
        Assert.Equal(tree.PathOf(serve), next.PathOf(nextServe));
        Assert.NotEqual(tree.PathOf(serve), tree.PathOf(tree.Roots[0]));
    }

    private static (string, int, int, int) Short(CreatorNode node) => (node.StartFunction, node.Own, node.Total, node.Depth);

    private static GoroutineTable Table(params (long Id, long Parent, string Start)[] goroutines)
    {
        ImmutableArray<CodeLocation> locations = [.. goroutines.Select(g => g.Start).Distinct().Select(start => new CodeLocation(start, "/src/main.go", 10))];
        return new GoroutineTable
        {
            Rows =
            [
                .. goroutines.Select(g =>
                {
                    int place = locations.Select(l => l.Function).ToList().IndexOf(g.Start);
                    return new GoroutineRow(g.Id, GoroutineState.Waiting, 1, 0, g.Id == 1 ? -1 : place, place, g.Parent, -1, false);
                }),
            ],
            Locations = locations,
            WaitReasons = ["", "select"],
            Stacks = [],
            NowNanoseconds = 1,
            Torn = 0,
            SystemGoroutines = 0,
        };
    }
}
