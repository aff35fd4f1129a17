using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Profiles;

public sealed class AnalysedProfileTests
{
    private static readonly ProfileValueType Cpu = new("cpu", "nanoseconds");

    [Fact]
    public void A_recursive_function_counts_once_per_sample()
    {
        AnalysedProfile profile = new(Stacks.Profile(Cpu, "main;f;g;f;f 10", "main;f 1"));
        Assert.Equal(["f 11 11", "g 0 10", "main 0 11"], profile.Functions(0).Select(row => $"{row.Function} {row.Flat} {row.Cumulative}"));
        Assert.Equal(new ProfileTotals(11, 11, 2), profile.Totals(0));
    }

    [Fact]
    public void Values_below_zero_are_ordered_by_size_and_totalled_without_sign()
    {
        AnalysedProfile profile = new(Stacks.Profile(Cpu, "a 3", "b -7", "c;b 2", "d 0", "e 5", "e -5"));
        // e comes to nothing, and d was nothing.
        Assert.Equal(["b -5 -5", "a 3 3", "c 0 2"], profile.Functions(0).Select(row => $"{row.Function} {row.Flat} {row.Cumulative}"));
        Assert.Equal(new ProfileTotals(12, -2, 3), profile.Totals(0));
    }

    [Fact]
    public void A_function_names_its_hottest_line()
    {
        AnalysedProfile profile = new(Stacks.Profile(Cpu, "main@main.go:3;f@f.go:10 5", "main@main.go:4;f@f.go:11 7", "main@main.go:4;f@f.go:12;g@g.go:1 100"));
        Assert.Equal(["g g.go:1", "f f.go:11", "main main.go:4"], profile.Functions(0).Select(row => $"{row.Function} {row.File}:{row.Line}"));
        Assert.Equal(
            ["g g.go:1 100 100", "f f.go:11 7 7", "f f.go:10 5 5", "f f.go:12 0 100", "main main.go:3 0 5", "main main.go:4 0 107"],
            profile.Lines(0).Select(row => $"{row.Function} {row.File}:{row.Line} {row.Flat} {row.Cumulative}"));
    }

    [Fact]
    public void Inlined_functions_are_functions_and_are_said_to_be_inlined()
    {
        AnalysedProfile profile = new(ForeignProfiles.WithEverything());
        ImmutableArray<FunctionTotals> rows = profile.Functions(0);
        Assert.Equal(Inlining.Inlined, rows.Single(row => row.Function == "inlined").Inlining);
        Assert.Equal(Inlining.Called, rows.Single(row => row.Function == "outer").Inlining);
        Assert.Equal(10, rows.Single(row => row.Function == "outer").StartLine);
    }

    [Fact]
    public void Without_symbols_frames_are_called_after_the_mapping_and_lines_after_the_address()
    {
        AnalysedProfile profile = new(ForeignProfiles.WithoutSymbols());
        Assert.Equal(["[libc-2.31.so] 30 30", "[server] 7 41", "<unknown> 4 4"], profile.Functions(0).Select(row => $"{row.Function} {row.Flat} {row.Cumulative}"));
        Assert.Contains("0000000000402000 [server]", profile.Lines(0).Select(row => row.Function));
        Assert.Contains("000000000000dead <unknown>", profile.Lines(0).Select(row => row.Function));
    }

    [Fact]
    public void The_default_type_is_the_one_named_or_else_the_last()
    {
        Assert.Equal(1, new AnalysedProfile(ForeignProfiles.WithEverything()).DefaultType);
        Assert.Equal(1, new AnalysedProfile(ForeignProfiles.WithoutSymbols()).DefaultType);
        Assert.Equal(-1, new AnalysedProfile(ProfileFixtures.Parse(ProtobufText.Message().Text(6, "").Bytes)).DefaultType);
    }

    [Fact]
    public void The_tree_merges_stacks_from_the_outside()
    {
        CallTree tree = new AnalysedProfile(Stacks.Profile(Cpu, "main;f;g 3", "main;f 2", "main;h 9", "other 1", " 4")).Tree(0);
        Assert.Equal(["", "main 14", " h 9", " f 5", "  g 3", "other 1"], Outline(tree));
        Assert.Equal((19, 4), (tree.TotalOf(0), tree.FlatOf(0)));
        Assert.False(tree.IsCut);
        int g = Enumerable.Range(1, tree.Count - 1).Single(node => tree.NameOf(node) == "g");
        Assert.Equal(["main", "f", "g"], tree.PathTo(g).Select(tree.NameOf));

        CallTree pruned = tree.Prune(4);
        Assert.Equal(["", "main 14", " h 9", " f 5"], Outline(pruned));
        Assert.Equal(19, pruned.TotalOf(0));
    }

    [Fact]
    public void A_tree_of_too_many_nodes_keeps_the_values()
    {
        NamedFrames frames = new();
        CallTreeBuilder builder = new(frames, maximumNodes: 4);
        int[] stack = [.. Enumerable.Range(0, 10).Select(i => frames.Add($"f{i}"))];
        builder.Add(stack, 5);
        builder.Add([frames.Add("x")], 2);
        CallTree tree = builder.Build();
        Assert.True(tree.IsCut);
        Assert.Equal((4, 7), (tree.Count, tree.TotalOf(0)));
    }

    [Fact]
    public void Callers_and_callees_share_what_passes_between_them()
    {
        AnalysedProfile profile = new(Stacks.Profile(Cpu, "main;f;g 3", "main;f;h 4", "other;f 5", "main;f;f;g 7", "f;x;f;x 1"));
        FunctionNeighbours f = Assert.IsType<FunctionNeighbours>(profile.Neighbours(0, "f"));
        Assert.Equal((5, 20), (f.Flat, f.Cumulative));
        Assert.Equal(["main 14", "other 5", "x 1"], f.Callers.Select(each => $"{each.Function} {each.Value}"));
        Assert.Equal(["g 10", "h 4", "x 1"], f.Callees.Select(each => $"{each.Function} {each.Value}"));
        Assert.Null(profile.Neighbours(0, "nothing"));
    }

    [Fact]
    public void The_runtime_can_be_hidden()
    {
        Profile profile = Stacks.Profile(
            Cpu, "runtime.main;main.main;main.work;runtime.mallocgc;runtime.memclr 3", "runtime.gcBgMarkWorker;runtime.scanobject 2", "main.main;internal/runtime/maps.(*Map).Put;aeshashbody 1",
            "main.main;runtime/pprof.Do 1");
        AnalysedProfile all = new(profile);
        AnalysedProfile own = all.With(new ProfileFilter { HideRuntime = true });
        Assert.Equal(
            ["main.work 3 3", "runtime.gcBgMarkWorker 2 2", "main.main 1 5", "runtime/pprof.Do 1 1"], own.Functions(0).Select(row => $"{row.Function} {row.Flat} {row.Cumulative}"));
        Assert.Equal(all.Totals(0), own.Totals(0));
    }

    [Fact]
    public void Focus_and_ignore_choose_samples_by_their_frames()
    {
        Profile profile = Stacks.Profile(Cpu, "main;shop.Order;db.Query 3", "main;shop.Order 2", "main;gc 1", "main@/src/Shop/x.go:1 8");
        Assert.Equal(13, new AnalysedProfile(profile, new ProfileFilter { Focus = "SHOP" }).Totals(0).Sum);
        Assert.Equal(2, new AnalysedProfile(profile, new ProfileFilter { Focus = "shop.order", Ignore = "db." }).Totals(0).Sum);
        Assert.Equal(["shop.Order 2 2", "main 0 2"], new AnalysedProfile(profile, new ProfileFilter { Focus = "shop.order", Ignore = "db." }).Functions(0).Select(row => $"{row.Function} {row.Flat} {row.Cumulative}"));
    }

    [Fact]
    public void Labels_are_totalled_and_choose_samples()
    {
        ProfileBuilder builder = Stacks.Builder([Cpu]);
        Stacks.Add(builder, "f 3", new KeyValuePair<string, string>("handler", "/a"), new KeyValuePair<string, string>("user", "u1"));
        Stacks.Add(builder, "g 5", new KeyValuePair<string, string>("handler", "/b"));
        Stacks.Add(builder, "h 7");
        int bytes = builder.AddString("bytes");
        builder.AddSample([0], [2], [new ProfileLabel(bytes, 0, 64, bytes)]);
        AnalysedProfile profile = new(builder.Build());
        Assert.Equal(["bytes 2: 64 bytes=2", "handler 8: /b=5 /a=3", "user 3: u1=3"], profile.Labels(0).Select(Text));
        Assert.Equal(3, profile.With(new ProfileFilter { Labels = [new LabelFilter("handler", "/a")] }).Totals(0).Sum);
        Assert.Equal(8, profile.With(new ProfileFilter { Labels = [new LabelFilter("handler", null)] }).Totals(0).Sum);
        Assert.Equal(2, profile.With(new ProfileFilter { Labels = [new LabelFilter("bytes", "64")] }).Totals(0).Sum);
        Assert.Equal(0, profile.With(new ProfileFilter { Labels = [new LabelFilter("handler", "/a"), new LabelFilter("bytes", null)] }).Totals(0).Sum);

        static string Text(LabelKeyTotals key) => $"{key.Key} {key.Total}: {string.Join(' ', key.Values.Select(value => $"{value.Value}={value.Total}"))}";
    }

    [Fact]
    public void Lock_sites_are_where_the_program_itself_locks()
    {
        Profile profile = Stacks.Builder(
            [new("contentions", "count"), new("delay", "nanoseconds")],
            "main.main@m.go:1;main.book@m.go:7;sync.(*Mutex).Unlock@mutex.go:9;internal/sync.(*Mutex).Unlock@mutex.go:1 3 300",
            "main.other@m.go:2;main.book@m.go:7;sync.(*Mutex).Unlock@mutex.go:9 1 100",
            "main.wait@m.go:9;runtime.chanrecv1@chan.go:5 10 50",
            "runtime.bgsweep@x.go:1;runtime.unlock@x.go:2 1 1").Build();
        ImmutableArray<ProfileSite> sites = new AnalysedProfile(profile).Sites(1);
        Assert.Equal(
            [
                "main.book m.go:7 internal/sync.(*Mutex).Unlock 4 400", "main.wait m.go:9 runtime.chanrecv1 10 50", "runtime.unlock x.go:2 runtime.unlock 1 1",
            ],
            sites.Select(site => $"{site.Function} {site.File}:{site.Line} {site.Called} {site.Values[0]} {site.Values[1]}"));
        Assert.Equal(100.0, sites[0].Mean(1, per: 0));
        Assert.Equal("main.wait", new AnalysedProfile(profile).Sites(0)[0].Function);
    }

    [Fact]
    public void Own_lines_have_what_the_library_does_for_them()
    {
        AnalysedProfile profile = new(Stacks.Profile(
            Cpu, "main.main@m.go:1;main.f@m.go:5;fmt.Sprint@p.go:1;runtime.mallocgc@r.go:1 3", "main.main@m.go:1;main.f@m.go:5 1", "runtime.gcBgMarkWorker@g.go:1;runtime.scan@g.go:2 2"));
        Assert.Equal(["main.f m.go:5 4"], profile.OwnSites(0).Take(1).Select(site => $"{site.Function} {site.File}:{site.Line} {site.Values[0]}"));
        Assert.Equal("runtime.scan", profile.OwnSites(0)[1].Function);
    }

    [Fact]
    public void Texts_of_a_hostile_profile_are_clean_and_still_one_row_each()
    {
        AnalysedProfile profile = new(Stacks.Profile(Cpu, "a\u001b[31mb@/x\u0007y:1 1", "ab@/xy:1 2"));
        FunctionTotals row = Assert.Single(profile.Functions(0));
        Assert.Equal(("ab", "/xy", 3), (row.Function, row.File, row.Flat));
        Assert.Single(profile.Sites(0));
    }

    [Fact]
    public async Task Many_threads_may_ask_at_once()
    {
        AnalysedProfile profile = new(ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s")));
        object[][] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new object[] { profile.Tree(1), profile.Totals(1), profile.Functions(1).Length })));
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Same(profile.Tree(1), answers[0][0]);
    }

    private static List<string> Outline(CallTree tree)
    {
        List<string> lines = [""];
        void Visit(int node, int depth)
        {
            foreach (int child in tree.ChildrenOf(node))
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{new string(' ', depth)}{tree.NameOf(child)} {tree.TotalOf(child)}"));
                Visit(child, depth + 1);
            }
        }

        Visit(0, 0);
        return lines;
    }
}
