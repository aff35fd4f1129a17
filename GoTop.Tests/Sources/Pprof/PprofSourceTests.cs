using System.Net;
using System.Net.Sockets;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Pprof;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

/// <summary>What one reading asks for and gives, against a service without a network, in fake time.</summary>
public sealed class PprofSourceTests : IAsyncDisposable
{
    private readonly AwaitableTime _time = new();
    private readonly StubHttpHandler _service;
    private readonly PprofSource _source;

    private Func<HttpResponseMessage> _index;
    private Func<HttpResponseMessage> _vars;
    private Func<HttpResponseMessage> _heap;

    public PprofSourceTests()
    {
        _index = Serve("text/html", PprofCapture.Read("go1.27-windows-wine", "index.html"));
        _vars = Serve("application/json", PprofCapture.Read("go1.27-windows-wine", "vars.json"));
        _heap = Serve("text/plain", PprofCapture.Read("go1.27-windows-wine", "heap.1.txt")[^30_000..]);
        _service = new StubHttpHandler(request => request.RequestUri!.PathAndQuery switch
        {
            "/debug/pprof/" => _index(),
            "/debug/vars" => _vars(),
            "/debug/pprof/heap?debug=1" => _heap(),
            var other => throw new InvalidOperationException($"a dear request was sent: {other}"),
        });
        TargetContext context = Context("http://service.test:6060");
        _source = new PprofSource(context, place => new PprofClient(place.BaseUrl, context.Settings.Http, _time, _service));
    }

    public static TheoryData<string> Folders { get; } = new(PprofCapture.Folders);

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Every_captured_service_is_read(string folder)
    {
        _index = Serve("text/html; charset=utf-8", PprofCapture.Read(folder, "index.html"));
        _vars = Serve("application/json; charset=utf-8", PprofCapture.Read(folder, "vars.json"));
        SourceResult result = await ReadAsync();
        Assert.Equal(SourceState.Ok, result.State);
        Assert.Null(result.Reason);
        RuntimeCounters runtime = result.Facts.Runtime;
        Assert.Equal(result.Facts.Profiles.Value["goroutine"], runtime.Goroutines.Value);
        Assert.Equal(result.Facts.Profiles.Value["threadcreate"], runtime.Threads.Value);
        Assert.Equal(ExpvarParser.Parse(PprofCapture.Read(folder, "vars.json"), "").Value[MemStat.NumGC], runtime.GcCycles.Value);
    }

    [Fact]
    public async Task The_index_and_vars_are_asked_for_and_nothing_else()
    {
        await ReadAsync();
        await ReadAsync();
        Assert.Equal(["/debug/pprof/", "/debug/vars", "/debug/pprof/", "/debug/vars"], _service.Paths);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "application/json", "{}")]
    [InlineData(HttpStatusCode.Forbidden, "application/json", "{}")]
    [InlineData(HttpStatusCode.OK, "text/html", "<html>not expvar</html>")]
    [InlineData(HttpStatusCode.OK, "application/json", """{"a":1}""")]
    [InlineData(HttpStatusCode.OK, "application/json", """{"a": NaN,"memstats":{}}""")]
    public async Task Where_vars_do_not_serve_the_heap_text_does_and_that_is_remembered(HttpStatusCode status, string type, string body)
    {
        _vars = () =>
        {
            HttpResponseMessage response = StubHttpHandler.Page(type, Encoding.UTF8.GetBytes(body));
            response.StatusCode = status;
            return response;
        };
        SourceResult result = await ReadAsync();
        Assert.Equal(154, result.Facts.Runtime.GcCycles.Value);
        Assert.Contains("heap?debug=1 does not tell PauseTotalNs", result.Facts.Runtime.PauseTotalNanoseconds.Reason, StringComparison.Ordinal);
        await ReadAsync();
        Assert.Equal(["/debug/pprof/", "/debug/vars", "/debug/pprof/heap?debug=1", "/debug/pprof/", "/debug/pprof/heap?debug=1"], _service.Paths);
    }

    [Fact]
    public async Task A_long_heap_text_is_read_every_10_s_only()
    {
        _vars = Status(HttpStatusCode.NotFound);
        _heap = Serve("text/plain", [.. new byte[MemStatsReader.DearBytes], .. PprofCapture.Read("go1.27-windows-wine", "heap.1.txt")[^30_000..]]);
        SourceResult first = await ReadAsync();
        for (int second = 1; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            SourceResult between = await ReadAsync();
            Assert.Equal(first.Facts.Runtime.GcCycles, between.Facts.Runtime.GcCycles);
            Assert.Equal(first.Facts.Runtime.ReadAtNanoseconds, between.Facts.Runtime.ReadAtNanoseconds);
        }

        Assert.Equal(1, HeapRequests());
        _time.Advance(TimeSpan.FromSeconds(1));
        SourceResult next = await ReadAsync();
        Assert.Equal(2, HeapRequests());
        Assert.Equal(10_000_000_000, next.Facts.Runtime.ReadAtNanoseconds - first.Facts.Runtime.ReadAtNanoseconds);
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(21, 1)]
    public async Task So_is_one_that_takes_20_ms_longer_than_the_index(int heapMilliseconds, int expectedRequests)
    {
        Func<HttpResponseMessage> index = _index;
        _index = After(5, index);
        _vars = Status(HttpStatusCode.NotFound);
        _heap = After(5 + heapMilliseconds, _heap);
        await ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync();
        Assert.Equal(expectedRequests, HeapRequests());
    }

    [Fact]
    public async Task Without_either_page_the_counts_remain_and_the_figures_say_why()
    {
        _vars = Status(HttpStatusCode.NotFound);
        _heap = Status(HttpStatusCode.NotFound);
        SourceResult result = await ReadAsync();
        Assert.Equal(SourceState.Ok, result.State);
        Assert.Equal(616, result.Facts.Runtime.Goroutines.Value);
        Assert.Equal(ReadingState.NotSupported, result.Facts.Runtime.HeapLiveBytes.State);
        Assert.Equal("404 Not Found for /debug/vars; 404 Not Found for heap?debug=1", result.Facts.Runtime.HeapLiveBytes.Reason);

        // It is not asked again at once.
        _time.Advance(TimeSpan.FromSeconds(59));
        await ReadAsync();
        Assert.Equal(1, HeapRequests());
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync();
        Assert.Equal(2, HeapRequests());
    }

    [Fact]
    public async Task Figures_that_could_not_be_read_again_are_stale_and_say_how_old()
    {
        await ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        _vars = () => throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended");
        ValueTask<SourceResult> reading = _source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        foreach (int delay in new[] { 100, 200, 400 }) await _time.PassAsync(TimeSpan.FromMilliseconds(delay));
        SourceResult result = await reading;
        Assert.Equal(SourceState.Ok, result.State);
        Assert.Equal(616, result.Facts.Runtime.Goroutines.Value);
        Assert.Equal(ReadingState.Stale, result.Facts.Runtime.GcCycles.State);
        Assert.Equal(146, result.Facts.Runtime.GcCycles.Value);
        Assert.StartsWith("4 s old: /debug/vars: breaker open after: the connection closed before the answer was complete", result.Facts.Runtime.GcCycles.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_breaker_of_vars_is_open_the_heap_text_stands_in()
    {
        Func<HttpResponseMessage> vars = _vars;
        _vars = () => throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended");
        ValueTask<SourceResult> reading = _source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        foreach (int delay in new[] { 100, 200, 400 }) await _time.PassAsync(TimeSpan.FromMilliseconds(delay));
        SourceResult result = await reading;
        Assert.Equal(154, result.Facts.Runtime.GcCycles.Value);
        Assert.Equal(1, HeapRequests());

        _vars = vars;
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync();
        Assert.Equal("/debug/vars", _service.Paths[^1]);
    }

    [Fact]
    public async Task A_service_that_is_away_fails_with_the_breakers_state_and_keeps_its_old_figures_as_stale()
    {
        await ReadAsync();
        _index = () => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));
        ValueTask<SourceResult> reading = _source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        foreach (int delay in new[] { 100, 200, 400 }) await _time.PassAsync(TimeSpan.FromMilliseconds(delay));
        SourceResult result = await reading;
        Assert.Equal(SourceState.Failed, result.State);
        Assert.Equal("http://service.test:6060/debug/pprof/: breaker open after: connection refused; next try in 1 s", result.Reason);
        Assert.Equal(ReadingState.Failed, result.Facts.Runtime.Goroutines.State);
        Assert.Equal(ReadingState.Stale, result.Facts.Runtime.HeapLiveBytes.State);

        _time.Advance(TimeSpan.FromMilliseconds(400));
        result = await ReadAsync();
        Assert.Equal("http://service.test:6060/debug/pprof/: breaker open after: connection refused; next try in 1 s", result.Reason);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, SourceState.NotSupported, "404 Not Found for the index")]
    [InlineData(HttpStatusCode.Unauthorized, SourceState.Denied, "401 Unauthorized: set the target's user and password, or its token")]
    [InlineData(HttpStatusCode.Forbidden, SourceState.Denied, "403 Forbidden")]
    public async Task A_refused_index_says_so_and_nothing_more_is_asked(HttpStatusCode status, SourceState expected, string reason)
    {
        _index = Status(status);
        SourceResult result = await ReadAsync();
        Assert.Equal(expected, result.State);
        Assert.Equal("http://service.test:6060/debug/pprof/: " + reason, result.Reason);
        Assert.Equal(["/debug/pprof/"], _service.Paths);
    }

    [Fact]
    public async Task A_reading_ends_by_its_deadline_whatever_the_service_does()
    {
        StubHttpHandler silent = new(_ => new TaskCompletionSource<HttpResponseMessage>().Task);
        TargetContext context = Context("http://service.test:6060");
        await using PprofSource source = new(context, place => new PprofClient(place.BaseUrl, context.Settings.Http, _time, new CancellableHandler(silent)));
        Task<SourceResult> reading = source.ReadAsync(Interest.None, TestContext.Current.CancellationToken).AsTask();
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        await _time.PassAsync(TimeSpan.FromMilliseconds(100));
        await _time.TimerOfAsync(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromMilliseconds(900));
        SourceResult result = await reading;
        Assert.Equal(SourceState.Failed, result.State);
        Assert.Contains("no answer within 900 ms", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_port_the_check_says_what_would_help()
    {
        SourceStatus status = PprofSource.Check(Context(url: null));
        Assert.Equal(SourceState.NotSupported, status.State);
        Assert.Contains("no pprof port answers", status.Reason, StringComparison.Ordinal);
        Assert.Equal(SourceState.Ok, PprofSource.Check(Context("http://host:1")).State);
        Assert.Equal(SourceState.Failed, PprofSource.Check(Context("ftp://host:1")).State);
    }

    [Fact]
    public async Task A_source_is_made_for_a_url_or_a_process_only()
    {
        Assert.Null(PprofSource.Create(Context(url: null)));
        TargetContext local = Context(url: null) with { Target = new TargetIdentity { Name = "svc", Process = new ProcessKey(1, 2) } };
        await using ISource source = PprofSource.Create(local)!;
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal(SourceState.NotSupported, result.State);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _service.Dispose();
    }

    private TargetContext Context(string? url) => new(
        new TargetIdentity { Name = "svc" }, new UnsupportedPlatform(), new TargetSettings { Url = url is null ? null : new Uri(url) }, _time);

    private ValueTask<SourceResult> ReadAsync() => _source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);

    private int HeapRequests() => _service.Paths.Count(path => path.Contains("heap", StringComparison.Ordinal));

    private Func<HttpResponseMessage> After(int milliseconds, Func<HttpResponseMessage> answer) => () =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return answer();
    };

    private static Func<HttpResponseMessage> Serve(string type, byte[] body) => () => StubHttpHandler.Page(type.Split(';')[0], body);

    private static Func<HttpResponseMessage> Status(HttpStatusCode status) => () => StubHttpHandler.Status(status);

    /// <summary>Gives up waiting when told to, as a real connection does.</summary>
    private sealed class CancellableHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.SendAsync(request, cancellationToken).WaitAsync(cancellationToken);
    }
}
