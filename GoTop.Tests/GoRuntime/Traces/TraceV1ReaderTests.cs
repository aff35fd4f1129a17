using CliWrap;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Tests.Support;
using Xunit;
using static GoTop.Tests.GoRuntime.Traces.V1TraceBuilder;
using CommandLine = CliWrap.Cli;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Every event of format 1 as the reference reader gives it, in its order.</summary>
public sealed class TraceV1ReaderTests
{
    public static TheoryData<string, string> Captures => [.. TraceV1Fixtures.Captures.Select(each => new TheoryDataRow<string, string>(each.Folder, each.Workload))];

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_capture_gives_what_the_reference_gives(string folder, string workload)
    {
        EventCounts counts = new();
        TraceReader reader = TraceFixtures.ReadAll(new MemoryStream(TraceFixtures.Load(folder, workload)), counts);
        Assert.Equal(EventCounts.Describe(TraceFixtures.Golden(folder, workload)), counts.Describe(reader.Names));
        Assert.Null(reader.Truncation);
        Assert.Equal(1, counts.Generations);
        Assert.Contains(counts.Functions, function => reader.Names[function].StartsWith("main.(*service).", StringComparison.Ordinal));
    }

    /// <summary>They have one of everything: ways to block, goroutines found in each state, tasks, regions, logs, CPU samples.</summary>
    [Theory]
    [InlineData("1.19")]
    [InlineData("1.21")]
    public async Task A_sample_gives_what_the_reference_gives_read_in_whatever_pieces(string version)
    {
        byte[] trace = TraceV1Fixtures.Sample(version);
        string expected = EventCounts.Describe(TraceV1Fixtures.SampleGolden(version));

        EventCounts whole = new();
        TraceReader reader = TraceFixtures.ReadAll(new MemoryStream(trace), whole);
        EventCounts pieces = new();
        TraceReader inPieces = await TraceReader.OpenAsync(new PieceStream(trace, 7), cancellation: TestContext.Current.CancellationToken);
        while (await inPieces.ReadGenerationAsync(pieces, TestContext.Current.CancellationToken))
        {
        }

        Assert.Equal(expected, whole.Describe(reader.Names));
        Assert.Equal(expected, pieces.Describe(inPieces.Names));
        Assert.Equal(whole.Order, pieces.Order);
        Assert.Equal(trace.Length, inPieces.BytesRead);
        Assert.Contains(whole.Functions, function => reader.Names[function] == "main.channels");
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.21")]
    public async Task A_trace_that_Go_writes_now_tells_what_the_program_did(string version)
    {
        string program = await GoToolchain.RequireAsync("tracesample", version);
        using MemoryStream trace = new();
        await CommandLine.Wrap(program).WithArguments("5").WithStandardOutputPipe(PipeTarget.ToStream(trace)).ExecuteAsync(TestContext.Current.CancellationToken);
        trace.Position = 0;

        TraceReport report = TraceAnalyzer.Analyze(trace, cancellation: TestContext.Current.CancellationToken);

        Assert.Null(report.EndedEarly);
        Assert.Equal(["inner 5", "round 5"], report.Tasks.Select(task => $"{task.Type} {task.Count}").Order());
        Assert.Equal(["channels 5", "locks 5", "memory 5", "network 5"], report.Regions.Select(region => $"{region.Name} {region.Durations.Count}").Order());
        Assert.All((string[])["sleep", "chan receive", "network", "sync.(*Cond).Wait"], reason => Assert.Contains(report.Blocked, blocked => blocked.Name == reason));
        Assert.Contains(report.StopTheWorld, stop => stop.Name == "stop-the-world (GC mark termination)");
        Assert.True(report.Syscalls.Count > 0);
    }

    /// <summary>P 1 comes first in the file and starts the goroutine in the very moment in which P 0 makes it runnable.</summary>
    [Fact]
    public void What_made_a_goroutine_runnable_comes_before_its_start()
    {
        byte[] trace = new V1TraceBuilder()
            .Batch(1, 1100)
            .Event(ProcStart, 0, 8).Event(GoStart, 1, 2, 1).Event(GoBlock, 1, 0).Event(GoStart, 8, 2, 3).Event(GoEnd, 100)
            .Begin()
            .Event(GoCreate, 10, 2, 0, 0)
            .Event(GoUnblock, 97, 2, 2, 0)
            .End();

        List<TraceEvent> events = Events(trace);

        Assert.Equal(
            ["NotExist->Runnable", "Runnable->Running", "Running->Waiting", "Waiting->Runnable", "Runnable->Running", "Running->NotExist"],
            events.Where(each => each is { Resource: TraceResource.Goroutine, Id: 2 }).Select(each => $"{each.From}->{each.To}"));
    }

    /// <summary>The leaving of a system call is written when the goroutine runs again, with the time at which it left.</summary>
    [Fact]
    public void A_system_call_ends_when_it_was_left_and_one_that_did_not_block_takes_a_nanosecond()
    {
        byte[] trace = new V1TraceBuilder().Begin()
            .Event(GoSysCall, 10, 0)
            .Event(GoSysCall, 100, 0)
            .Event(GoSysBlock, 50)
            .Event(HeapAlloc, 500, 4096)
            .Event(GoSysExit, 50, 1, 2, 1300)
            .Event(GoStart, 5, 1, 3)
            .End();

        List<TraceEvent> events = Events(trace);

        Assert.Equal(
            ["13 Running->Syscall", "14 Syscall->Running", "113 Running->Syscall", "300 Syscall->Runnable", "718 Runnable->Running"],
            events.Where(each => each.Resource == TraceResource.Goroutine).Skip(2).Select(each => $"{each.TimeNanoseconds} {each.From}->{each.To}"));
        Assert.True(events.FindIndex(each => each.Kind == TraceEventKind.Metric) > events.FindIndex(each => each.To == TraceState.Runnable && each.From == TraceState.Syscall));
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.TimeNanoseconds < pair.Second.TimeNanoseconds));
    }

    /// <summary>A service of many goroutines: twice the file, and 24 bytes an event, is what reading it may take.</summary>
    [Fact]
    public void Memory_stays_within_a_few_times_the_file()
    {
        byte[] trace = TraceFixtures.Load("go1.21-linux", "heavy.5s");
        using MemoryStream stream = new(trace);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TraceFixtures.ReadAll(stream, new NoSink());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, trace.Length, 6L * trace.Length);
    }

    [Fact]
    public void A_trace_without_events_is_one_Sync()
    {
        List<TraceEvent> events = Events(new V1TraceBuilder().Batch(0, 1).End());
        Assert.Equal(TraceEventKind.Sync, Assert.Single(events).Kind);
    }

    private static List<TraceEvent> Events(byte[] trace)
    {
        EventList events = new();
        TraceFixtures.ReadAll(new MemoryStream(trace), events);
        return events.Events;
    }

    private sealed class NoSink : ITraceSink
    {
        public void OnGeneration(TraceGeneration generation)
        {
        }

        public void OnEvents(ReadOnlySpan<TraceEvent> events)
        {
        }
    }

    private sealed class EventList : ITraceSink
    {
        public List<TraceEvent> Events { get; } = [];

        public void OnGeneration(TraceGeneration generation)
        {
        }

        public void OnEvents(ReadOnlySpan<TraceEvent> events) => Events.AddRange(events);
    }
}
