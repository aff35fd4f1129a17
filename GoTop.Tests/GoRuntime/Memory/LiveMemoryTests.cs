using System.Globalization;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>Programs of several Go versions and link modes, read while they run and compared with what they say of themselves.</summary>
public sealed class LiveMemoryTests
{
    private static readonly Interest AllStacks = new() { AllStacks = true };

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
        { "1.19", "external" },
        { "1.25", "external" },
        { "1.27", "external" },
        { "1.22", "external-pie" },
        { "1.25", "external-pie" },
        { "1.27", "external-pie" },
    };

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Goroutines_by_state_and_start_function_are_what_the_program_counts(string version, string build)
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync(version, build), "-n", "1000");
        AgreesWithCensus(census);
        RuntimeCounters counters = census.Reader.ReadCounters();
        Assert.Equal(1002, counters.Goroutines.Value);
    }

    [Theory]
    [InlineData("1.19", 10)]
    [InlineData("1.19", 10_000)]
    [InlineData("1.19", 100_000)]
    [InlineData("1.22", 10)]
    [InlineData("1.22", 10_000)]
    [InlineData("1.22", 100_000)]
    [InlineData("1.25", 10)]
    [InlineData("1.25", 10_000)]
    [InlineData("1.25", 100_000)]
    [InlineData("1.27", 10)]
    [InlineData("1.27", 10_000)]
    [InlineData("1.27", 100_000)]
    public async Task However_many_there_are(string version, int goroutines)
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync(version, "plain"), "-n", goroutines.ToString(CultureInfo.InvariantCulture));
        AgreesWithCensus(census);
        Assert.Equal(goroutines + 2, census.Reader.ReadCounters().Goroutines.Value);
    }

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task The_counters_are_those_of_MemStats(string version, string build)
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync(version, build), "-n", "2000", "-gogc", "150");
        (Dictionary<string, double> truth, RuntimeCounters counters) = AtRest(census);
        Assert.Equal(truth["gomaxprocs"], counters.Gomaxprocs.Value);
        Assert.Equal(truth["NumGC"], counters.GcCycles.Value);
        Assert.Equal(truth["NumForcedGC"], counters.ForcedGcCycles.Value);
        Assert.Equal(truth["NextGC"], counters.HeapGoalBytes.Value);
        Assert.Equal(truth["PauseTotalNs"], counters.PauseTotalNanoseconds.Value);
        Assert.Equal(truth["pause"], counters.RecentPausesNanoseconds.Value[^1]);
        Assert.Equal(truth["GCCPUFraction"], counters.GcCpuFraction.Value, 1e-9);
        Assert.Equal(truth["LastGC"] / 1e6, counters.LastGcAt.Value.ToUnixTimeMilliseconds(), 2.0);
        Assert.Equal(150, counters.GcPercent.Value);
        Assert.Equal(long.MaxValue, counters.MemoryLimitBytes.Value);
        MemoryClasses memory = counters.Memory.Value;
        Near(truth["Sys"], memory.Sys);
        Near(truth["HeapSys"], memory.HeapSys);
        Near(truth["HeapInuse"], memory.HeapInUse);
        Near(truth["HeapIdle"], memory.HeapIdle);
        Near(truth["HeapReleased"], memory.HeapReleased);
        Near(truth["StackInuse"], memory.StackInUse);
        Near(truth["Sys"] - truth["HeapSys"] - truth["StackInuse"], memory.Other);
        Near(truth["TotalAlloc"], counters.TotalAllocBytes.Value);
        Near(truth["HeapAlloc"], counters.HeapLiveBytes.Value, slack: 1 << 20);
        // What the Ps hold back in their caches is not counted yet.
        Assert.InRange(counters.Mallocs.Value, truth["Mallocs"] * 0.7 - 5000, truth["Mallocs"] + 5000);
        Assert.InRange(memory.HeapObjects.Value, truth["HeapObjects"] * 0.7 - 5000, truth["HeapObjects"] + 5000);
        Assert.InRange(counters.Threads.Value, 3, 20);
        Assert.Equal(counters.Gomaxprocs.Value, counters.Procs.Value.Length);
        Assert.False(counters.GcRunning.Value);
        Assert.Equal(0, counters.GlobalRunQueue.Value);
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.21")]
    [InlineData("1.22")]
    [InlineData("1.24")]
    [InlineData("1.25")]
    [InlineData("1.26")]
    [InlineData("1.27")]
    public async Task The_histograms_are_those_of_runtime_metrics(string version)
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync(version, "plain"), "-n", "5000");
        census.Ask("gc");
        List<string[]> truth = [.. census.Ask("histograms").Select(l => l.Split('\t'))];
        RuntimeCounters counters = census.Reader.ReadCounters();
        SameHistogram(truth, "/sched/latencies:seconds", counters.SchedulingLatency, slack: 30);
        SameHistogram(truth, "/sched/pauses/total/gc:seconds", counters.GcStopTheWorld, slack: 0);
        SameHistogram(truth, "/sched/pauses/total/other:seconds", counters.OtherStopTheWorld, slack: 0);
        SameValue(truth, "/cpu/classes/gc/total:cpu-seconds", counters.GcCpuNanoseconds);
        SameValue(truth, "/cpu/classes/gc/mark/assist:cpu-seconds", counters.GcAssistCpuNanoseconds);
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.25")]
    [InlineData("1.27")]
    public async Task A_memory_limit_decides_the_goal(string version)
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync(version, "plain"), "-n", "100", "-gogc", "-1", "-memlimit", "67108864");
        double nextGc = census.Numbers("memstats")["NextGC"];
        RuntimeCounters counters = census.Reader.ReadCounters();
        Assert.Equal(-1, counters.GcPercent.Value);
        Assert.Equal(67108864, counters.MemoryLimitBytes.Value);
        Near(nextGc, counters.HeapGoalBytes.Value);
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.27")]
    public async Task Under_churn_nothing_wrong_is_shown_and_little_is_torn(string version)
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync(version, "plain"), "-n", "5000", "-churn", "8");
        int torn = 0;
        int rows = 0;
        for (int i = 0; i < 20; i++)
        {
            GoroutineTable table = census.Reader.ReadGoroutines(AllStacks).Value;
            torn += table.Torn;
            rows += table.Rows.Length;
            Assert.InRange(table.Rows.Length, 5000, 5040);
            Assert.Equal(table.Rows.Length, table.Rows.Select(r => r.Id).Distinct().Count());
            StacksAreWhole(table);
        }

        Assert.InRange(torn, 0, rows / 20);
    }

    [Fact]
    public async Task Wait_times_count_from_the_collection_that_saw_it_waiting()
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync("1.25", "plain"), "-n", "50");
        GoroutineTable table = census.Reader.ReadGoroutines(Interest.None).Value;
        long[] waits = [.. table.Rows.Where(r => r.WaitSinceNanoseconds > 0).Select(r => table.NowNanoseconds - r.WaitSinceNanoseconds)];
        Assert.True(waits.Length >= 50);
        Assert.All(waits, wait => Assert.InRange(wait, 0, 60_000_000_000));
    }

    [Fact]
    public async Task A_process_that_ended_is_told_from_one_that_cannot_be_read()
    {
        using CensusProcess census = CensusProcess.Start(await BuildAsync("1.25", "plain"));
        census.Kill();
        Assert.Throws<ProcessGoneException>(() => census.Reader.ReadGoroutines(Interest.None));
    }

    private static Task<string> BuildAsync(string version, string build)
    {
        if (build.StartsWith("external", StringComparison.Ordinal)) Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "there is no gcc here");
        return build switch
        {
            "pie" => GoToolchain.RequireAsync("census", version, "linux", "-buildmode=pie"),
            "external" => GoToolchain.RequireAsync("census", version, "linux", "-ldflags=-s -w -linkmode=external"),
            "external-pie" => GoToolchain.RequireAsync("census", version, "linux", "-buildmode=pie", "-ldflags=-s -w -linkmode=external"),
            _ => GoToolchain.RequireAsync("census", version),
        };
    }

    private static void AgreesWithCensus(CensusProcess census)
    {
        // Having said that it is ready, the program still goes to sleep over its input: what moves meanwhile is rightly left out.
        GoroutineTable table = census.Reader.ReadGoroutines(AllStacks).Value;
        for (int again = 0; again < 20 && table.Torn > 0; again++) table = census.Reader.ReadGoroutines(AllStacks).Value;
        List<string> lines = census.Ask("census");
        Assert.Equal(0, table.Torn);
        Assert.Equal(long.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), table.Rows.Length);
        StacksAreWhole(table);
        // The main goroutine was waiting for the question when it was read, and answering it when it counted.
        SortedDictionary<string, int> counted = new(StringComparer.Ordinal);
        foreach (GoroutineRow row in table.Rows.Where(r => r.Id != 1))
        {
            string group = $"{StateOf(table, row)}\t{table.Locations[row.StartFunction].Function}";
            counted[group] = counted.GetValueOrDefault(group) + 1;
        }

        IEnumerable<string[]> groups = lines.Where(l => l.StartsWith("group\t", StringComparison.Ordinal)).Select(l => l.Split('\t')).Where(g => g[3] != "main.main");
        Assert.Equal(groups.Select(g => $"{g[2]}\t{g[3]}\t{g[1]}").Order(StringComparer.Ordinal), counted.Select(g => $"{g.Key}\t{g.Value}").Order(StringComparer.Ordinal));
    }

    private static void StacksAreWhole(GoroutineTable table)
    {
        foreach (GoroutineRow row in table.Rows)
        {
            if (row.Stack < 0) continue;
            string outermost = table.Locations[table.Stacks[row.Stack][^1]].Function;
            // One that has returned from its start function is about to end.
            if (outermost != "runtime.goexit1") Assert.Equal(table.Locations[row.StartFunction].Function, outermost);
        }
    }

    private static string StateOf(GoroutineTable table, GoroutineRow row) =>
        row.State == GoroutineState.Waiting ? table.WaitReasons[row.WaitReason] : row.State.ToString().ToLowerInvariant();

    /// <summary>
    /// What the program says of itself and what is read, of one moment: the runtime's own goroutines (the scavenger,
    /// the sweeper) still run now and then, so both are taken again until nothing happened in between.
    /// </summary>
    private static (Dictionary<string, double> Truth, RuntimeCounters Counters) AtRest(CensusProcess census)
    {
        string[] atRest = ["Sys", "HeapSys", "HeapReleased", "NumGC", "PauseTotalNs", "NextGC"];
        Dictionary<string, double> before = census.Numbers("memstats");
        for (int attempt = 0; ; attempt++)
        {
            RuntimeCounters counters = census.Reader.ReadCounters();
            Dictionary<string, double> after = census.Numbers("memstats");
            bool still = counters is { GcRunning.Value: false, GlobalRunQueue.Value: 0 } && atRest.All(name => before[name].Equals(after[name]));
            if (still || attempt == 200) return (before, counters);
            before = after;
        }
    }

    private static void Near(double expected, double actual, double slack = 256 << 10) =>
        Assert.InRange(actual, expected * 0.98 - slack, expected * 1.02 + slack);

    private static void SameHistogram(List<string[]> truth, string name, Reading<TimeHistogram> reading, long slack)
    {
        if (!truth.Exists(l => l[0] == "histogram" && l[1] == name))
        {
            Assert.Equal(ReadingState.NotSupported, reading.State);
            return;
        }

        List<(long Bound, long Count)> buckets = [.. truth.Where(l => l[0] == "bucket" && l[1] == name).Select(l => (long.Parse(l[2], CultureInfo.InvariantCulture), long.Parse(l[3], CultureInfo.InvariantCulture)))];
        TimeHistogram histogram = reading.Value;
        Dictionary<long, long> counts = histogram.LowerBoundsNanoseconds.Zip(histogram.Counts).ToDictionary(b => b.First, b => b.Second);
        Assert.All(buckets, b => Assert.InRange(counts[b.Bound], b.Count, b.Count + slack));
        Assert.InRange(histogram.Total, buckets.Sum(b => b.Count), buckets.Sum(b => b.Count) + slack);
    }

    private static void SameValue(List<string[]> truth, string name, Reading<long> reading)
    {
        string[]? line = truth.Find(l => l[0] == "value" && l[1] == name);
        if (line is null) Assert.Equal(ReadingState.NotSupported, reading.State);
        else Assert.Equal(double.Parse(line[2], CultureInfo.InvariantCulture), reading.Value, 1000.0);
    }
}
