using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using GoTop.Engine.Config;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Fleet;
using GoTop.Engine.Fleet.PromQl;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Fleet;

/// <summary>What is asked of an engine and what is made of its answers, in fake time; the live test asks a real one.</summary>
public sealed class PromQlSourceTests
{
    private readonly AwaitableTime _time = new();
    private readonly Engine _engine = new();

    [Fact]
    public async Task Targets_are_put_together_from_a_handful_of_answers()
    {
        _engine.Level("up", 1, "a:9100").Level("go_goroutines", 42, "a:9100").Level("process_resident_memory_bytes", 5e7, "a:9100").Level("process_open_fds", 30, "a:9100").Level("process_max_fds", 120, "a:9100")
            .Level("up", 1, "node:9100", "machines").Rate("cpu", 1.5, "a:9100").Rate("latency", 0.004, "a:9100");
        _engine.Infos.Add(Series(0, "a:9100", "shop", ("__name__", "go_info"), ("version", "go1.27.4")));
        _engine.Infos.Add(Series(0, "a:9100", "shop", ("__name__", "go_build_info"), ("version", "v1.4.0")));
        _engine.Hosts.Add(Series(1, "a:9182", null, ("__name__", "windows_os_info")));
        _engine.Alerts.Add(Series(1, "a:9100", "shop", ("alertname", "Slow"), ("severity", "critical")));
        _engine.Alerts.Add(Series(1, "a:9100", "other", ("alertname", "NotHere")));
        await using PromQlSource source = Source();
        FleetPart part = await ReadAsync(source);

        Assert.Equal((SourceState.Ok, null), (part.State, part.Reason));
        FleetRow row = Assert.Single(part.Rows);
        Assert.Equal(("a:9100", "shop", "a", "windows", "v1.4.0", "go1.27.4"), (row.Name, row.Service, row.Host.Value, row.Os.Value, row.Version.Value, row.GoVersion.Value));
        Assert.Equal((150.0, 5e7, 42.0, 4e6, 25.0), (row[FleetFigure.Cpu].Value, row[FleetFigure.Resident].Value, row[FleetFigure.Goroutines].Value, row[FleetFigure.SchedulingLatency].Value, row[FleetFigure.HandlesOfLimit].Value));
        Assert.Equal("its metrics lack go_gc_gomemlimit_bytes", row[FleetFigure.MemoryOfLimit].Reason);
        Assert.Equal([new FleetAlert("Slow", Severity.Critical)], row.Alerts);
        Assert.Equal("a:9100", row.Authority);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2000)]
    public async Task A_round_asks_the_same_few_questions_whatever_the_number_of_targets(int count)
    {
        for (int i = 0; i < count; i++) _engine.Level("up", 1, $"h{i}:1").Level("go_goroutines", i, $"h{i}:1");
        await using PromQlSource source = Source();
        Assert.Equal(count, (await ReadAsync(source)).Rows.Length);
        Assert.Equal(5, _engine.Handler.Paths.Count);
        _time.Advance(TimeSpan.FromSeconds(10));
        await ReadAsync(source);
        Assert.Equal(8, _engine.Handler.Paths.Count);
    }

    [Fact]
    public async Task A_target_that_is_down_is_shown_when_it_was_a_go_program_before_us()
    {
        _engine.Level("up", 0, "gone:1").Level("up", 0, "printer:1").Level("up", 1, "a:1").Level("go_goroutines", 1, "a:1");
        _engine.WereGo.Add(Series(1, "gone:1", "shop"));
        await using PromQlSource source = Source();
        FleetPart part = await ReadAsync(source);
        Assert.Equal([("a:1", FleetState.Up), ("gone:1", FleetState.Down)], part.Rows.OrderBy(row => row.Name, StringComparer.Ordinal).Select(row => (row.Name, row.State)));

        // One that goes while we look needs no look into the past, and one that is no longer scraped is gone.
        _engine.Levels.Clear();
        _engine.Level("up", 0, "a:1");
        int asked = _engine.Handler.Paths.Count;
        part = await ReadAsync(source);
        Assert.Equal((FleetState.Down, "a:1"), (Assert.Single(part.Rows).State, part.Rows[0].Name));
        Assert.Equal(asked + 3, _engine.Handler.Paths.Count);
    }

    [Fact]
    public async Task What_an_agent_tells_of_many_targets_are_many_rows()
    {
        _engine.Levels.Add(Series(1, "host:9399", "gotop", ("__name__", "up")));
        foreach (string name in new[] { "checkout", "billing" })
        {
            _engine.Levels.Add(Series(1, "host:9399", "gotop", ("__name__", "gotop_target_up"), ("service_name", name)));
            _engine.Levels.Add(Series(10, "host:9399", "gotop", ("__name__", "go_goroutines"), ("service_name", name)));
            _engine.Infos.Add(Series(1, "host:9399", "gotop", ("__name__", "gotop_target_info"), ("service_name", name), ("service_instance_id", $"alpha-7-{name}"), ("host_name", "alpha"), ("os_type", "windows"), ("service_version", "v9"), ("process_runtime_version", "go1.26.1")));
        }

        // One of several of a service, by a label of gotop.toml, that has ended.
        _engine.Levels.Add(Series(0, "host:9399", "gotop", ("__name__", "gotop_target_up"), ("service_name", "mail-2"), ("service", "mail")));
        _engine.Alerts.Add(Series(1, "host:9399", "gotop", ("rule", "goroutine-leak"), ("severity", "warning"), ("service_name", "billing")));
        await using PromQlSource source = Source();
        FleetRow[] rows = [.. (await ReadAsync(source)).Rows.OrderBy(row => row.Service, StringComparer.Ordinal)];
        Assert.Equal([("billing", "alpha", FleetState.Up), ("checkout", "alpha", FleetState.Up), ("mail", "mail-2", FleetState.Down)], rows.Select(row => (row.Service, row.Name, row.State)));
        Assert.All(rows[..2], row => Assert.Equal(("alpha", "windows", "v9", "go1.26.1", null), (row.Host.Value, row.Os.Value, row.Version.Value, row.GoVersion.Value, row.Authority)));
        Assert.Equal([new FleetAlert("goroutine-leak", Severity.Warning)], rows[0].Alerts);
        Assert.Empty(rows[1].Alerts);
        Assert.Equal("its agent says that it has ended", rows[2].Reason);
    }

    [Fact]
    public async Task While_the_engine_does_not_answer_the_rows_stay_and_are_marked_as_old()
    {
        _engine.Level("up", 1, "a:1").Level("go_goroutines", 7, "a:1");
        await using PromQlSource source = Source();
        await ReadAsync(source);
        _engine.Failure = HttpStatusCode.ServiceUnavailable;
        FleetPart part = await ReadAsync(source);
        Assert.Equal((SourceState.Stale, "503 Service Unavailable for a query: {\"status\":\"error\",\"error\":\"busy\"}"), (part.State, part.Reason));
        Assert.Equal((ReadingState.Stale, 7.0), (part.Rows[0][FleetFigure.Goroutines].State, part.Rows[0][FleetFigure.Goroutines].Value));
        _engine.Failure = HttpStatusCode.OK;
        Assert.Equal(SourceState.Ok, (await ReadAsync(source)).State);
    }

    [Fact]
    public async Task An_engine_that_never_answered_says_why()
    {
        _engine.Failure = HttpStatusCode.Forbidden;
        await using PromQlSource source = Source();
        FleetPart part = await ReadAsync(source);
        Assert.Equal((SourceState.Failed, "403 Forbidden"), (part.State, part.Reason));
        Assert.Empty(part.Rows);
    }

    [Fact]
    public async Task Selector_window_tenant_and_token_go_along()
    {
        await using PromQlSource source = Source(settings => settings with
        {
            Selector = "job=\"shop\"",
            Window = TimeSpan.FromSeconds(45),
            Tenant = "blue",
            Http = settings.Http with { BearerToken = "secret" },
        });
        FleetPart part = await ReadAsync(source);
        Assert.Equal("it knows no Go program that the selector passes", part.Reason);
        Assert.All(_engine.Queries.Where(query => !query.Contains("node_uname_info", StringComparison.Ordinal)), query => Assert.Contains("job=\"shop\"", query, StringComparison.Ordinal));
        Assert.Contains("rate(process_cpu_seconds_total{job=\"shop\"}[45s])", _engine.Queries[1], StringComparison.Ordinal);
        Assert.All(_engine.Handler.Authorizations, header => Assert.Equal("Bearer secret", header!.ToString()));
        Assert.All(_engine.Tenants, tenant => Assert.Equal("blue", tenant));
    }

    [Fact]
    public async Task The_past_of_a_target_is_asked_by_its_own_labels()
    {
        _engine.Level("up", 1, "a\\\"b:1").Level("go_goroutines", 7, "a\\\"b:1");
        await using PromQlSource source = Source();
        FleetRow row = (await ReadAsync(source)).Rows[0];
        _engine.Queries.Clear();
        long from = (_time.GetUtcNow().ToUnixTimeSeconds() / 60 * 60) - 3600;
        _engine.Range = query => query.Contains("go_goroutines", StringComparison.Ordinal)
            ? [$$$"""{"metric":{"__name__":"go_goroutines"},"values":[[{{{from}}},"1"],[{{{from + 60}}},"2"],[{{{from + 3600}}},"61"],[{{{from + 7200}}},"99"]]}"""]
            : [];
        FleetHistory past = (await source.HistoryAsync(row, TestContext.Current.CancellationToken)).Value;
        Assert.Equal((61, 1.0, 2.0, 61.0), (past[FleetFigure.Goroutines].Length, past[FleetFigure.Goroutines][0], past[FleetFigure.Goroutines][1], past[FleetFigure.Goroutines][60]));
        Assert.True(double.IsNaN(past[FleetFigure.Goroutines][30]));
        Assert.Empty(past[FleetFigure.Cpu]);
        Assert.Equal(2, _engine.Queries.Count);
        Assert.All(_engine.Queries, query => Assert.Contains("job=\"shop\",instance=\"a\\\"b:1\"", query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Series_that_come_twice_and_values_that_are_none_make_no_figures()
    {
        _engine.Level("up", 1, "a:1").Level("go_goroutines", 7, "a:1").Level("go_goroutines", 9, "a:1").Level("go_threads", double.NaN, "a:1").Level("process_resident_memory_bytes", double.PositiveInfinity, "a:1");
        await using PromQlSource source = Source();
        FleetRow row = Assert.Single((await ReadAsync(source)).Rows);
        Assert.Equal(7, row[FleetFigure.Goroutines].Value);
        Assert.False(row[FleetFigure.Threads].HasValue);
        Assert.False(row[FleetFigure.Resident].HasValue);
    }

    [Theory]
    [InlineData("ALERTS", "alerts cannot be read")]
    [InlineData("go_build_info", "versions cannot be read")]
    [InlineData("last_over_time", "whether those that are down are Go programs cannot be read")]
    public async Task What_cannot_be_had_beside_levels_and_rates_takes_no_row_away_and_is_told(string refused, string told)
    {
        _engine.Level("up", 1, "a:1").Level("go_goroutines", 7, "a:1").Level("up", 0, "gone:1").Rate("cpu", 0.5, "a:1");
        _engine.Infos.Add(Series(0, "a:1", "shop", ("__name__", "go_build_info"), ("version", "v1.4.0")));
        _engine.Alerts.Add(Series(1, "a:1", "shop", ("alertname", "Slow"), ("severity", "critical")));
        _engine.Refused = refused;
        await using PromQlSource source = Source();
        FleetPart part = await ReadAsync(source);
        Assert.Equal((SourceState.Ok, $"{told}: 503 Service Unavailable for a query: too many samples"), (part.State, part.Reason));
        FleetRow row = Assert.Single(part.Rows);
        Assert.Equal((7.0, 50.0), (row[FleetFigure.Goroutines].Value, row[FleetFigure.Cpu].Value));
        Assert.Equal(refused == "ALERTS" ? 0 : 1, row.Alerts.Length);
        // Nobody knows that its metrics lack it.
        Assert.Equal(refused == "go_build_info" ? ReadingState.Failed : ReadingState.Present, row.Version.State);

        _engine.Refused = null;
        _time.Advance(TimeSpan.FromMinutes(1));
        part = await ReadAsync(source);
        Assert.Null(part.Reason);
        Assert.Equal((1, "v1.4.0"), (part.Rows[0].Alerts.Length, part.Rows[0].Version.Value));
        _engine.Refused = refused;
        _time.Advance(TimeSpan.FromMinutes(10));
        // What was known stays, also alerts.
        Assert.Equal((1, "v1.4.0"), ((await ReadAsync(source)).Rows[0].Alerts.Length, source.Current.Rows[0].Version.Value));
    }

    [Fact]
    public async Task A_target_whose_own_name_is_too_long_is_left_out_and_told()
    {
        _engine.Level("up", 1, "a:1").Level("go_goroutines", 7, "a:1").Level("go_goroutines", 8, new string('x', 301));
        await using PromQlSource source = Source();
        FleetPart part = await ReadAsync(source);
        Assert.Equal("a:1", Assert.Single(part.Rows).Name);
        Assert.Equal("1 series left out: labels that name a target are longer than 300 characters", part.Reason);
    }

    [Fact]
    public async Task That_one_was_a_go_program_is_forgotten_after_a_day()
    {
        _engine.Level("up", 1, "a:1").Level("go_goroutines", 7, "a:1");
        await using PromQlSource source = Source();
        await ReadAsync(source);
        _engine.Levels.Clear();
        _engine.Level("up", 0, "a:1");
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(FleetState.Down, Assert.Single((await ReadAsync(source)).Rows).State);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty((await ReadAsync(source)).Rows);
    }

    [Fact]
    public async Task Closing_waits_for_who_reads_a_past_and_tells_him()
    {
        _engine.Level("up", 1, "a:1").Level("go_goroutines", 7, "a:1");
        PromQlSource source = Source();
        FleetRow row = (await ReadAsync(source)).Rows[0];
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Holds = () =>
        {
            asked.TrySetResult();
            return held.Task;
        };
        Task<Reading<FleetHistory>> reading = source.HistoryAsync(row, TestContext.Current.CancellationToken).AsTask();
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Task closing = source.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted, "it was closed while a past was read");
        // A stub does not look at the token, a connection would.
        held.SetException(new OperationCanceledException());
        Assert.Equal("the fleet is closed", (await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Reason);
        await closing.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal("the fleet is closed", (await source.HistoryAsync(row, TestContext.Current.CancellationToken)).Reason);
    }

    private static string Series(double value, string instance, string? job, params (string Name, string Value)[] labels)
    {
        IEnumerable<string> all = labels.Append(("instance", instance)).Concat(job is null ? [] : [("job", job)]).Select(label => $"\"{label.Item1}\":\"{label.Item2}\"");
        return string.Create(CultureInfo.InvariantCulture, $"{{\"metric\":{{{string.Join(',', all)}}},\"value\":[1,\"{(double.IsPositiveInfinity(value) ? "+Inf" : value.ToString(CultureInfo.InvariantCulture))}\"]}}");
    }

    private PromQlSource Source(Func<PrometheusSettings, PrometheusSettings>? change = null)
    {
        PrometheusSettings settings = PrometheusSettings.Of(new Uri("http://engine.test/prometheus"));
        return new PromQlSource(change?.Invoke(settings) ?? settings, _time, _engine.Handler);
    }

    private static async Task<FleetPart> ReadAsync(PromQlSource source)
    {
        await source.ReadAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        return source.Current;
    }

    /// <summary>Answers the fleet's questions with what the test puts in.</summary>
    private sealed class Engine
    {
        public Engine() => Handler = new StubHttpHandler(Answer);

        public StubHttpHandler Handler { get; }

        public List<string> Levels { get; } = [];

        public List<string> Rates { get; } = [];

        public List<string> Alerts { get; } = [];

        public List<string> Infos { get; } = [];

        public List<string> Hosts { get; } = [];

        public List<string> WereGo { get; } = [];

        public Func<string, string[]> Range { get; set; } = _ => [];

        public List<string> Queries { get; } = [];

        public List<string?> Tenants { get; } = [];

        public HttpStatusCode Failure { get; set; } = HttpStatusCode.OK;

        /// <summary>Part of the one question that it refuses.</summary>
        public string? Refused { get; set; }

        /// <summary>Answers come after this.</summary>
        public Func<Task> Holds { get; set; } = () => Task.CompletedTask;

        public Engine Level(string metric, double value, string instance, string job = "shop")
        {
            Levels.Add(Series(value, instance, job, ("__name__", metric)));
            return this;
        }

        public Engine Rate(string figure, double value, string instance)
        {
            Rates.Add(Series(value, instance, "shop", ("gotop_figure", figure)));
            return this;
        }

        private async Task<HttpResponseMessage> Answer(HttpRequestMessage request)
        {
            await Holds();
            Assert.StartsWith("/prometheus/api/v1/query", request.RequestUri!.AbsolutePath, StringComparison.Ordinal);
            string query = HttpUtility.ParseQueryString(request.RequestUri.Query)["query"]!;
            Queries.Add(query);
            Tenants.Add(request.Headers.TryGetValues("X-Scope-OrgID", out IEnumerable<string>? tenants) ? tenants.Single() : null);
            if (Failure != HttpStatusCode.OK) return new HttpResponseMessage(Failure) { Content = new StringContent("{\"status\":\"error\",\"error\":\"busy\"}") };
            if (Refused is { } refused && query.Contains(refused, StringComparison.Ordinal)) return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("too many samples") };
            IEnumerable<string> result = request.RequestUri.AbsolutePath.EndsWith("query_range", StringComparison.Ordinal) ? Range(query)
                : query.Contains("label_replace", StringComparison.Ordinal) ? Rates
                : query.Contains("ALERTS", StringComparison.Ordinal) ? Alerts
                : query.Contains("node_uname_info", StringComparison.Ordinal) ? Hosts
                : query.Contains("go_build_info", StringComparison.Ordinal) ? Infos
                : query.Contains("last_over_time", StringComparison.Ordinal) ? WereGo
                : Levels;
            return StubHttpHandler.Page("application/json", Encoding.UTF8.GetBytes($"{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":[{string.Join(',', result)}]}}}}"));
        }
    }
}
