using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Traces;
using Xunit;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>A trace that comes in over a network, in whatever pieces.</summary>
public sealed class StreamedTraceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Pieces_of_any_size_give_the_same(int pieces)
    {
        foreach (byte[] trace in (byte[][])[TraceFixtures.Go123, TraceFixtures.Go126])
        {
            EventCounts whole = new(), inPieces = new(), asynchronous = new();
            TraceFixtures.ReadAll(new MemoryStream(trace), whole);
            TraceFixtures.ReadAll(new PieceStream(trace, pieces), inPieces);
            TraceReader reader = await TraceReader.OpenAsync(new PieceStream(trace, pieces), cancellation: TestContext.Current.CancellationToken);
            while (await reader.ReadGenerationAsync(asynchronous, TestContext.Current.CancellationToken))
            {
            }

            Assert.Equal((whole.Events, whole.Order), (inPieces.Events, inPieces.Order));
            Assert.Equal((whole.Events, whole.Order), (asynchronous.Events, asynchronous.Order));
        }
    }

    [Fact]
    public void A_generation_is_given_as_soon_as_its_end_is_there()
    {
        PieceStream stream = new(TraceFixtures.Go126, 1);
        EventCounts counts = new();
        TraceReader reader = TraceReader.Open(stream);
        Assert.True(reader.ReadGeneration(counts));
        Assert.Equal(1, counts.Generations);
        Assert.Equal(reader.BytesRead, stream.Position);
        Assert.True(stream.Position < stream.Length);
    }

    [Fact]
    public void Before_marks_of_ends_it_is_given_when_the_next_one_begins()
    {
        PieceStream stream = new(TraceFixtures.Go123, 1);
        TraceReader reader = TraceReader.Open(stream);
        Assert.True(reader.ReadGeneration(new EventCounts()));
        // A batch's kind and the number of its generation.
        Assert.Equal(reader.BytesRead + 2, stream.Position);
    }

    [Fact]
    public async Task A_report_can_be_had_after_each_generation()
    {
        TraceReader reader = await TraceReader.OpenAsync(new PieceStream(TraceFixtures.Go126, 1000), cancellation: TestContext.Current.CancellationToken);
        TraceAnalysis analysis = new(reader);
        List<TraceReport> reports = [];
        while (await reader.ReadGenerationAsync(analysis, TestContext.Current.CancellationToken)) reports.Add(analysis.Report());
        TraceReport whole = await TraceAnalyzer.AnalyzeAsync(new MemoryStream(TraceFixtures.Go126), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], reports.Select(report => report.Generations));
        Assert.True(reports[0].Events < reports[1].Events);
        Assert.Equal(whole.SchedulingLatency, reports[1].SchedulingLatency);
        Assert.Equal(whole.Timeline.Procs.Length, reports[1].Timeline.Procs.Length);
    }

    [Fact]
    public void Each_generation_uses_the_memory_of_the_one_before()
    {
        // Forty generations of half a megabyte each, made as they are read.
        long ofFew = AllocatedBytes(generations: 3), ofMany = AllocatedBytes(generations: 40);
        Assert.True(ofMany < ofFew + 100_000, $"{ofFew >> 10} KiB for 3 generations, {ofMany >> 10} KiB for 40");

        static long AllocatedBytes(int generations)
        {
            using GeneratedTrace trace = new(generations);
            long before = GC.GetAllocatedBytesForCurrentThread();
            TraceReader reader = TraceReader.Open(trace);
            TraceAnalysis analysis = new(reader);
            while (reader.ReadGeneration(analysis))
            {
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before - trace.AllocatedBytes;
            Assert.Null(reader.Truncation);
            Assert.Equal(generations, analysis.Report().Generations);
            return allocated;
        }
    }
}
