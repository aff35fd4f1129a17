using System.Net;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Metrics;
using GoTop.Tests.GoRuntime.Metrics;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Metrics;

/// <summary>What the source asks for, how often, and what it makes of answers; in fake time.</summary>
public sealed class MetricsSourceTests
{
    private static readonly byte[] Page = ExpositionParserTests.Capture("client_golang-go1.27");
    private readonly AwaitableTime _time = new();

    [Fact]
    public async Task A_configured_page_is_asked_for_and_gives_its_facts_until_the_next_reading()
    {
        StubHttpHandler service = new(_ => StubHttpHandler.Page("text/plain", Page));
        await using MetricsSource source = Source(Configured("http://service.test:9100/own/metrics"), service);
        SourceResult result = await ReadAsync(source);

        Assert.Equal((SourceState.Ok, null), (result.State, result.Reason));
        Assert.Equal(("http_requests_total", 26L), (result.Facts.Service.Value.Http.Value.Metric, result.Facts.Service.Value.Http.Value.Total));
        Assert.Equal("go1.27.4", result.Facts.Runtime.GoVersion.Value);
        Assert.Equal(["/own/metrics"], service.Paths);
        Assert.True(result.Facts.Service.Value.ReadAtNanoseconds > 0);
        Assert.Equal(TimeSpan.FromSeconds(5), source.Period);
    }

    [Fact]
    public async Task A_page_that_takes_long_or_is_large_is_read_less_often()
    {
        TimeSpan takes = TimeSpan.FromSeconds(1);
        byte[] page = Page;
        StubHttpHandler service = new(_ =>
        {
            _time.Advance(takes);
            return StubHttpHandler.Page("text/plain", page);
        });
        await using MetricsSource source = Source(Configured("http://service.test/metrics"), service);
        // The first reading connects. After the second it is known that a second of every twenty goes into answers.
        Assert.Equal(2, await AskedInAsync(source, service, seconds: 20));
        Assert.Equal(1, await AskedInAsync(source, service, seconds: 20));

        takes = TimeSpan.FromMilliseconds(10);
        await AskedInAsync(source, service, seconds: 20);
        Assert.Equal(4, await AskedInAsync(source, service, seconds: 20));

        page = [.. Page, .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("# a comment that makes the page long\n", 80_000)))];
        await AskedInAsync(source, service, seconds: 5);
        Assert.Equal(0, await AskedInAsync(source, service, seconds: 25));
        Assert.Equal(1, await AskedInAsync(source, service, seconds: 5));
    }

    [Fact]
    public async Task A_service_that_fails_is_asked_less_and_less_and_its_last_figures_go_stale()
    {
        HttpStatusCode status = HttpStatusCode.OK;
        StubHttpHandler service = new(_ => status == HttpStatusCode.OK ? StubHttpHandler.Page("text/plain", Page) : StubHttpHandler.Status(status));
        await using MetricsSource source = Source(Configured("http://service.test/metrics"), service);
        await ReadAsync(source);
        status = HttpStatusCode.ServiceUnavailable;
        _time.Advance(TimeSpan.FromSeconds(5));
        SourceResult failed = await ReadAsync(source);

        Assert.Equal((SourceState.Failed, ReadingState.Stale), (failed.State, failed.Facts.Service.State));
        Assert.Equal("http://service.test/metrics: 503 Service Unavailable for /metrics", failed.Reason);
        Assert.StartsWith("5 s old: http://service.test/metrics: 503", failed.Facts.Service.Reason, StringComparison.Ordinal);
        Assert.Equal(ReadingState.Stale, failed.Facts.Runtime.GcCycles.State);
        int asked = await AskedInAsync(source, service, seconds: 600);
        Assert.InRange(asked, 8, 14);

        status = HttpStatusCode.OK;
        await AskedInAsync(source, service, seconds: 65);
        Assert.Equal(SourceState.Ok, (await ReadAsync(source)).State);
    }

    [Theory]
    [InlineData("text/html", "<html>", "/metrics is text/html, not text/plain")]
    [InlineData("text/plain", "a 1\n<b>\n", "/metrics is no page of Prometheus metrics: line 2 begins with no metric's name: \"<b>\"")]
    [InlineData("text/plain", "a 1\nb", "/metrics is no page of Prometheus metrics: line 2 has no line end: the page is cut off")]
    [InlineData("text/plain", "# nothing\n", "/metrics has no metric")]
    [InlineData("application/openmetrics-text", "a{ 1\n# EOF\n", "/metrics is no page of Prometheus metrics: line 1 has a label without a name")]
    public async Task What_is_no_page_of_metrics_says_so(string mediaType, string page, string reason)
    {
        StubHttpHandler service = new(_ => StubHttpHandler.Page(mediaType, Encoding.UTF8.GetBytes(page)));
        await using MetricsSource source = Source(Configured("http://service.test/metrics"), service);
        SourceResult result = await ReadAsync(source);

        Assert.Equal(SourceState.Failed, result.State);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
        Assert.Equal((ReadingState.Failed, ReadingState.NotYet), (result.Facts.Service.State, result.Facts.Runtime.Goroutines.State));
    }

    [Fact]
    public async Task A_refused_page_is_denied_and_the_token_goes_to_the_configured_address()
    {
        StubHttpHandler service = new(_ => StubHttpHandler.Status(HttpStatusCode.Unauthorized));
        TargetContext context = Configured("http://service.test/metrics");
        context = context with { Settings = context.Settings with { Http = new HttpSettings { BearerToken = "secret" } } };
        await using MetricsSource source = Source(context, service);
        SourceResult result = await ReadAsync(source);

        Assert.Equal((SourceState.Denied, ReadingState.Denied), (result.State, result.Facts.Service.State));
        Assert.Equal("Bearer secret", service.Authorizations[0]!.ToString());
        Assert.DoesNotContain("secret", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_found_beside_pprof_and_at_its_server_s_root()
    {
        StubHttpHandler service = new(request => request.RequestUri!.AbsolutePath == "/metrics" ? StubHttpHandler.Page("text/plain", Page) : StubHttpHandler.Status(HttpStatusCode.NotFound));
        TargetContext context = new(
            new TargetIdentity { Name = "svc", PprofUrl = Reading.Of("http://service.test:6060/shop/debug/pprof/") }, new FakePlatform(), new TargetSettings { Url = new Uri("http://service.test:6060/shop") }, _time);
        await using MetricsSource source = Source(context, service);

        Assert.Equal(SourceState.Ok, (await ReadAsync(source)).State);
        Assert.Equal(["/shop/metrics", "/metrics"], service.Paths);
        _time.Advance(TimeSpan.FromSeconds(5));
        await ReadAsync(source);
        Assert.Equal("/metrics", service.Paths[^1]);
    }

    [Fact]
    public async Task Ports_of_the_process_are_asked_once_without_what_was_meant_for_another()
    {
        FakePlatform platform = new();
        FakeProcess process = new(4711, "svc", "/svc") { Ports = [new ListeningPort("0.0.0.0", 1), new ListeningPort("127.0.0.1", 2), new ListeningPort("192.0.2.7", 3)] };
        platform.Add(process);
        List<(Uri Url, bool IsGiven)> connected = [];
        StubHttpHandler service = new(request => StubHttpHandler.Status(HttpStatusCode.NotFound));
        TargetContext context = new(new TargetIdentity { Name = "svc", Process = process.Key, PprofUrl = Reading.NotSupported<string>("none") }, platform, TargetSettings.Default, _time);
        await using MetricsSource source = new(context, (url, isGiven) =>
        {
            connected.Add((url, isGiven));
            return new MetricsClient(url, new HttpSettings(), _time, service, isGiven);
        });

        SourceResult result = await ReadAsync(source);
        Assert.Equal((SourceState.NotSupported, MetricsLocator.NotFound), (result.State, result.Reason));
        Assert.Equal([("http://127.0.0.1:1/metrics", false), ("http://127.0.0.1:2/metrics", false)], connected.Select(asked => (asked.Url.ToString(), asked.IsGiven)));
        for (int i = 0; i < 40; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await ReadAsync(source);
        }

        Assert.Equal(2, connected.Count);

        // A port that is opened later is asked at the next look.
        platform.Add(process with { Ports = process.Ports.Add(new ListeningPort("127.0.0.1", 4)) });
        _time.Advance(TimeSpan.FromSeconds(30));
        await ReadAsync(source);
        Assert.Equal("http://127.0.0.1:4/metrics", connected[^1].Url.ToString());
    }

    [Fact]
    public async Task Where_probing_is_off_no_port_is_asked()
    {
        FakePlatform platform = new();
        FakeProcess process = new(4711, "svc", "/svc") { Ports = [new ListeningPort("127.0.0.1", 2)] };
        platform.Add(process);
        TargetContext context = new(new TargetIdentity { Name = "svc", Process = process.Key, PprofUrl = Reading.Denied<string>("probing is off") }, platform, TargetSettings.Default, _time);
        await using MetricsSource source = new(context, (_, _) => throw new InvalidOperationException("asked"));
        Assert.Equal(SourceState.NotSupported, (await ReadAsync(source)).State);
    }

    [Fact]
    public void A_target_with_nothing_to_ask_or_with_metrics_off_has_no_such_source()
    {
        TargetIdentity local = new() { Name = "svc", Process = new ProcessKey(4711, 1) };
        Assert.NotNull(MetricsSource.Create(new TargetContext(local, new FakePlatform(), TargetSettings.Default, _time)));
        Assert.Null(MetricsSource.Create(new TargetContext(local, new FakePlatform(), new TargetSettings { ReadsMetrics = false }, _time)));
        Assert.Null(MetricsSource.Create(new TargetContext(new TargetIdentity { Name = "svc" }, new FakePlatform(), TargetSettings.Default, _time)));
    }

    [Fact]
    public async Task A_page_without_end_is_given_up()
    {
        byte[] chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("# a comment that goes on and on\n", 32_000)));
        await using TinyServer server = new(async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
            while (true) await exchange.WriteAsync(chunk);
        });
        await using MetricsSource source = new(Configured($"http://127.0.0.1:{server.Port}/metrics"));
        SourceResult result = await ReadAsync(source);
        Assert.Contains("/metrics is longer than 64 MB", result.Reason, StringComparison.Ordinal);
    }

    private static ValueTask<SourceResult> ReadAsync(MetricsSource source) => source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);

    /// <summary>How often the service was asked while the sampler came every 5 s.</summary>
    private async Task<int> AskedInAsync(MetricsSource source, StubHttpHandler service, int seconds)
    {
        int before = service.Paths.Count;
        for (int passed = 0; passed < seconds; passed += 5)
        {
            await ReadAsync(source);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        return service.Paths.Count - before;
    }

    private TargetContext Configured(string url) =>
        new(new TargetIdentity { Name = "svc" }, new FakePlatform(), new TargetSettings { MetricsUrl = new Uri(url) }, _time);

    private MetricsSource Source(TargetContext context, StubHttpHandler service) =>
        new(context, (url, isGiven) => new MetricsClient(url, context.Settings.Http, _time, service, isGiven));
}
