using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;
using GoTop.Tests.GoRuntime.Dumps;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class DumpGroupTests
{
    public static TheoryData<string> Folders => [.. PprofCapture.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Groups_add_up_to_all_goroutines_and_hold_what_is_alike(string folder)
    {
        foreach (string file in new[] { "goroutine.2.txt", "goroutine.1.txt" })
        {
            GoroutineDump dump = DumpFixtures.Parse(PprofCapture.Read(folder, file));
            ImmutableArray<DumpGroup> groups = DumpGroups.Of(dump);

            Assert.Equal(dump.Goroutines, groups.Sum(group => group.Count));
            Assert.Equal(groups.Length, groups.Select(group => group.Key).Distinct().Count());
            Assert.Equal(groups.Select(group => group.Count).OrderDescending(), groups.Select(group => group.Count));
            Assert.Equal(500, groups.Where(group => group.Key.Stack.Frames is [{ Function: "main.(*service).parkDeep" }, ..]).Sum(group => group.Count));
        }
    }

    [Fact]
    public void A_group_tells_its_oldest_wait_its_labels_and_its_locked_threads()
    {
        const string Stack = "\nmain.f(0x1)\n\t/a.go:1 +0x1\ncreated by main.main in goroutine 1\n\t/a.go:9 +0x9\n\n";
        ImmutableArray<DumpGroup> groups = DumpGroups.Of(DumpFixtures.Parse(
            $"goroutine 4 [select, 3 minutes]:{Stack}goroutine 5 [select] {{job: a}}:{Stack}goroutine 6 [select, 70 minutes, locked to thread] {{job: a, n: 1}}:{Stack}goroutine 7 [chan send]:{Stack}"));

        Assert.Equal([3, 1], groups.Select(group => group.Count));
        Assert.Equal((70, 1L, 4L), (groups[0].OldestMinutes, groups[0].LockedToThread, groups[0].FirstId));
        Assert.Null(groups[1].OldestMinutes);
        Assert.Equal([new(new("job", "a"), 2), new(new("n", "1"), 1)], groups[0].Labels);
        Assert.Equal(new DumpGroupKey(GoroutineState.Waiting, "select", new CodeLocation("main.main", "/a.go", 9), new([new CodeLocation("main.f", "/a.go", 1)], -1, null)), groups[0].Key);
    }

    [Fact]
    public void Two_dumps_of_a_leaking_service_differ_in_the_leak()
    {
        // The same service's list with ten leaked goroutines taken out stands for the earlier moment.
        GoroutineDump after = DumpFixtures.Parse(PprofCapture.Read("go1.25-linux", "goroutine.2.txt"));
        ImmutableArray<DumpedGoroutine> leaked = [.. after.Rows.Where(row => after.Stacks[row.Stack].Frames.Any(frame => after.Locations[frame].Function == "main.(*service).leakedSend"))];
        GoroutineDump before = after with { Rows = after.Rows.RemoveRange(leaked.Take(10)) };
        ImmutableArray<GroupChange<DumpGroupKey>> changes = GroupChanges.Between(DumpGroups.Of(before), DumpGroups.Of(after));

        GroupChange<DumpGroupKey> change = Assert.Single(changes);
        Assert.Equal((GroupChangeKind.Growing, leaked.Length - 10, leaked.Length, 10), (change.Kind, change.Before, change.After, change.Change));
        Assert.Empty(GroupChanges.Between(DumpGroups.Of(after), DumpGroups.Of(after)));
        Assert.Equal(GroupChangeKind.Shrinking, Assert.Single(GroupChanges.Between(DumpGroups.Of(after), DumpGroups.Of(before))).Kind);
    }

    [Fact]
    public void Changes_are_new_growing_shrinking_and_gone_in_this_order()
    {
        ImmutableArray<GroupChange<string>> changes = GroupChanges.Between<string>(
            [new("grows", 5), new("same", 3), new("gone", 4), new("shrinks", 9), new("twice", 1), new("twice", 1)],
            [new("grows", 8), new("same", 3), new("new", 7), new("shrinks", 8), new("twice", 2)]);
        Assert.Equal(
            [("new", GroupChangeKind.New), ("grows", GroupChangeKind.Growing), ("shrinks", GroupChangeKind.Shrinking), ("gone", GroupChangeKind.Gone)],
            changes.Select(change => (change.Key, change.Kind)));
    }

    [Fact]
    public void Ages_of_waiting_fall_into_buckets_and_unknown_ones_apart()
    {
        WaitAges ages = WaitAges.Of([(0, 1), (0.99, 1), (1, 2), (59.9, 3), (60, 4), (3600, 5), (1e12, 6), (null, 7)]);
        Assert.Equal(
            [(0L, 1L, 2L), (1, 10, 2), (10, 60, 3), (60, 300, 4), (3600, 21600, 5), (604800, null, 6)],
            ages.Buckets.Where(bucket => bucket.Count > 0).Select(bucket => (bucket.FromSeconds, bucket.ToSeconds, bucket.Count)));
        Assert.Equal(7, ages.Unknown);
        Assert.Equal(11, WaitAges.Of(DumpFixtures.Dump("go1.27", "dump-minutes")).Buckets.Single(bucket => bucket.FromSeconds == 60).Count);
    }
}
