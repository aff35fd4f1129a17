using System.Globalization;
using System.Text;
using System.Text.Json;
using GoTop.Engine.GoRuntime.Memory;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>Stripped programs of several Go versions, for Linux and Windows, with what they said of themselves.</summary>
public sealed class RecordedMemoryTests
{
    public static TheoryData<string> Programs => [.. MemoryFixtures.Names];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Every_goroutine_is_read_with_its_state_wait_reason_and_stack(string name)
    {
        GoroutineTable table = Open(name).ReadGoroutines(new Interest { AllStacks = true }).Value;
        Assert.Equal(0, table.Torn);
        string[] expected = Encoding.UTF8.GetString(MemoryFixtures.Unpack(name + ".expected.tsv.gz")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<string> actual = [];
        foreach (GoroutineRow row in table.Rows.OrderBy(r => r.Id))
        {
            actual.Add($"{row.Id}\t{row.State.ToString().ToLowerInvariant()}\t{table.WaitReasons[row.WaitReason]}\t{Stack(table, row)}");
        }

        Assert.Equal(expected.Select(WithoutWrapper), actual);

        // The recording shows the go statement's wrapper as the outermost frame, which Go itself hides.
        string WithoutWrapper(string line)
        {
            long id = long.Parse(line.AsSpan(0, line.IndexOf('\t', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            string start = StartFunction(table, table.Rows.Single(r => r.Id == id));
            int last = line.LastIndexOf(';');
            string outermost = line[(last + 1)..];
            return outermost != start && line[..last].EndsWith(start, StringComparison.Ordinal) ? line[..last] : line;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_stacks_are_those_that_the_program_printed_itself(string name)
    {
        GoroutineTable table = Open(name).ReadGoroutines(new Interest { AllStacks = true }).Value;
        List<DumpedGoroutine> truth = DumpedGoroutine.Parse(Truth(name));
        Assert.Equal(truth.Select(g => g.Id).Order(), table.Rows.Select(r => r.Id).Order());
        foreach (DumpedGoroutine dumped in truth)
        {
            GoroutineRow row = table.Rows.Single(r => r.Id == dumped.Id);
            Assert.Equal(dumped.CreatedBy, row.CreatedBy < 0 ? null : table.Locations[row.CreatedBy]);
            Assert.Equal(dumped.Parent, row.ParentId);
            Assert.Equal(dumped.Locked, row.LockedToThread);
            // It was running, printing this, when the truth was written, and moved on before its memory was recorded.
            if (row.Id == 1) continue;
            Assert.Equal(dumped.State, table.WaitReasons[row.WaitReason]);
            IEnumerable<CodeLocation> shown = table.Stacks[row.Stack].Select(i => table.Locations[i]).Where(IsShown);
            Assert.Equal(dumped.Frames.Where(IsShown), shown);
            if (dumped.Frames.Count > 0) Assert.Equal(dumped.Frames[^1].Function, StartFunction(table, row));
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_counters_are_what_the_program_said(string name)
    {
        RuntimeCounters counters = Open(name).ReadCounters();
        Dictionary<string, string> truth = Truth(name).Split("\n\n")[0].Split('\n').Select(l => l.Split(' ')).ToDictionary(p => p[0], p => p[1]);
        Assert.Equal(truth["version"], counters.GoVersion.Value);
        Assert.Equal(int.Parse(truth["gomaxprocs"], CultureInfo.InvariantCulture), counters.Gomaxprocs.Value);
        Assert.Equal(long.Parse(truth["numgc"], CultureInfo.InvariantCulture), counters.GcCycles.Value);
        Assert.Equal(long.Parse(truth["numforcedgc"], CultureInfo.InvariantCulture), counters.ForcedGcCycles.Value);
        Assert.Equal(long.Parse(truth["pausetotal"], CultureInfo.InvariantCulture), counters.PauseTotalNanoseconds.Value);
        Assert.Equal(long.Parse(truth["pause0"], CultureInfo.InvariantCulture), counters.RecentPausesNanoseconds.Value[0]);
        Assert.Equal(counters.PauseTotalNanoseconds.Value, counters.RecentPausesNanoseconds.Value.Sum());
        Assert.Equal(long.Parse(truth["nextgc"], CultureInfo.InvariantCulture), counters.HeapGoalBytes.Value);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(long.Parse(truth["lastgc"], CultureInfo.InvariantCulture) / 100), counters.LastGcAt.Value);
        Assert.Equal(100, counters.GcPercent.Value);
        Assert.Equal(long.MaxValue, counters.MemoryLimitBytes.Value);
        Assert.False(counters.GcRunning.Value);
        Assert.InRange(counters.HeapLiveBytes.Value, 500_000, 4_000_000);
        Assert.All(counters.Procs.Value, p => Assert.True(p.Status is ProcStatus.Idle or ProcStatus.Running));
        // The long histogram of 1.19 was not recorded.
        if (MinorOf(name) >= 20) Assert.True(counters.SchedulingLatency.Value.Total > 10);
        Assert.Equal(MinorOf(name) >= 22, counters.GcStopTheWorld.HasValue);
        if (counters.GcStopTheWorld.TryGet(out TimeHistogram? pauses)) Assert.Equal(2 * counters.GcCycles.Value, pauses.Total);
    }

    [Fact]
    public void Without_interest_one_stack_of_each_group_is_read()
    {
        GoroutineTable table = Open("tiny-1.27-linux").ReadGoroutines(Interest.None).Value;
        foreach (IGrouping<(int, int, GoroutineState, int), GoroutineRow> group in table.Rows.GroupBy(r => (r.CreatedBy, r.StartFunction, r.State, r.WaitReason)))
        {
            Assert.Single(group, r => r.Stack >= 0);
        }
    }

    [Fact]
    public void The_group_someone_looks_at_is_read_whole()
    {
        GoRuntimeReader reader = Open("tiny-1.27-linux");
        GoroutineTable table = reader.ReadGoroutines(Interest.None).Value;
        GoroutineRow row = table.Rows.First(r => StartFunction(table, r) == "main.(*shop).deep");
        GroupKey key = new(table.Locations[row.CreatedBy], StartFunction(table, row), row.State, table.WaitReasons[row.WaitReason]);
        table = reader.ReadGoroutines(new Interest { Stacks = key }).Value;
        Assert.Equal(100, table.Rows.Count(r => StartFunction(table, r) == "main.(*shop).deep" && r.Stack >= 0));
        Assert.Equal(10, table.Rows.Where(r => StartFunction(table, r) == "main.(*shop).deep").Select(r => r.Stack).Distinct().Count());
    }

    [Fact]
    public void Goroutines_beyond_the_cap_are_counted_and_left_out()
    {
        GoroutineTable table = Open("tiny-1.24-linux").ReadGoroutines(Interest.None, cap: 50).Value;
        Assert.InRange(table.Rows.Length, 40, 50);
        Assert.True(table.BeyondCap > 80);
    }

    [Fact]
    public void A_second_read_gives_the_same_table()
    {
        GoRuntimeReader reader = Open("tiny-1.24-linux");
        GoroutineTable first = reader.ReadGoroutines(new Interest { AllStacks = true }).Value;
        GoroutineTable second = reader.ReadGoroutines(new Interest { AllStacks = true }).Value;
        Assert.Equal(first.Rows, second.Rows);
        Assert.Equal(first.Stacks.Select(s => string.Join(',', s)), second.Stacks.Select(s => string.Join(',', s)));
    }

    internal static GoRuntimeReader Open(string name) => Open(MemoryFixtures.Executable(name), MemoryFixtures.Unpack(name + ".mem.gz"), name).Value;

    internal static Reading<GoRuntimeReader> Open(byte[] executable, byte[] memory, string name)
    {
        using JsonDocument meta = JsonDocument.Parse(File.ReadAllText(SharedFiles.Require($"go-fixtures/memory/{name}.mem.meta")));
        ulong imageBase = ulong.Parse(meta.RootElement.GetProperty("imageBase").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return GoRuntimeReader.Open(new MemoryStream(executable), new MemoryImage(memory), imageBase, () => 0);
    }

    private static string Truth(string name) => Encoding.UTF8.GetString(MemoryFixtures.Unpack(name + ".truth.txt.gz"));

    private static int MinorOf(string name) => int.Parse(name.Split('-')[1].Split('.')[1], CultureInfo.InvariantCulture);

    private static string StartFunction(GoroutineTable table, GoroutineRow row) => table.Locations[row.StartFunction].Function;

    private static string Stack(GoroutineTable table, GoroutineRow row) => string.Join(';', table.Stacks[row.Stack].Select(i => table.Locations[i].Function));

    /// <summary>Go prints no frames of the runtime but its exported functions.</summary>
    private static bool IsShown(CodeLocation frame) =>
        !frame.Function.StartsWith("runtime.", StringComparison.Ordinal) || char.IsUpper(frame.Function["runtime.".Length]);
}
