using System.Collections.Immutable;
using System.Text.Json;
using GoTop.Engine.Export;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Tests.Fleet;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Export;

/// <summary>Other tools rely on these names: see docs/json.md.</summary>
public sealed class JsonContractTests
{
    [Fact]
    public void The_snapshot_document_is_as_pinned() => GoldenScreens.AssertSame("snapshot-leak.json", Snapshot(Observations.Leak) + "\n");

    [Fact]
    public void The_process_list_is_as_pinned() =>
        GoldenScreens.AssertSame("ps.json", ExportJson.Write([.. Observations.Processes.Value.Select(ProcessDocument.Of)]) + "\n");

    [Fact]
    public void The_fleet_is_as_pinned() => GoldenScreens.AssertSame("fleet.json", Fleet() + "\n");

    [Fact]
    public void A_figure_that_cannot_be_read_is_null_and_says_why()
    {
        using JsonDocument document = JsonDocument.Parse(Snapshot(Observations.Denied));
        JsonElement root = document.RootElement;
        Assert.Equal(JsonValueKind.Null, root.GetProperty("go").GetProperty("goroutines").ValueKind);
        Assert.NotEmpty(root.GetProperty("absent").GetProperty("go.goroutines").GetString()!);
    }

    [Fact]
    public void Every_null_figure_of_process_and_go_has_its_reason()
    {
        using JsonDocument document = JsonDocument.Parse(Snapshot(Observations.AllMissing));
        JsonElement absent = document.RootElement.GetProperty("absent");
        foreach (string part in (string[])["process", "go", "container", "host"])
        {
            foreach (JsonProperty figure in document.RootElement.GetProperty(part).EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Null))
                Assert.True(absent.TryGetProperty($"{part}.{figure.Name}", out _), $"{part}.{figure.Name}");
        }
    }

    [Fact]
    public void Every_key_is_documented()
    {
        string documentation = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "json.md"));
        foreach (string json in (string[])[Snapshot(Observations.Leak), ExportJson.Write([.. Observations.Processes.Value.Select(ProcessDocument.Of)]), Fleet()])
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Assert.All(Keys(document.RootElement).Distinct(), key => Assert.Matches($"[`{{ ,]{key}[`}},:\\] ]", documentation));
        }
    }

    [Fact]
    public void A_group_keeps_a_row_for_each_stack_when_some_stacks_are_not_known()
    {
        CodeLocation a = new("main.a", "/src/a.go", 1), b = new("main.b", "/src/b.go", 2);
        GoroutineGroup group = new(
            new GroupKey(a, "main.work", GoroutineState.Waiting, "select"), 10, Reading.Of(0.0), Reading.Of(1.0), [new StackShape(6, [a]), new StackShape(3, [b])]);
        Snapshot now = Observations.Leak.Now with { Groups = Reading.Of<ImmutableArray<GoroutineGroup>>([group]) };
        ImmutableArray<GroupPart> rows = SnapshotDocumentBuilder.Build(Observations.Leak with { Now = now }).GoroutineGroups;
        Assert.Equal([(6, "main.a"), (3, "main.b"), (1, null)], rows.Select(row => (row.Count, row.Stack.FirstOrDefault()?.Function)));
    }

    private static string Fleet() => ExportJson.Write(FleetDocument.Of(FleetRows.Snapshot(
        [.. Enumerable.Range(0, 4).Select(i => FleetRows.Goroutines($"well{i}", 200 + i)), FleetRows.Goroutines("odd", 9000), FleetRows.Goroutines("gone", 1) with { State = FleetState.Down, Reason = "connection refused" }])));

    private static string Snapshot(Observation observation) => ExportJson.Write(SnapshotDocumentBuilder.Build(observation));

    internal static IEnumerable<string> Keys(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "absent" ? [p.Name] : Keys(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Keys),
        _ => [],
    };
}
