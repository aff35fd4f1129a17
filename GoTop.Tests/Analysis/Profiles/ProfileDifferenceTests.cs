using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Profiles;

public sealed class ProfileDifferenceTests
{
    private const long Second = 1_000_000_000;
    private static readonly ProfileValueType Cpu = new("cpu", "nanoseconds");
    private static readonly ProfileValueType Space = new("inuse_space", "bytes");

    [Fact]
    public void Profiles_of_different_durations_are_compared_per_second()
    {
        ProfileBuilder before = Stacks.Builder([Cpu], "main;steady 2000", "main;gone 10", "main;grown 10");
        before.DurationNanoseconds = 1 * Second;
        ProfileBuilder after = Stacks.Builder([Cpu], "main;steady 20000", "main;fresh 300", "main;grown 2000");
        after.DurationNanoseconds = 10 * Second;
        ProfileDifference difference = Between(before.Build(), after.Build());
        Assert.Equal(RateBasis.Durations, difference.Basis);
        Assert.Equal(
            [
                "grown Grown 10 2000 190", "fresh New 0 300 30", "gone Gone 10 0 -10", "main Grown 0 0 0", "steady Same 2000 20000 0",
            ],
            difference.Functions(0).Select(row => $"{row.Function} {row.Kind} {row.FlatBefore} {row.FlatAfter} {row.FlatPerSecond}"));
    }

    [Fact]
    public void Growth_of_the_heap_is_told_by_place_and_as_a_slope()
    {
        ProfileBuilder before = Stacks.Builder([Space], "main@m.go:1;cache@c.go:5;runtime.makeslice@r.go:1 1000", "main@m.go:2;once@o.go:1 50", "main@m.go:3;freed@f.go:1 70");
        before.TimeNanoseconds = 1_700_000_000 * Second;
        ProfileBuilder after = Stacks.Builder([Space], "main@m.go:1;cache@c.go:5;runtime.makeslice@r.go:1 21000", "main@m.go:2;once@o.go:1 50", "main@m.go:3;more@f.go:9 5");
        after.TimeNanoseconds = 1_700_000_010 * Second;
        ProfileDifference difference = Between(before.Build(), after.Build());
        Assert.Equal(RateBasis.TimeBetween, difference.Basis);
        Assert.Equal(
            ["cache c.go:5 Grown 20000 2000", "freed f.go:1 Gone -70 -7", "more f.go:9 New 5 0.5", "once o.go:1 Same 0 0"],
            difference.Sites(0).Select(row => FormattableString.Invariant($"{row.Function} {row.File}:{row.Line} {row.Kind} {row.Delta} {row.PerSecond}")));
    }

    [Fact]
    public void Without_times_there_is_no_rate()
    {
        ProfileDifference difference = Between(Stacks.Profile(Space, "a 1"), Stacks.Profile(Space, "a 3"));
        Assert.Equal(RateBasis.None, difference.Basis);
        FunctionDifference row = Assert.Single(difference.Functions(0));
        Assert.Equal((DifferenceKind.Grown, 2L, null), (row.Kind, row.FlatDelta, row.FlatPerSecond));
    }

    [Fact]
    public void The_tree_has_both_values()
    {
        CallTree tree = Between(Stacks.Profile(Cpu, "main;f;old 4", "main;f 1"), Stacks.Profile(Cpu, "main;f 2", "main;new 7")).Tree(0);
        Assert.True(tree.HasBefore);
        Assert.Equal(
            ["f 2 5", "main 9 5", "new 7 0", "old 0 4"],
            Enumerable.Range(1, tree.Count - 1).Select(node => $"{tree.NameOf(node)} {tree.TotalOf(node)} {tree.TotalBeforeOf(node)}").Order(StringComparer.Ordinal));
        // What was large before is not pruned though it is gone.
        Assert.Equal(5, tree.Prune(4).Count);
        Assert.Equal(3, tree.Prune(5).Count - 1);
    }

    [Fact]
    public void Profiles_with_nothing_in_common_cannot_be_compared() =>
        Assert.Null(ProfileDifference.Between(new AnalysedProfile(Stacks.Profile(Cpu, "a 1")), new AnalysedProfile(Stacks.Profile(Space, "a 1"))));

    [Fact]
    public void Sample_types_are_found_by_name_and_unit()
    {
        ProfileBuilder before = Stacks.Builder([Space, new("objects", "count")], "a 5 1");
        ProfileBuilder after = Stacks.Builder([new("objects", "count"), new("cpu", "nanoseconds"), Space], "a 2 3 9");
        ProfileDifference difference = Between(before.Build(), after.Build());
        Assert.Equal([(new("objects", "count"), 1, 0), (Space, 0, 2)], difference.Types.Select(type => (type.Type, type.Before, type.After)));
        Assert.Equal(1, difference.DefaultType);
        Assert.Equal(4, difference.Functions(1)[0].FlatDelta);
    }

    [Fact]
    public void Subtraction_is_by_full_stack_and_labels()
    {
        ProfileBuilder earlier = Stacks.Builder([Space]);
        earlier.TimeNanoseconds = 5 * Second;
        Stacks.Add(earlier, "main;f 10", new KeyValuePair<string, string>("k", "v"), new KeyValuePair<string, string>("l", "w"));
        Stacks.Add(earlier, "main;f 1");
        Stacks.Add(earlier, "main;same 8");
        ProfileBuilder later = Stacks.Builder([Space]);
        later.TimeNanoseconds = 8 * Second;
        Stacks.Add(later, "main;new 4");
        Stacks.Add(later, "main;same 8");
        Stacks.Add(later, "main;f 13", new KeyValuePair<string, string>("l", "w"), new KeyValuePair<string, string>("k", "v"));
        Profile difference = ProfileSubtraction.Subtract(later.Build(), earlier.Build());
        Assert.Equal((3 * Second, 8 * Second), (difference.DurationNanoseconds, difference.TimeNanoseconds));
        Assert.Equal([4L, 3L, -1L], difference.Values.ToArray());
        Assert.Equal(2, difference.LabelSet(difference.SampleLabelSets[1]).Length);
    }

    [Fact]
    public void The_same_code_at_another_address_is_the_same()
    {
        Profile At(ulong start, long value)
        {
            ProfileBuilder builder = new(Cpu);
            int mapping = builder.AddMapping(new ProfileMapping(0, start, start + 0x2000, 0, builder.AddString("/bin/x"), builder.AddString("id"), ProfileMappingTraits.None));
            builder.AddSample([builder.AddLocation(mapping, start + 0x100, [])], [value], []);
            return builder.Build();
        }

        Profile difference = ProfileSubtraction.Subtract(At(0x7000_0000, 9), At(0x5000_0000, 4));
        Assert.Equal([5L], difference.Values.ToArray());
        Assert.Equal(0x7000_0100UL, difference.Locations[0].Address);
    }

    [Fact]
    public void Profiles_of_different_kinds_cannot_be_subtracted()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ProfileSubtraction.Subtract(Stacks.Profile(Cpu, "a 1"), Stacks.Profile(Space, "a 1")));
        Assert.Contains("inuse_space in bytes and of cpu in nanoseconds", refused.Message, StringComparison.Ordinal);
    }

    private static ProfileDifference Between(Profile before, Profile after) =>
        Assert.IsType<ProfileDifference>(ProfileDifference.Between(new AnalysedProfile(before), new AnalysedProfile(after)));
}
