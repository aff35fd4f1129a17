using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>Targets/waits, read while it runs: what its goroutines wait on, and their labels, are what it says itself.</summary>
public sealed class LiveWaitsTests
{
    private static readonly Interest Looking = new() { Waits = true, Labels = true };

    public static TheoryData<string, string> Builds => new()
    {
        { "1.19", "plain" },
        { "1.21", "plain" },
        { "1.22", "plain" },
        { "1.23", "plain" },
        { "1.24", "plain" },
        { "1.25", "plain" },
        { "1.26", "plain" },
        { "1.27", "plain" },
        { "1.19", "pie" },
        { "1.25", "pie" },
        { "1.27", "pie" },
    };

    public static TheoryData<string> Versions => ["1.19", "1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27"];

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Every_goroutine_is_found_at_the_very_thing_it_waits_on(string version, string build)
    {
        string[] arguments = build == "pie" ? ["-buildmode=pie"] : [];
        using CensusProcess target = CensusProcess.Start(await GoToolchain.RequireAsync("waits", version, "linux", arguments));
        List<string[]> truth = Objects(target);
        GoroutineTable table = AtRest(target);
        GoroutineWaits waits = table.Waits.Value;
        Assert.Empty(waits.Missing);
        Assert.Equal(0, waits.Unread);
        foreach (string[] line in truth)
        {
            int index = waits.Objects.ToList().FindIndex(o => o.Address == ulong.Parse(line[2], CultureInfo.InvariantCulture));
            Assert.True(index >= 0, string.Join(' ', line));
            Assert.Equal(line[1], waits.Objects[index].Kind.ToString().ToLowerInvariant().Replace("channel", "chan", StringComparison.Ordinal));
            int[] rows = [.. waits.Waits.Where(w => w.WaitsOn == index && StartOf(table, table.Rows[w.Row]) == line[4]).Select(w => w.Row)];
            Assert.Equal(int.Parse(line[3], CultureInfo.InvariantCulture), rows.Length);
            Assert.Distinct(rows);
        }

        Assert.Equal("main.order", waits.ElementTypes.Single(type => type == "main.order"));

        // One more for the main goroutine's reading of its input, and the channel of those with labels.
        HashSet<ulong> known = [.. truth.Select(line => ulong.Parse(line[2], CultureInfo.InvariantCulture))];
        IEnumerable<GoroutineWait> others = waits.Waits.Where(w => !known.Contains(waits.Objects[w.WaitsOn].Address));
        Assert.All(others, w => Assert.Contains("receiving2", StartOf(table, table.Rows[w.Row]), StringComparison.Ordinal));
        Assert.Equal(16, others.Count());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_things_say_how_they_stand(string version)
    {
        using CensusProcess target = await StartAsync(version);
        List<string[]> truth = Objects(target);
        GoroutineTable table = AtRest(target);
        WaitObject send = Find("main.(*place).sending");
        Assert.Equal((4, 4, false), (send.Count, send.Capacity, send.IsClosedOrLocked));
        Assert.Equal("main.order", table.Waits.Value.ElementTypes[send.ElementType]);
        WaitObject receive = Find("main.(*place).receiving");
        Assert.Equal((0, 0, false, true), (receive.Count, receive.Capacity, receive.SendersWait, receive.ReceiversWait));
        Assert.Equal((true, false), (send.SendersWait, send.ReceiversWait));
        Assert.Equal("struct {}", table.Waits.Value.ElementTypes[receive.ElementType]);
        Assert.True(Find("main.(*place).locking").IsClosedOrLocked);
        Assert.Equal(3, Find("main.(*place).waiting").Count);
        // One reader has it, and the first writer waits for that one.
        WaitObject rw = Find("main.(*place).reading");
        Assert.Equal((1, false), (rw.Count, rw.IsClosedOrLocked));

        WaitObject Find(string start)
        {
            ulong address = ulong.Parse(truth.Find(line => line[4] == start)![2], CultureInfo.InvariantCulture);
            return table.Waits.Value.Objects.Single(o => o.Address == address);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Labels_are_those_that_were_set(string version)
    {
        using CensusProcess target = await StartAsync(version);
        target.Ask("truth");
        GoroutineTable table = target.Reader.ReadGoroutines(Interest.None).Value;
        ImmutableArray<ImmutableArray<GoroutineLabel>> sets = table.LabelSets.Value;
        Assert.Empty(sets[0]);
        Assert.All(table.Rows, row => Assert.InRange(row.Labels, 0, sets.Length - 1));
        Assert.Equal([new("path", "/orders"), new("tenant", "acme")], SetOf(10));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => new GoroutineLabel($"key{i:00}", $"value {i}")), SetOf(3));
        Assert.Equal([new("empty", "")], SetOf(1));
        ImmutableArray<GoroutineLabel> hostile = SetOf(2);
        Assert.Equal(new GoroutineLabel("hostile", "red and more"), hostile[0]);
        Assert.StartsWith("0123456789", hostile[1].Value, StringComparison.Ordinal);
        Assert.EndsWith("…", hostile[1].Value, StringComparison.Ordinal);
        Assert.InRange(hostile[1].Value.Length, 50, 300);

        ImmutableArray<GoroutineLabel> SetOf(int count) =>
            sets[table.Rows.Where(row => row.Labels > 0).GroupBy(row => row.Labels).Single(group => group.Count() == count).Key];
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.22")]
    [InlineData("1.25")]
    [InlineData("1.27")]
    public async Task A_crowd_at_one_mutex_and_a_label_set_each_are_read_when_they_are_looked_at(string version)
    {
        using CensusProcess target = await StartAsync(version, "-crowd", "5000", "-conditions", "2000");
        GoroutineTable unasked = target.Reader.ReadGoroutines(Interest.None).Value;
        Assert.Equal(ReadingState.NotYet, unasked.Waits.State);
        Assert.Equal(ReadingState.NotYet, unasked.LabelSets.State);
        Assert.StartsWith("5,004 sets of labels", unasked.LabelSets.Reason, StringComparison.Ordinal);
        Assert.All(unasked.Rows, row => Assert.Equal(0, row.Labels));
        GoroutineTable table = AtRest(target);
        GoroutineWaits waits = table.Waits.Value;
        Assert.Equal(0, waits.Unread);
        Assert.Equal([5006, 2009], waits.Waits.GroupBy(w => w.WaitsOn).Select(g => g.Count()).OrderDescending().Take(2));
        HashSet<string> requests = [.. table.Rows.SelectMany(row => table.LabelSets.Value[row.Labels]).Where(l => l.Key == "request").Select(l => l.Value)];
        Assert.Equal(5000, requests.Count);
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.22")]
    [InlineData("1.25")]
    [InlineData("1.27")]
    public async Task However_they_move_none_is_shown_at_a_thing_it_never_waits_on(string version)
    {
        using CensusProcess target = await StartAsync(version, "-churn");
        List<string[]> truth = Objects(target);
        Dictionary<ulong, HashSet<string>> startsOf = truth.GroupBy(line => ulong.Parse(line[2], CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => group.Select(line => line[4]).ToHashSet());
        int moving = 0;
        for (int i = 0; i < 100; i++)
        {
            GoroutineTable table = target.Reader.ReadGoroutines(Looking).Value;
            foreach (GoroutineWait wait in table.Waits.Value.Waits)
            {
                string start = StartOf(table, table.Rows[wait.Row]);
                if (start.Contains("receiving2", StringComparison.Ordinal)) continue;
                Assert.Contains(start, startsOf[table.Waits.Value.Objects[wait.WaitsOn].Address]);
                if (start.StartsWith("main.churn", StringComparison.Ordinal)) moving++;
            }
        }

        Assert.True(moving > 100, $"only {moving} waits of moving goroutines were seen");
    }

    /// <summary>Having said that it is ready, the main goroutine still goes to sleep over its input.</summary>
    private static GoroutineTable AtRest(CensusProcess target)
    {
        GoroutineTable table = target.Reader.ReadGoroutines(Looking).Value;
        for (int again = 0; again < 20 && table.Torn + table.Waits.Value.Unread > 0; again++) table = target.Reader.ReadGoroutines(Looking).Value;
        return table;
    }

    private static async Task<CensusProcess> StartAsync(string version, params string[] arguments) =>
        CensusProcess.Start(await GoToolchain.RequireAsync("waits", version), arguments);

    private static List<string[]> Objects(CensusProcess target) =>
        [.. target.Ask("truth").Select(line => line.Split('\t')).Where(line => line[0] == "object")];

    private static string StartOf(GoroutineTable table, GoroutineRow row) => row.StartFunction < 0 ? "" : table.Locations[row.StartFunction].Function;
}
