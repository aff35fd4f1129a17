using System.Net;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Profiles;

public sealed class ProfileSourceTests : IAsyncDisposable
{
    private static readonly Interest Cpu = new() { Profiles = ProfileKindSet.Of(ProfileKind.Cpu) };
    private static readonly Interest Heap = new() { Profiles = ProfileKindSet.Of(ProfileKind.Heap) };
    private static readonly TargetCondition Ill = new() { GcCpuPercent = Reading.Of(60.0), Goroutines = Reading.Of(100L) };

    private readonly AwaitableTime _time = new();
    private readonly StubHttpHandler _service;
    private readonly TargetContext _context;
    private readonly ProfileSource _source;
    private Func<HttpRequestMessage, Task<HttpResponseMessage>> _answer = request => Task.FromResult(Page((byte)request.RequestUri!.AbsolutePath.Length));

    public ProfileSourceTests()
    {
        _service = new StubHttpHandler(request => _answer(request));
        _context = new TargetContext(new TargetIdentity { Name = "svc" }, new UnsupportedPlatform(), new TargetSettings { Url = new Uri("http://service.test:6060") }, _time);
        _source = new ProfileSource(_context, place => new ProfileClient(place.BaseUrl, new HttpSettings(), _time, _service));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task Nothing_is_asked_until_a_pane_wants_it()
    {
        SourceResult result = await ReadAsync(Interest.None);
        Assert.Empty(_service.Paths);
        Assert.Equal((SourceState.NotYet, "no pane has asked for it yet"), (result.State, result.Facts.ProfileCaptures.Cpu.Reason));
        Assert.Equal("none until a pane shows a profile", _source.CostToTarget);
    }

    [Fact]
    public async Task What_a_pane_wants_is_asked_for_and_kept()
    {
        await _source.ReadAsync(Cpu, TestContext.Current.CancellationToken);
        Assert.Contains("cpu 2 s of every 5 s", _source.CostToTarget, StringComparison.Ordinal);
        await _source.Working!;
        SourceResult result = await ReadAsync(Cpu);
        Assert.Equal(["/debug/pprof/profile?seconds=2"], _service.Paths);
        ProfileCapture capture = result.Facts.ProfileCaptures.Cpu.Value;
        Assert.Equal(SourceState.Ok, result.State);
        Assert.Equal(capture.ReadAtNanoseconds, result.Requests!.ReadAtNanoseconds);

        // Left: it stays, and is not asked for again.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(capture, (await ReadAsync(Interest.None)).Facts.ProfileCaptures.Cpu.Value);
        Assert.Single(_service.Paths);
        Assert.NotSame(capture, (await ReadAsync(Cpu)).Facts.ProfileCaptures.Cpu.Value);
    }

    [Fact]
    public async Task A_reading_does_not_wait_for_a_profile_that_takes_seconds()
    {
        TaskCompletionSource<HttpResponseMessage> slow = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = _ =>
        {
            asked.SetResult();
            return slow.Task;
        };
        SourceResult first = await _source.ReadAsync(Cpu, TestContext.Current.CancellationToken);
        // Not for the gate: it is taken a moment before the reason is told.
        await Until.TrueAsync(() => asked.Task.IsCompleted);
        SourceResult meanwhile = await _source.ReadAsync(Cpu, TestContext.Current.CancellationToken);
        Assert.Equal(ReadingState.NotYet, first.Facts.ProfileCaptures.Cpu.State);
        Assert.Equal("CPU profile of 2 s", meanwhile.Facts.DearRequests.Value.Running);
        Assert.Equal(2, meanwhile.Facts.DearRequests.Value.PlannedSeconds);
        Assert.Equal("CPU profile of 2 s under way", meanwhile.Facts.ProfileCaptures.Cpu.Reason);
        slow.SetResult(Page(7));
        await _source.Working!;
        // The person has left meanwhile: it came to its end all the same.
        Assert.Equal([7], (await ReadAsync(Interest.None)).Facts.ProfileCaptures.Cpu.Value.Content);
        Assert.Null(_context.Gate.Running);
    }

    [Fact]
    public async Task Several_kinds_are_asked_for_one_after_another()
    {
        int atOnce = 0, most = 0;
        _answer = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await Task.Yield();
            Interlocked.Decrement(ref atOnce);
            return Page(1);
        };
        await ReadAsync(new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Mutex, ProfileKind.Block, ProfileKind.Heap) });
        Assert.Equal(3, _service.Paths.Count);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_target_in_trouble_is_not_asked_and_the_reason_is_told()
    {
        SourceResult result = await ReadAsync(Cpu with { Condition = Ill });
        Assert.Empty(_service.Paths);
        Assert.Equal("held back: GC uses 60 % of its CPU (more than 25 %)", result.Facts.ProfileCaptures.Cpu.Reason);
        Assert.Equal("CPU profile: GC uses 60 % of its CPU (more than 25 %)", result.Facts.DearRequests.Value.HeldBack);

        await ReadAsync(Cpu with { Condition = Ill, Force = true });
        Assert.Single(_service.Paths);
    }

    [Fact]
    public async Task What_nobody_looks_at_any_more_is_not_held_back()
    {
        await ReadAsync(Cpu with { Condition = Ill });
        Assert.Null((await ReadAsync(Interest.None with { Condition = Ill })).Facts.DearRequests.Value.HeldBack);
    }

    [Fact]
    public async Task When_it_has_recovered_it_is_asked_by_itself()
    {
        await ReadAsync(Cpu with { Condition = Ill });
        SourceResult result = await ReadAsync(Cpu);
        Assert.True(result.Facts.ProfileCaptures.Cpu.HasValue);
        Assert.Null(result.Facts.DearRequests.Value.HeldBack);
    }

    [Fact]
    public async Task A_cheap_profile_is_asked_for_while_a_dear_one_is_held_back()
    {
        SourceResult result = await ReadAsync(new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Cpu, ProfileKind.Heap), Condition = Ill });
        Assert.Equal(["/debug/pprof/heap"], _service.Paths);
        Assert.True(result.Facts.ProfileCaptures.Heap.HasValue);
        Assert.StartsWith("CPU profile: GC", result.Facts.DearRequests.Value.HeldBack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_under_way_goes_first()
    {
        using (RequestLease capture = _context.Gate.TryEnter("capture: trace of 5 s", 5)!)
        {
            SourceResult result = await ReadAsync(Cpu);
            Assert.Empty(_service.Paths);
            Assert.Equal("waits for the capture: trace of 5 s under way", result.Facts.ProfileCaptures.Cpu.Reason);
            Assert.Equal("capture: trace of 5 s", result.Facts.DearRequests.Value.Running);
        }

        Assert.True((await ReadAsync(Cpu)).Facts.ProfileCaptures.Cpu.HasValue);
    }

    [Fact]
    public async Task A_leak_profile_is_asked_for_once_for_each_request()
    {
        Interest asked = new() { LeakRequest = 1 };
        Assert.True((await ReadAsync(asked)).Facts.ProfileCaptures.GoroutineLeak.HasValue);
        _time.Advance(TimeSpan.FromHours(1));
        await ReadAsync(asked);
        Assert.Equal(["/debug/pprof/goroutineleak"], _service.Paths);
        await ReadAsync(asked with { LeakRequest = 2 });
        Assert.Equal(2, _service.Paths.Count);
    }

    [Fact]
    public async Task A_leak_profile_that_was_held_back_waits_for_the_next_request()
    {
        SourceResult held = await ReadAsync(new Interest { LeakRequest = 1, Condition = Ill });
        Assert.StartsWith("held back: GC", held.Facts.ProfileCaptures.GoroutineLeak.Reason, StringComparison.Ordinal);
        await ReadAsync(new Interest { LeakRequest = 1 });
        Assert.Empty(_service.Paths);
        await ReadAsync(new Interest { LeakRequest = 2, Condition = Ill, Force = true });
        Assert.Single(_service.Paths);
    }

    [Fact]
    public async Task A_failure_leaves_the_capture_before_marked_as_old()
    {
        ProfileCapture first = (await ReadAsync(Heap)).Facts.ProfileCaptures.Heap.Value;
        _time.Advance(TimeSpan.FromSeconds(10));
        _answer = _ => Task.FromResult(StubHttpHandler.Status(HttpStatusCode.BadGateway));
        SourceResult failed = await ReadAsync(Heap);
        Assert.Equal((ReadingState.Stale, "502 Bad Gateway for heap"), (failed.Facts.ProfileCaptures.Heap.State, failed.Facts.ProfileCaptures.Heap.Reason));
        Assert.Same(first, failed.Facts.ProfileCaptures.Heap.Value);
        Assert.Equal((SourceState.Failed, "heap profile: 502 Bad Gateway for heap"), (failed.State, failed.Reason));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, ReadingState.NotSupported)]
    [InlineData(HttpStatusCode.Forbidden, ReadingState.Denied)]
    [InlineData(HttpStatusCode.InternalServerError, ReadingState.Failed)]
    public async Task A_refusal_is_told_in_kind(HttpStatusCode status, ReadingState expected)
    {
        _answer = _ => Task.FromResult(StubHttpHandler.Status(status));
        Assert.Equal(expected, (await ReadAsync(Heap)).Facts.ProfileCaptures.Heap.State);
        await ReadAsync(Heap);
        Assert.Single(_service.Paths);
    }

    [Fact]
    public async Task Without_pprof_the_profiles_say_so()
    {
        TargetContext local = _context with { Target = new TargetIdentity { Name = "svc", Process = new ProcessKey(1, 2) }, Settings = TargetSettings.Default };
        await using ProfileSource source = new(local);
        await source.ReadAsync(Cpu, TestContext.Current.CancellationToken);
        await source.Working!;
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal(SourceState.NotSupported, result.State);
        Assert.False(string.IsNullOrEmpty(result.Facts.ProfileCaptures.Cpu.Reason));
        Assert.Equal(ReadingState.NotSupported, result.Facts.ProfileCaptures.Cpu.State);
        Assert.Equal(ReadingState.NotYet, result.Facts.ProfileCaptures.Heap.State);
    }

    private static HttpResponseMessage Page(byte content) => StubHttpHandler.Page("application/octet-stream", [content]);

    /// <summary>A reading, its requests, and what the next reading then hands out, which may begin the next requests.</summary>
    private async Task<SourceResult> ReadAsync(Interest interest)
    {
        // What was begun before would be waited for in place of what this reading asks for.
        if (_source.Working is { } begun) await begun;
        SourceResult result = await _source.ReadAsync(interest, TestContext.Current.CancellationToken);
        if (_source.Working is not { } working) return result;
        await working;
        return await _source.ReadAsync(interest, TestContext.Current.CancellationToken);
    }
}
