using GoTop.Engine.GoRuntime.Traces;
using Xunit;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Every event of format 2 as the reference reader gives it, in its order.</summary>
public sealed class TraceV2ReaderTests
{
    public static TheoryData<string, string> Captures => [.. TraceFixtures.Format2.Select(each => new TheoryDataRow<string, string>(each.Folder, each.Workload))];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_capture_gives_what_the_reference_gives(string folder, string workload)
    {
        EventCounts counts = new();
        TraceReader reader = TraceFixtures.ReadAll(new MemoryStream(TraceFixtures.Load(folder, workload)), counts);
        Assert.Equal(EventCounts.Describe(TraceFixtures.Golden(folder, workload)), counts.Describe(reader.Names));
        Assert.Null(reader.Truncation);
        Assert.Contains("runtime/trace.Start", counts.Functions.Select(function => reader.Names[function]));
    }

    [Fact]
    public void The_references_ordering_tests_end_as_they_should()
    {
        Assert.All(TraceFixtures.Upstream(), test =>
        {
            EventCounts counts = new();
            Exception? broken = Record.Exception(() => TraceFixtures.ReadAll(new MemoryStream(TraceFixtures.LoadUpstream(test.Name)), counts));
            Assert.Equal(test.Events, counts.Events);
            if (test.IsAccepted) Assert.Null(broken);
            else Assert.Matches(@"^execution trace: Go\w+ without a P \(at byte \d+, generation 1, batch \d\)$", Assert.IsType<TraceFormatException>(broken).Message);
        });
    }
}
