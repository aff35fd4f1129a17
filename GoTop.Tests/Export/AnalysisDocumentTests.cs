using System.Collections.Immutable;
using System.Text.Json;
using GoTop.Engine.Export;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Tests.GoRuntime.Dumps;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Export;

/// <summary>What <c>analyze --json</c> prints of goroutine dumps and MemStats: other tools rely on these names.</summary>
public sealed class AnalysisDocumentTests
{
    public static TheoryData<string> Folders => [.. PprofCapture.Folders];

    [Fact]
    public void The_document_of_a_dump_is_as_pinned() =>
        GoldenScreens.AssertSame("dump-labels.json", Json(DumpFixtures.Dump("go1.27", "dump-labels")) + "\n");

    [Fact]
    public void The_document_of_a_crash_tells_the_faulting_stack_of_the_last_run()
    {
        GoroutineDump dump = DumpFixtures.Parse([.. DumpFixtures.Read("go1.27", "overflow"), .. DumpFixtures.Read("go1.25", "nil")]);
        using JsonDocument document = JsonDocument.Parse(Json(dump));
        JsonElement crash = document.RootElement.GetProperty("crash");

        Assert.Equal("panic", crash.GetProperty("kind").GetString());
        Assert.Equal(1, crash.GetProperty("faultingGoroutine").GetInt64());
        Assert.Equal(["main.load", "main.main"], crash.GetProperty("faultingStack").EnumerateArray().Select(frame => frame.GetProperty("function").GetString()));
        Assert.StartsWith("SIGSEGV", crash.GetProperty("signal").GetString(), StringComparison.Ordinal);
        JsonElement earlier = Assert.Single(document.RootElement.GetProperty("earlierCrashes").EnumerateArray());
        Assert.Equal(("fatalError", "fatal error: stack overflow"), (earlier.GetProperty("kind").GetString(), earlier.GetProperty("reason").GetString()));
        Assert.Equal("main.overflow", earlier.GetProperty("faultingStack")[0].GetProperty("function").GetString());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_document_of_a_real_dump_has_the_keys_that_issue_3_names(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(Json(DumpFixtures.Parse(PprofCapture.Read(folder, "goroutine.2.txt"))));
        JsonElement root = document.RootElement;

        Assert.Equal("goroutineDump", root.GetProperty("kind").GetString());
        Assert.Equal(root.GetProperty("goroutines").GetInt64(), root.GetProperty("groups").EnumerateArray().Sum(group => group.GetProperty("count").GetInt64()));
        JsonElement largest = root.GetProperty("groups")[0];
        Assert.Equal(("waiting", "chan receive"), (largest.GetProperty("state").GetString(), largest.GetProperty("waitReason").GetString()));
        Assert.Equal("main.(*service).parkDeep", largest.GetProperty("stack")[0].GetProperty("function").GetString());
        Assert.EndsWith("main.go", largest.GetProperty("createdBy").GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, largest.GetProperty("oldestMinutes").ValueKind);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_document_of_expvar_has_every_figure_of_the_page(string folder)
    {
        byte[] page = PprofCapture.Read(folder, "vars.json");
        using JsonDocument expected = JsonDocument.Parse(page);
        using JsonDocument document = JsonDocument.Parse(ExportJson.Write(MemStatsDocumentBuilder.Build(ExpvarParser.Parse(page, "/debug/vars").Value, isExpvar: true)));
        JsonElement memstats = expected.RootElement.GetProperty("memstats"), root = document.RootElement;

        Assert.Equal(("memstats", "expvar"), (root.GetProperty("kind").GetString(), root.GetProperty("source").GetString()));
        foreach ((string name, string goName) in Figures) Assert.Equal(memstats.GetProperty(goName).GetInt64(), root.GetProperty(name).GetInt64());
        Assert.Equal(memstats.GetProperty("BySize").GetArrayLength(), root.GetProperty("bySize").GetArrayLength());
        Assert.Equal(memstats.GetProperty("BySize")[5].GetProperty("Mallocs").GetInt64(), root.GetProperty("bySize")[5].GetProperty("mallocs").GetInt64());
        Assert.Equal(memstats.GetProperty("EnableGC").GetBoolean(), root.GetProperty("enableGc").GetBoolean());
        JsonElement newest = root.GetProperty("pauses").EnumerateArray().Last();
        Assert.Equal(memstats.GetProperty("PauseNs")[(int)((memstats.GetProperty("NumGC").GetInt64() + 255) % 256)].GetInt64(), newest.GetProperty("nanoseconds").GetInt64());
        Assert.Equal(root.GetProperty("lastGcAt").GetDateTimeOffset(), newest.GetProperty("endedAt").GetDateTimeOffset());
        Assert.Equal(["goVersion", "maxResidentBytes"], root.GetProperty("absent").EnumerateObject().Select(figure => figure.Name));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_document_of_the_heap_text_says_what_it_lacks(string folder)
    {
        byte[] page = PprofCapture.Read(folder, "heap.1.txt");
        string json = ExportJson.Write(MemStatsDocumentBuilder.Build(MemStatsTextParser.Parse(page, "heap?debug=1").Value, isExpvar: false));
        string windows = ExportJson.Write(MemStatsDocumentBuilder.Build(
            MemStatsTextParser.Parse(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(page).Replace("\n", "\r\n", StringComparison.Ordinal)), "heap?debug=1").Value, isExpvar: false));
        using JsonDocument document = JsonDocument.Parse(json);

        // Go 1.19 prints no MaxRSS on Windows.
        bool hasPeak = folder != "go1.19-windows-wine";
        Assert.Equal(
            (string[])["bySize", "enableGc", "goVersion", .. hasPeak ? Array.Empty<string>() : ["maxResidentBytes"], "pauseTotalNanoseconds"],
            document.RootElement.GetProperty("absent").EnumerateObject().Select(figure => figure.Name));
        if (hasPeak) Assert.True(document.RootElement.GetProperty("maxResidentBytes").GetInt64() > 10 << 20);
        Assert.True(document.RootElement.GetProperty("mspanSysBytes").GetInt64() >= document.RootElement.GetProperty("mspanInUseBytes").GetInt64());
        Assert.Equal(json, windows);
    }

    [Fact]
    public void Every_key_is_documented()
    {
        string documentation = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "json.md"));
        foreach (string json in new[]
        {
            Json(DumpFixtures.Dump("go1.27", "dump-labels")), Json(DumpFixtures.Dump("go1.27", "overflow")), Json(DumpFixtures.Dump("go1.27", "dump-minutes")),
            ExportJson.Write(MemStatsDocumentBuilder.Build(ExpvarParser.Parse(PprofCapture.Read("go1.19-linux", "vars.json"), "/debug/vars").Value, isExpvar: true)),
        })
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Assert.All(JsonContractTests.Keys(document.RootElement).Distinct(), key => Assert.Matches($"[`{{ ,]{key}[`}},:\\] ]", documentation));
        }
    }

    private static ImmutableArray<(string Name, string GoName)> Figures { get; } =
    [
        ("allocBytes", "Alloc"), ("totalAllocBytes", "TotalAlloc"), ("sysBytes", "Sys"), ("lookups", "Lookups"), ("mallocs", "Mallocs"), ("frees", "Frees"),
        ("heapAllocBytes", "HeapAlloc"), ("heapSysBytes", "HeapSys"), ("heapIdleBytes", "HeapIdle"), ("heapInUseBytes", "HeapInuse"), ("heapReleasedBytes", "HeapReleased"),
        ("heapObjects", "HeapObjects"), ("stackInUseBytes", "StackInuse"), ("stackSysBytes", "StackSys"), ("mspanInUseBytes", "MSpanInuse"), ("mspanSysBytes", "MSpanSys"),
        ("mcacheInUseBytes", "MCacheInuse"), ("mcacheSysBytes", "MCacheSys"), ("buckHashSysBytes", "BuckHashSys"), ("gcSysBytes", "GCSys"), ("otherSysBytes", "OtherSys"),
        ("nextGcBytes", "NextGC"), ("numGc", "NumGC"), ("numForcedGc", "NumForcedGC"), ("pauseTotalNanoseconds", "PauseTotalNs"),
    ];

    private static string Json(GoroutineDump dump) => ExportJson.Write(GoroutineDumpDocumentBuilder.Build(dump));
}
