using System.Net;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Fleet;
using GoTop.Engine.Fleet.Urls;
using GoTop.Engine.Model;
using GoTop.Tests.GoRuntime.Metrics;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Fleet;

/// <summary>Pages of metrics by address, in fake time.</summary>
public sealed class UrlTargetsTests
{
    private readonly AwaitableTime _time = new();

    [Fact]
    public async Task A_page_of_client_golang_gives_its_figures_and_a_second_one_the_rates()
    {
        string page = Encoding.UTF8.GetString(ExpositionParserTests.Capture("client_golang-go1.27"));
        double cpu = Value(page, "process_cpu_seconds_total"), goroutines = Value(page, "go_goroutines"), alloc = Value(page, "go_gc_heap_allocs_bytes_total");
        StubHttpHandler service = new(_ => Metrics(page));
        await using UrlTargets targets = Targets(service, Target("a"));
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        FleetRow row = targets.Current.Rows[0];

        Assert.Equal((FleetState.Up, null, "a"), (row.State, row.Reason, row.Name));
        Assert.Equal(goroutines, row[FleetFigure.Goroutines].Value);
        Assert.Equal("go1.27.4", row.GoVersion.Value);
        Assert.True(row.StartedAt.HasValue);
        Assert.Equal(("rates come with the second reading", ReadingState.NotYet), (row[FleetFigure.Cpu].Reason, row[FleetFigure.Cpu].State));

        page = With(With(page, "process_cpu_seconds_total", cpu + 15), "go_gc_heap_allocs_bytes_total", alloc + 5e6);
        _time.Advance(TimeSpan.FromSeconds(10));
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        row = targets.Current.Rows[0];
        Assert.Equal((150.0, 5e5), (row[FleetFigure.Cpu].Value, row[FleetFigure.Allocation].Value));
        Assert.Equal(SourceState.Ok, targets.Current.State);

        // After a restart a counter that is smaller, or that has overtaken the old one already, gives no rate.
        page = With(With(page, "process_start_time_seconds", 1.9e9), "process_cpu_seconds_total", cpu + 100);
        _time.Advance(TimeSpan.FromSeconds(10));
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal("it was restarted: rates come with the next reading", targets.Current.Rows[0][FleetFigure.Cpu].Reason);

        FleetHistory past = (await targets.HistoryAsync(row, TestContext.Current.CancellationToken)).Value;
        Assert.Equal(new[] { double.NaN, 150.0, double.NaN }, past[FleetFigure.Cpu]);
    }

    [Theory]
    [InlineData("", FleetState.Unread, "its page has no figure of a Go runtime")]
    [InlineData("up 1\n", FleetState.Unread, "its page has no figure of a Go runtime")]
    [InlineData("go_goroutines 12", FleetState.Unread, "its page is no page of metrics: line 1 has no line end: the page is cut off")]
    [InlineData("<html>\n", FleetState.Unread, "its page is no page of metrics: line 1 begins with no metric's name: \"<html>\"")]
    [InlineData("go_goroutines NaN\n", FleetState.Unread, "its page has no figure of a Go runtime")]
    [InlineData("go_goroutines 12\ngo_goroutines 99\n", FleetState.Up, null)]
    public async Task What_comes_is_told_as_it_is(string page, FleetState state, string? reason)
    {
        await using UrlTargets targets = Targets(new StubHttpHandler(_ => Metrics(page)), Target("a"));
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        FleetRow row = targets.Current.Rows[0];
        Assert.Equal((state, reason), (row.State, row.Reason));
        if (row.State == FleetState.Up) Assert.Equal(12, row[FleetFigure.Goroutines].Value);
    }

    [Fact]
    public async Task Who_does_not_answer_is_down_with_the_reason_and_who_refuses_is_unread()
    {
        StubHttpHandler services = new(request => request.RequestUri!.Host switch
        {
            "gone.test" => throw new HttpRequestException("no", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused)),
            "locked.test" => StubHttpHandler.Status(HttpStatusCode.Unauthorized),
            "bare.test" => StubHttpHandler.Status(HttpStatusCode.NotFound),
            _ => Metrics("go_goroutines 1\n"),
        });
        await using UrlTargets targets = Targets(services, Target("gone"), Target("locked"), Target("bare"), Target("well"), Target("odd") with { Http = new HttpSettings { BearerToken = "two words" } });
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                (FleetState.Down, "connection refused"),
                (FleetState.Unread, "401 Unauthorized: set the target's user and password, or its token"),
                (FleetState.Unread, "404 Not Found for /metrics"),
                (FleetState.Up, null),
                (FleetState.Unread, "the target's bearer token is empty or holds blanks or other characters that a header cannot"),
            ],
            targets.Current.Rows.Select(row => (row.State, row.Reason)));
        Assert.Equal(("connection refused", ReadingState.Failed), (targets.Current.Rows[0][FleetFigure.Cpu].Reason, targets.Current.Rows[0][FleetFigure.Cpu].State));
    }

    [Fact]
    public async Task A_page_that_never_ends_is_given_up_by_its_size()
    {
        StubHttpHandler service = new(_ =>
        {
            HttpResponseMessage answer = new(HttpStatusCode.OK) { Content = new StreamContent(new EndlessPage()) };
            answer.Content.Headers.ContentType = new("text/plain");
            return answer;
        });
        await using UrlTargets targets = Targets(service, Target("endless"));
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal((FleetState.Unread, "its page of metrics is longer than 16 MB"), (targets.Current.Rows[0].State, targets.Current.Rows[0].Reason));
    }

    [Fact]
    public async Task A_page_that_hangs_is_given_up_after_the_targets_timeout()
    {
        TaskCompletionSource<HttpResponseMessage> never = new();
        await using UrlTargets targets = Targets(new StubHttpHandler(_ => never.Task), Target("hangs"));
        Task reading = targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken).AsTask();
        // The timer exists before the request is made, and the request is never answered.
        await TimerAsync(TimeSpan.FromSeconds(2));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        // A stub does not look at the token, a connection would.
        never.TrySetException(new OperationCanceledException());
        await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal((FleetState.Down, "no answer within 2 s"), (targets.Current.Rows[0].State, targets.Current.Rows[0].Reason));
    }

    [Fact]
    public async Task So_many_are_asked_at_once_and_no_more()
    {
        int now = 0, most = 0;
        TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously), go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StubHttpHandler services = new(async _ =>
        {
            int asked = Interlocked.Increment(ref now);
            lock (full) most = Math.Max(most, asked);
            if (asked == 3) full.TrySetResult();
            await go.Task;
            Interlocked.Decrement(ref now);
            return Metrics("go_goroutines 1\n");
        });
        await using UrlTargets targets = new([.. Enumerable.Range(0, 12).Select(i => Target($"t{i}"))], new FleetSettings { AtOnce = 3 }, _time, NullLogger.Instance, (_, _) => services);
        Task reading = targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken).AsTask();
        await full.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        // None of the three is answered, nine have not been asked.
        Assert.False(reading.IsCompleted);
        lock (full) Assert.Equal(3, most);
        go.SetResult();
        await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(3, most);
        Assert.All(targets.Current.Rows, row => Assert.Equal(FleetState.Up, row.State));
    }

    [Fact]
    public async Task A_round_is_spread_over_its_time()
    {
        List<TimeSpan> at = [];
        DateTimeOffset start = _time.GetUtcNow();
        StubHttpHandler services = new(_ =>
        {
            at.Add(_time.GetUtcNow() - start);
            return Metrics("go_goroutines 1\n");
        });
        await using UrlTargets targets = Targets(services, Target("a"), Target("b"), Target("c"), Target("d"));
        Task reading = targets.ReadAsync(TimeSpan.FromSeconds(8.4), TestContext.Current.CancellationToken).AsTask();
        // Pages are answered at once and their own timers are of 2 s, so those of 2.1 s are the waits between targets.
        for (int i = 0; i < 3; i++)
        {
            await TimerAsync(TimeSpan.FromSeconds(2.1));
            _time.Advance(TimeSpan.FromSeconds(2.1));
        }

        await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(2.1), TimeSpan.FromSeconds(4.2), TimeSpan.FromSeconds(6.3)], at);
    }

    [Fact]
    public async Task Credentials_go_to_their_own_target_alone()
    {
        StubHttpHandler services = new(_ => Metrics("go_goroutines 1\n"));
        await using UrlTargets targets = Targets(services, Target("a") with { Http = new HttpSettings { BearerToken = "secret" } }, Target("b"));
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal(["Bearer secret", null], services.Authorizations.Select(header => header?.ToString()));
    }

    [Fact]
    public async Task Labels_of_the_configuration_say_what_the_page_does_not_and_foreign_text_is_cleaned()
    {
        StubHttpHandler services = new(_ => Metrics("go_info{version=\"go1.25.3\u001b[31m\"} 1\ngo_build_info{path=\"example.com/shop/checkout/v2\",version=\"v2.1.0\"} 1\ngo_goroutines 1\nprocess_max_fds 1.6777216e+07\n"));
        TargetSettings labelled = Target("b") with { Labels = Target("b").Labels.Add("service", "billing").Add("version", "2026.11").Add("os", "Linux") };
        await using UrlTargets targets = Targets(services, Target("a"), labelled);
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);

        FleetRow[] rows = [.. targets.Current.Rows];
        Assert.Equal(("checkout", "v2.1.0", "go1.25.3", "windows"), (rows[0].Service, rows[0].Version.Value, rows[0].GoVersion.Value, rows[0].Os.Value));
        Assert.Equal(("billing", "2026.11", "linux"), (rows[1].Service, rows[1].Version.Value, rows[1].Os.Value));
        Assert.Equal(("a.test", "a.test:6060"), (rows[0].Host.Value, rows[0].Authority));
    }

    [Fact]
    public async Task A_slip_at_one_target_is_told_in_its_row_and_does_not_end_the_round()
    {
        StubHttpHandler services = new(request => request.RequestUri!.Host == "slip.test" ? throw new InvalidOperationException("no such thing\u001b[31m") : Metrics("go_goroutines 1\n"));
        await using UrlTargets targets = Targets(services, Target("slip"), Target("well"));
        await targets.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal([(FleetState.Unread, "reading its page failed: no such thing"), (FleetState.Up, null)], targets.Current.Rows.Select(row => (row.State, row.Reason)));
        Assert.Equal(SourceState.Ok, targets.Current.State);
    }

    [Fact]
    public async Task Who_stops_it_is_not_told_of_a_slip()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using UrlTargets targets = Targets(new StubHttpHandler(Stop), Target("a"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await targets.ReadAsync(TimeSpan.Zero, stop.Token));
        Assert.Equal(FleetState.NotYet, targets.Current.Rows[0].State);

        HttpResponseMessage Stop(HttpRequestMessage request)
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        }
    }

    [Theory]
    [InlineData("http://shop.test/metrics", "shop.test:80")]
    [InlineData("https://shop.test/metrics", "shop.test:443")]
    [InlineData("http://[::1]/metrics", "[::1]:80")]
    [InlineData("http://shop.test:8080/metrics", "shop.test:8080")]
    public async Task A_target_is_known_by_host_and_port_as_an_engine_knows_it(string url, string authority)
    {
        await using UrlTargets targets = Targets(new StubHttpHandler(_ => Metrics("")), new TargetSettings { MetricsUrl = new Uri(url) });
        Assert.Equal(authority, targets.Current.Rows[0].Authority);
    }

    [Fact]
    public async Task Targets_without_a_name_on_one_host_are_told_apart_and_no_password_is_shown()
    {
        TargetSettings one = new() { MetricsUrl = new Uri("http://me:secret@shop.test/a/metrics") }, other = new() { MetricsUrl = new Uri("http://shop.test/b/metrics") };
        await using UrlTargets targets = Targets(new StubHttpHandler(_ => Metrics("")), one, other, Target("named"));
        Assert.Equal(["url:http://shop.test/a/metrics", "url:http://shop.test/b/metrics", "url:named"], targets.Current.Rows.Select(row => row.Id));
    }

    [Fact]
    public void Only_targets_with_an_address_are_of_the_fleet()
    {
        Assert.True(UrlTargets.IsOne(Target("a")));
        Assert.True(UrlTargets.IsOne(new TargetSettings { ProcessName = "shop", MetricsUrl = new Uri("http://localhost/metrics") }));
        Assert.False(UrlTargets.IsOne(new TargetSettings { ProcessName = "shop" }));
        Assert.False(UrlTargets.IsOne(Target("a") with { ReadsMetrics = false }));
    }

    private static TargetSettings Target(string name) => new() { Name = name, Url = new Uri($"http://{name}.test:6060/debug/pprof/") };

    private static HttpResponseMessage Metrics(string page) => StubHttpHandler.Page("text/plain", Encoding.UTF8.GetBytes(page));

    private static string Line(string page, string metric) => page.Split('\n').Single(line => line.StartsWith(metric + " ", StringComparison.Ordinal));

    private static double Value(string page, string metric) => double.Parse(Line(page, metric).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static string With(string page, string metric, double value) => page.Replace(Line(page, metric), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{metric} {value}"), StringComparison.Ordinal);

    private async Task TimerAsync(TimeSpan length)
    {
        try
        {
            await _time.TimerOfAsync(length).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"no timer of {length} was started");
        }
    }

    private UrlTargets Targets(StubHttpHandler services, params TargetSettings[] targets) => new([.. targets], new FleetSettings { AtOnce = 1 }, _time, NullLogger.Instance, (_, _) => services);

    private sealed class EndlessPage : MemoryStream
    {
        private static readonly byte[] Part = Encoding.UTF8.GetBytes("go_goroutines 1\n");

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int length = buffer.Length / Part.Length * Part.Length;
            for (int i = 0; i < length; i += Part.Length) Part.CopyTo(buffer.Span[i..]);
            return ValueTask.FromResult(length);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }
}
