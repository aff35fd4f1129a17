using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Traces;
using Xunit;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Torn and damaged traces: what is whole is read, the rest is named with its place, and nothing crashes.</summary>
public sealed class DamagedTraceTests
{
    /// <summary>Header version and a trace of two generations.</summary>
    public static TheoryData<string> Versions => ["1.23", "1.26"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_trace_cut_anywhere_gives_its_whole_generations_and_says_where_it_ends(string version)
    {
        byte[] trace = Trace(version);
        (long[] ends, long[] events) = Generations(trace);
        Assert.Equal(2, ends.Length);
        for (int length = 17; length < trace.Length; length += 97)
        {
            // Nothing tells then that there was more.
            if (ends.Contains(length)) continue;
            EventCounts counts = new();
            TraceReader reader = TraceFixtures.ReadAll(new MemoryStream(trace, 0, length), counts);
            int whole = ends.Count(end => end <= length);
            TraceTruncation truncation = Assert.IsType<TraceTruncation>(reader.Truncation);
            Assert.Equal((whole, length), (truncation.WholeGenerations, truncation.Offset));
            Assert.Equal(whole + (truncation.HasPart ? 1 : 0), counts.Generations);
            // And the Sync that ends it.
            if (!truncation.HasPart) Assert.Equal(events.Take(whole).Sum() + 1, counts.Events);
            // Of the only generation what there is, from the moment on at which its clock is known.
            else Assert.InRange(counts.Events, 2, events[0] + 1);
            if (version != "1.26" || whole > 0) Assert.False(truncation.HasPart);
            else if (length > ends[0] / 2) Assert.True(truncation.HasPart, $"cut at {length}: {truncation}, {counts.Events}");
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_report_of_a_cut_trace_says_so(string version)
    {
        byte[] trace = Trace(version);
        TraceReport report = TraceAnalyzer.Analyze(new MemoryStream(trace, 0, trace.Length - 1000), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal($"it ends within a batch of generation 2, at byte {trace.Length - 1000}; 1 generation is whole before it", report.EndedEarly);
        Assert.True(report.Events > 1000);
    }

    [Fact]
    public void A_trace_cut_within_its_only_generation_is_told_up_to_there()
    {
        byte[] trace = TraceFixtures.Go126;
        (long[] ends, _) = Generations(trace);
        TraceReport whole = Report(ends[0]), early = Report(ends[0] / 4), late = Report(ends[0] - 100);
        Assert.StartsWith($"it ends within a batch of generation 1, at byte {ends[0] / 4}; no generation is whole", early.EndedEarly, StringComparison.Ordinal);
        Assert.InRange(early.Events, whole.Events / 5, late.Events - 1);
        Assert.InRange(late.Events, whole.Events / 2, whole.Events);
        Assert.InRange(early.DurationNanoseconds, 1, whole.DurationNanoseconds);
        Assert.Contains("(name cut off)", early.Blocked.Select(blocked => blocked.Name));

        TraceReport Report(long length) => TraceAnalyzer.Analyze(new MemoryStream(trace, 0, (int)length), cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Before_its_clock_is_known_nothing_can_be_told_of_a_generation()
    {
        TraceFormatException nothing = Assert.Throws<TraceFormatException>(() => TraceAnalyzer.Analyze(new MemoryStream(TraceFixtures.Go123, 0, 5000), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("execution trace: it ends within a batch of generation 1; before Go 1.25 a generation's clock is written at its end, so what there is has no times (at byte 5000, generation 1)", nothing.Message);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Damage_is_refused_with_its_place_or_read_over(string version)
    {
        byte[] trace = Trace(version);
        Random random = new(version.GetHashCode(StringComparison.Ordinal) & 0xff);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = (byte[])trace.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(16, damaged.Length)] ^= (byte)(1 << random.Next(8));
            EventCounts counts = new();
            try
            {
                TraceReader reader = TraceFixtures.ReadAll(new MemoryStream(damaged), counts);
                if (reader.Truncation is not null) refused++;
                new TraceAnalysisRun(damaged).Report();
            }
            catch (TraceFormatException broken)
            {
                refused++;
                Assert.NotEmpty(broken.Reason);
                Assert.InRange(broken.Offset!.Value, 16, damaged.Length);
            }

            Assert.InRange(counts.Events, 0, damaged.Length);
        }

        Assert.InRange(refused, 100, 399);
    }

    [Theory]
    [InlineData("", "it does not begin as one does")]
    [InlineData("go 1.27 profile\0", "it does not begin as one does")]
    [InlineData("go 1.22 trace\0\0", "it does not begin as one does")]
    [InlineData("go 1.24 trace\0\0\0", "its version, go 1.24, is not known")]
    [InlineData("go 1.99 trace\0\0\0", "its version, go 1.99, is not known")]
    public void What_is_no_trace_of_a_known_version_is_refused(string header, string reason)
    {
        TraceFormatException refused = Assert.Throws<TraceFormatException>(() => TraceReader.Open(new MemoryStream(System.Text.Encoding.ASCII.GetBytes(header))));
        Assert.StartsWith(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_alone_is_an_empty_trace_only_where_ends_are_marked()
    {
        Assert.Null(TraceFixtures.ReadAll(new MemoryStream("go 1.26 trace\0\0\0"u8.ToArray()), new EventCounts()).Truncation);
        Assert.Equal("it has a header and nothing else", TraceFixtures.ReadAll(new MemoryStream("go 1.25 trace\0\0\0"u8.ToArray()), new EventCounts()).Truncation?.Reason);
    }

    [Fact]
    public void A_generation_beyond_the_limit_is_refused()
    {
        TraceFormatException refused = Assert.Throws<TraceFormatException>(() => TraceFixtures.ReadAll(
            new MemoryStream(TraceFixtures.Go126), new EventCounts(), new TraceLimits { MaxGenerationBytes = 20_000 }));
        Assert.StartsWith("a generation of more than", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(1, refused.Generation);
        Assert.Throws<TraceFormatException>(() => TraceFixtures.ReadAll(new MemoryStream(TraceFixtures.Go126), new EventCounts(), new TraceLimits { MaxLive = 20 }));
        Assert.Throws<TraceFormatException>(() => TraceFixtures.ReadAll(new MemoryStream(TraceFixtures.Go126), new EventCounts(), new TraceLimits { MaxTableEntries = 20 }));
    }

    private static byte[] Trace(string version) => version == "1.23" ? TraceFixtures.Go123 : TraceFixtures.Go126;

    /// <summary>Where each generation is known to be whole, and how many events it has.</summary>
    private static (long[] Ends, long[] Events) Generations(byte[] trace)
    {
        List<long> ends = [], events = [];
        EventCounts counts = new();
        TraceReader reader = TraceReader.Open(new MemoryStream(trace));
        long before = 0;
        while (reader.ReadGeneration(counts))
        {
            ends.Add(reader.BytesRead);
            events.Add(counts.Events - before);
            before = counts.Events;
        }

        return ([.. ends], [.. events]);
    }

    private sealed class TraceAnalysisRun(byte[] trace)
    {
        public void Report()
        {
            TraceReader reader = TraceReader.Open(new MemoryStream(trace));
            TraceAnalysis analysis = new(reader);
            while (reader.ReadGeneration(analysis))
            {
            }

            Assert.NotEmpty(analysis.Report().Verdict);
        }
    }
}
