using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Pprof;

public sealed class MemStatsParserTests
{
    public static TheoryData<string> Folders { get; } = new(PprofCapture.Folders);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Expvar_gives_every_figure_of_memstats(string folder)
    {
        byte[] page = PprofCapture.Read(folder, "vars.json");
        RuntimeCounters counters = MemStatsCounters.From(ExpvarParser.Parse(page, "/debug/vars").Value);
        using JsonDocument document = JsonDocument.Parse(page);
        JsonElement expected = document.RootElement.GetProperty("memstats");
        AssertFigures(name => expected.GetProperty(name).GetInt64(), expected.GetProperty("GCCPUFraction").GetDouble(), counters);
        Assert.Equal(expected.GetProperty("PauseTotalNs").GetInt64(), counters.PauseTotalNanoseconds.Value);
        AssertPauses(Numbers(expected.GetProperty("PauseNs")), Numbers(expected.GetProperty("PauseEnd")), counters);

        static long[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt64())];
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_heap_text_gives_every_figure_it_has(string folder)
    {
        byte[] page = PprofCapture.Read(folder, "heap.1.txt");
        RuntimeCounters counters = MemStatsCounters.From(MemStatsTextParser.Parse(page, "heap?debug=1").Value);
        Dictionary<string, string> expected = Encoding.UTF8.GetString(page).Split('\n')
            .Where(line => line.StartsWith("# ", StringComparison.Ordinal) && line.Contains(" = ", StringComparison.Ordinal))
            .Select(line => line[2..].Split(" = "))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        expected["StackInuse"] = expected["Stack"].Split(" / ")[0];
        expected["MSpanSys"] = expected["MSpan"].Split(" / ")[1];
        expected["MCacheSys"] = expected["MCache"].Split(" / ")[1];
        AssertFigures(name => long.Parse(expected[name], CultureInfo.InvariantCulture), double.Parse(expected["GCCPUFraction"], CultureInfo.InvariantCulture), counters);
        AssertPauses(Numbers("PauseNs"), Numbers("PauseEnd"), counters);
        Assert.Equal("heap?debug=1 does not tell PauseTotalNs", counters.PauseTotalNanoseconds.Reason);

        long[] Numbers(string name) => [.. expected[name].Trim('[', ']').Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_last_part_of_the_heap_text_is_enough(string folder)
    {
        byte[] page = PprofCapture.Read(folder, "heap.1.txt");
        RuntimeCounters whole = MemStatsCounters.From(MemStatsTextParser.Parse(page, "").Value);
        RuntimeCounters tail = MemStatsCounters.From(MemStatsTextParser.Parse(page.AsSpan()[^Math.Min(page.Length, MemStatsTextParser.TailBytes)..], "").Value);
        Assert.Equal(whole.GcCycles, tail.GcCycles);
        Assert.Equal(whole.RecentPausesNanoseconds.Value.AsEnumerable(), tail.RecentPausesNanoseconds.Value);
        Assert.Equal(whole.Memory, tail.Memory);
    }

    [Fact]
    public void What_pprof_does_not_tell_says_so()
    {
        RuntimeCounters counters = MemStatsCounters.From(ExpvarParser.Parse(PprofCapture.Read("go1.27-windows-wine", "vars.json"), "/debug/vars").Value);
        Assert.Equal(ReadingState.NotSupported, counters.GcPercent.State);
        Assert.Contains("pprof does not tell GOGC", counters.GcPercent.Reason, StringComparison.Ordinal);
        Assert.Contains("pprof does not tell GOMEMLIMIT", counters.MemoryLimitBytes.Reason, StringComparison.Ordinal);
        Assert.Equal(ReadingState.NotSupported, counters.SchedulingLatency.State);
    }

    [Fact]
    public void A_service_before_its_first_cycle_has_no_last_one()
    {
        MemStats stats = ExpvarParser.Parse("""{"memstats":{"HeapAlloc":5,"NumGC":0,"LastGC":0,"GCCPUFraction":0}}"""u8, "/debug/vars").Value;
        RuntimeCounters counters = MemStatsCounters.From(stats);
        Assert.Equal(ReadingState.NotYet, counters.LastGcAt.State);
        Assert.Equal(0, counters.GcCycles.Value);
    }

    [Theory]
    [InlineData("""{"HeapAlloc":5,"NumGC":1,"NextGC":-1}""")]
    [InlineData("""{"HeapAlloc":5,"NumGC":1,"NextGC":18446744073709551615}""")]
    [InlineData("""{"HeapAlloc":5,"NumGC":1,"NextGC":"7"}""")]
    [InlineData("""{"HeapAlloc":5,"NumGC":1,"NextGC":{"a":[1,2]}}""")]
    [InlineData("""{"HeapAlloc":5,"NumGC":1}""")]
    public void A_figure_that_cannot_be_right_is_absent_and_the_others_stand(string memstats)
    {
        byte[] page = Encoding.UTF8.GetBytes($$"""{"cmdline":["a"],"memstats":{{memstats}},"z":1}""");
        RuntimeCounters counters = MemStatsCounters.From(ExpvarParser.Parse(page, "/debug/vars").Value);
        Assert.Equal("/debug/vars does not tell NextGC", counters.HeapGoalBytes.Reason);
        Assert.Equal(5, counters.HeapLiveBytes.Value);
    }

    [Fact]
    public void A_broken_variable_after_memstats_does_no_harm() =>
        Assert.Equal(1, ExpvarParser.Parse("""{"a":{"b":[1,{}]},"memstats":{"HeapAlloc":5,"NumGC":1},"rate": NaN}"""u8, "").Value[MemStat.NumGC]);

    [Theory]
    [InlineData("""{"a": NaN, "memstats":{"HeapAlloc":5,"NumGC":1}}""", "not JSON (line 1, byte 7)")]
    [InlineData("""{"memstats":{"HeapAlloc":5,"NumGC":1""", "not JSON")]
    [InlineData("""{"memstats":{"HeapAlloc":5}}""", "has no HeapAlloc and NumGC")]
    [InlineData("""{"memstats":[5]}""", "not an object")]
    [InlineData("""[1]""", "not a JSON object")]
    [InlineData("", "not JSON")]
    [InlineData("""{"a":1}""", "has no memstats")]
    public void Another_page_than_expvar_is_refused_with_the_reason(string page, string reason)
    {
        Reading<MemStats> read = ExpvarParser.Parse(Encoding.UTF8.GetBytes(page), "/debug/vars");
        Assert.Contains("/debug/vars", read.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, read.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_nested_without_end_is_refused()
    {
        byte[] page = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000));
        Assert.Contains("not JSON", ExpvarParser.Parse(page, "/debug/vars").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_cut_off_at_the_end_of_the_text_is_not_taken()
    {
        MemStats stats = MemStatsTextParser.Parse("# runtime.MemStats\n# HeapAlloc = 5\n# NumGC = 3\n# NextGC = 41943"u8, "heap?debug=1").Value;
        Assert.Null(stats[MemStat.NextGC]);
        Assert.Equal(3, stats[MemStat.NumGC]);
    }

    [Fact]
    public void Lines_of_another_form_are_passed_over() =>
        Assert.Equal(3, MemStatsTextParser.Parse("# runtime.MemStats\n# = 1\n#\n\n# HeapAlloc = 5\n# NumGC = 3\n# Stack = \n"u8, "heap?debug=1").Value[MemStat.NumGC]);

    [Theory]
    [InlineData("heap profile: 0: 0 [0: 0] @ heap/1048576\n", "no \"# runtime.MemStats\"")]
    [InlineData("# runtime.MemStats\n# Alloc = 5\n", "ends inside its MemStats")]
    public void Another_text_is_refused_with_the_reason(string page, string reason) =>
        Assert.Contains(reason, MemStatsTextParser.Parse(Encoding.UTF8.GetBytes(page), "heap?debug=1").Reason, StringComparison.Ordinal);

    private static void AssertFigures(Func<string, long> expected, double gcCpuFraction, RuntimeCounters counters)
    {
        Assert.Equal(expected("HeapAlloc"), counters.HeapLiveBytes.Value);
        Assert.Equal(expected("NextGC"), counters.HeapGoalBytes.Value);
        Assert.Equal(expected("NumGC"), counters.GcCycles.Value);
        Assert.Equal(expected("NumForcedGC"), counters.ForcedGcCycles.Value);
        Assert.Equal(expected("TotalAlloc"), counters.TotalAllocBytes.Value);
        Assert.Equal(expected("Mallocs"), counters.Mallocs.Value);
        Assert.Equal(expected("Frees"), counters.Frees.Value);
        Assert.Equal(gcCpuFraction, counters.GcCpuFraction.Value);
        Assert.Equal(expected("LastGC") / 100, (counters.LastGcAt.Value - DateTimeOffset.UnixEpoch).Ticks);
        MemoryClasses memory = counters.Memory.Value;
        Assert.Equal(expected("Sys"), memory.Sys);
        Assert.Equal(expected("HeapSys"), memory.HeapSys);
        Assert.Equal(expected("HeapIdle"), memory.HeapIdle);
        Assert.Equal(expected("HeapInuse"), memory.HeapInUse);
        Assert.Equal(expected("HeapReleased"), memory.HeapReleased);
        Assert.Equal(expected("HeapObjects"), memory.HeapObjects.Value);
        Assert.Equal(expected("StackInuse"), memory.StackInUse);
        Assert.Equal(memory.Sys, memory.HeapSys + memory.StackInUse + memory.Other);
        // The captured services have no cgo, so what is left is exactly the other classes.
        Assert.Equal(expected("MSpanSys") + expected("MCacheSys") + expected("BuckHashSys") + expected("GCSys") + expected("OtherSys"), memory.Other);
    }

    // PauseEnd is the independent witness: in the right order the pauses' ends ascend.
    private static void AssertPauses(long[] pauses, long[] ends, RuntimeCounters counters)
    {
        Assert.Equal(256, pauses.Length);
        long[] expected = [.. pauses.Zip(ends).Where(pause => pause.Second != 0).OrderBy(pause => pause.Second).Select(pause => pause.First)];
        ImmutableArray<long> recent = counters.RecentPausesNanoseconds.Value;
        Assert.Equal(Math.Min(256, counters.GcCycles.Value), recent.Length);
        Assert.Equal(expected, recent.AsEnumerable());
        if (counters.GcCycles.Value <= 256 && counters.PauseTotalNanoseconds.TryGet(out long total)) Assert.Equal(total, recent.Sum());
    }
}
