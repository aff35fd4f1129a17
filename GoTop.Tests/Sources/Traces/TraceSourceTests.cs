using System.Net;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Profiles;
using GoTop.Engine.Sources.Traces;
using GoTop.Tests.GoRuntime.Traces;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Traces;

public sealed class TraceSourceTests : IAsyncDisposable
{
    private static readonly Interest Asked = new() { TraceRequest = 1 };
    private static readonly TargetCondition Ill = new() { SchedulingLatencyP99Nanoseconds = Reading.Of(400_000_000L) };

    private readonly AwaitableTime _time = new();
    private readonly StubHttpHandler _service;
    private readonly TargetContext _context;
    private readonly TraceSource _source;
    private Func<HttpResponseMessage> _answer = () => StubHttpHandler.Page("application/octet-stream", TraceFixtures.Load("go1.27-linux", "idle.1s"));

    public TraceSourceTests()
    {
        _service = new StubHttpHandler(_ => _answer());
        _context = new TargetContext(new TargetIdentity { Name = "svc" }, new UnsupportedPlatform(), new TargetSettings { Url = new Uri("http://service.test:6060") }, _time);
        _source = Source(_context);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task Nothing_is_traced_by_itself()
    {
        SourceResult result = await ReadAsync(_source, Interest.None);
        Assert.Empty(_service.Paths);
        Assert.Equal(ReadingState.NotYet, result.Facts.Trace.State);
        Assert.Null(result.Facts.DearRequests.Value.NextTraceSeconds);
    }

    [Fact]
    public async Task One_that_is_asked_for_is_taken_once_and_analysed()
    {
        byte[] trace = TraceFixtures.Load("go1.27-linux", "idle.1s");
        TraceBurst burst = (await ReadAsync(_source, Asked with { TraceSeconds = 3 })).Facts.Trace.Value;
        Assert.Equal(["/debug/pprof/trace?seconds=3"], _service.Paths);
        Assert.Equal((3, trace.Length), (burst.Seconds, burst.Bytes));
        Assert.True(burst.Report.Events > 100);
        Assert.Equal(trace.Length, burst.Report.Bytes);
        Assert.Contains("3–13 % of its throughput while it runs", _source.CostToTarget, StringComparison.Ordinal);
        Assert.Contains("the last was", _source.CostToTarget, StringComparison.Ordinal);

        await ReadAsync(_source, Interest.None);
        await ReadAsync(_source, Asked);
        Assert.Single(_service.Paths);
        await ReadAsync(_source, Asked with { TraceRequest = 2 });
        Assert.Equal("/debug/pprof/trace?seconds=1", _service.Paths[1]);
    }

    [Fact]
    public async Task Every_so_often_one_is_taken_by_itself()
    {
        Interest cycle = new() { TraceEverySeconds = 30 };
        SourceResult first = await ReadAsync(_source, cycle);
        Assert.Equal((30.0, 30.0), (first.Facts.DearRequests.Value.TraceEverySeconds, first.Facts.DearRequests.Value.NextTraceSeconds));
        Assert.Equal(TimeSpan.FromSeconds(30), first.Requests!.Every);
        Assert.StartsWith("1 s of every 31 s: ", _source.CostToTarget, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, (await ReadAsync(_source, cycle)).Facts.DearRequests.Value.NextTraceSeconds);
        Assert.Single(_service.Paths);
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync(_source, cycle);
        Assert.Equal(2, _service.Paths.Count);
    }

    [Fact]
    public async Task The_configured_cycle_goes_on_whatever_is_looked_at_unless_the_pane_ends_it()
    {
        await using TraceSource source = Source(_context with { Profiles = new ProfileSettings { TraceEvery = TimeSpan.FromSeconds(10), TraceSeconds = 2 } });
        await ReadAsync(source, new Interest { TraceEverySeconds = 0 });
        Assert.Empty(_service.Paths);
        await ReadAsync(source, Interest.None);
        Assert.Equal(["/debug/pprof/trace?seconds=2"], _service.Paths);
    }

    [Fact]
    public async Task A_target_in_trouble_is_not_traced_and_the_request_is_over()
    {
        SourceResult held = await ReadAsync(_source, Asked with { Condition = Ill });
        Assert.Empty(_service.Paths);
        Assert.Equal("held back: goroutines wait 400 ms to run at p99 (more than 100 ms)", held.Facts.Trace.Reason);
        Assert.StartsWith("trace: goroutines wait 400 ms", held.Facts.DearRequests.Value.HeldBack, StringComparison.Ordinal);
        await ReadAsync(_source, Asked);
        Assert.Empty(_service.Paths);
        SourceResult forced = await ReadAsync(_source, new Interest { TraceRequest = 2, Force = true, Condition = Ill });
        Assert.True(forced.Facts.Trace.HasValue);
        Assert.Null(forced.Facts.DearRequests.Value.HeldBack);
    }

    [Fact]
    public async Task It_waits_for_another_dear_request()
    {
        using (_context.Gate.TryEnter("CPU profile of 2 s", 2))
        {
            Assert.Equal("waits for the CPU profile of 2 s under way", (await ReadAsync(_source, Asked)).Facts.Trace.Reason);
            Assert.Empty(_service.Paths);
        }

        Assert.True((await ReadAsync(_source, Asked)).Facts.Trace.HasValue);
    }

    [Fact]
    public async Task What_is_no_trace_is_told_and_the_one_before_stays()
    {
        TraceBurst first = (await ReadAsync(_source, Asked)).Facts.Trace.Value;
        _answer = () => StubHttpHandler.Page("application/octet-stream", new byte[100]);
        SourceResult result = await ReadAsync(_source, Asked with { TraceRequest = 2 });
        Assert.Same(first, result.Facts.Trace.Value);
        Assert.Equal(ReadingState.Stale, result.Facts.Trace.State);
        Assert.Contains("execution trace: it does not begin as one does", result.Facts.Trace.Reason, StringComparison.Ordinal);
        Assert.Equal(SourceState.Failed, result.State);
    }

    [Fact]
    public async Task A_refusal_is_told_in_kind()
    {
        _answer = () => StubHttpHandler.Status(HttpStatusCode.NotFound);
        SourceResult result = await ReadAsync(_source, Asked);
        Assert.Equal((ReadingState.NotSupported, "404 Not Found for trace?seconds=1"), (result.Facts.Trace.State, result.Facts.Trace.Reason));
    }

    private TraceSource Source(TargetContext context) => new(context, place => new ProfileClient(place.BaseUrl, new HttpSettings(), _time, _service));

    /// <summary>A reading, its request, and what the next reading then hands out, which may begin the next request.</summary>
    private static async Task<SourceResult> ReadAsync(TraceSource source, Interest interest)
    {
        // What was begun before would be waited for in place of what this reading asks for.
        if (source.Working is { } begun) await begun;
        SourceResult result = await source.ReadAsync(interest, TestContext.Current.CancellationToken);
        if (source.Working is not { } working) return result;
        await working;
        return await source.ReadAsync(interest, TestContext.Current.CancellationToken);
    }
}
