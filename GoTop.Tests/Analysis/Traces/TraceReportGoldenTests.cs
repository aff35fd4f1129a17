using System.Text.Json;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Export;
using GoTop.Tests.GoRuntime.Traces;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Traces;

/// <summary>Every aggregate of every capture, as the JSON document tells it, against the reference's.</summary>
public sealed class TraceReportGoldenTests
{
    public static TheoryData<string, string> Captures => [.. TraceFixtures.Format2.Concat(TraceV1Fixtures.Captures).Select(each => new TheoryDataRow<string, string>(each.Folder, each.Workload))];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_captures_figures_are_the_references(string folder, string workload)
    {
        JsonElement document = Document(Analyze(folder, workload));
        Assert.Equal(Lines(TraceFixtures.Golden(folder, workload)), Lines(document, ("blocked", "reason"), ("stopTheWorld", "kind"), ("ranges", "name"), ("regions", "type"), ("tasks", "type")));
    }

    [Fact]
    public void Every_key_is_documented()
    {
        string documentation = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "json.md"));
        JsonElement document = Document(Analyze("go1.27-linux", "load.0.2s"));
        Assert.All(Keys(document).Distinct(), key => Assert.Matches($"[`{{ ,]{key}[`}},:\\] ]", documentation));
    }

    private static TraceReport Analyze(string folder, string workload) =>
        TraceAnalyzer.Analyze(new MemoryStream(TraceFixtures.Load(folder, workload)), cancellation: TestContext.Current.CancellationToken);

    private static JsonElement Document(TraceReport report)
    {
        using JsonDocument document = JsonDocument.Parse(ExportJson.Write(TraceDocument.Of(report)));
        return document.RootElement.Clone();
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Keys(property.Value).Prepend(property.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Keys),
        _ => [],
    };

    private static string Lines(JsonElement document, params (string List, string Key)[] lists)
    {
        List<string> lines =
        [
            $"events {document.GetProperty("events")}", $"duration {document.GetProperty("durationNanoseconds")}", $"goroutines {document.GetProperty("goroutines")}",
            $"goal {document.GetProperty("heap").GetProperty("firstGoalBytes")} {document.GetProperty("heap").GetProperty("lastGoalBytes")}",
            $"live {document.GetProperty("heap").GetProperty("firstLiveBytes")} {document.GetProperty("heap").GetProperty("lastLiveBytes")}",
            $"gomaxprocs {document.GetProperty("gomaxprocs")}",
        ];
        lines.AddRange(((string[])["schedulingLatency", "running", "syscalls"]).Select(name => $"{name} {Durations(document.GetProperty(name))}"));
        lines.AddRange(document.GetProperty("procs").EnumerateArray().Select(proc => $"proc {proc.GetProperty("id")} {proc.GetProperty("runningNanoseconds")}"));
        foreach ((string list, string key) in lists)
        {
            lines.AddRange(document.GetProperty(list).EnumerateArray().Select(each => $"{list} {each.GetProperty(key)} {(list == "tasks" ? each.GetProperty("count") : Durations(each))}"));
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);

        static string Durations(JsonElement each) => $"{each.GetProperty("count")} {each.GetProperty("totalNanoseconds")} {each.GetProperty("maxNanoseconds")}";
    }

    private static string Lines(JsonElement golden)
    {
        JsonElement metrics = golden.GetProperty("metricsFirstLast");
        List<string> lines =
        [
            $"events {golden.GetProperty("events")}", $"duration {golden.GetProperty("lastNs").GetInt64() - golden.GetProperty("firstNs").GetInt64()}",
            $"goroutines {golden.GetProperty("goroutinesSeen")}", $"goal {Metric("/gc/heap/goal:bytes", 0)} {Metric("/gc/heap/goal:bytes", 1)}",
            $"live {Metric("/memory/classes/heap/objects:bytes", 0)} {Metric("/memory/classes/heap/objects:bytes", 1)}", $"gomaxprocs {Metric("/sched/gomaxprocs:threads", 1)}",
        ];
        (string Name, string Property)[] totals = [("schedulingLatency", "runnableLatency"), ("running", "running"), ("syscalls", "syscalls")];
        lines.AddRange(totals.Select(each => $"{each.Name} {Durations(golden.GetProperty(each.Property))}"));
        lines.AddRange(golden.GetProperty("procRunningNs").EnumerateObject().Select(proc => $"proc {proc.Name} {proc.Value}"));
        foreach ((string list, string property) in ((string, string)[])[("blocked", "blockedByReason"), ("stopTheWorld", "stw"), ("ranges", "ranges"), ("regions", "regions")])
        {
            if (golden.TryGetProperty(property, out JsonElement each)) lines.AddRange(each.EnumerateObject().Select(one => $"{list} {one.Name} {Durations(one.Value)}"));
        }

        if (golden.TryGetProperty("tasksBegun", out JsonElement tasks)) lines.AddRange(tasks.EnumerateObject().Select(task => $"tasks {task.Name} {task.Value}"));
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);

        string Metric(string name, int index) => metrics.TryGetProperty(name, out JsonElement values) ? values[index].ToString() : "";

        static string Durations(JsonElement each) => $"{each.GetProperty("n")} {each.GetProperty("sumNs")} {each.GetProperty("maxNs")}";
    }
}
