using System.Collections.Concurrent;
using GoTop.Engine.Agent;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Otlp;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Logs.V1;
using Xunit;

namespace GoTop.Tests.Export.Otlp;

public sealed class OtlpLogsTests
{
    private static readonly DateTimeOffset Arrived = new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly AwaitableTime _time = new();
    private readonly ExportParts _parts;

    public OtlpLogsTests() => _parts = new ExportParts(_time, NullLogger.Instance, "", "0.1.0", () => ExportViews.Of());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_structured_line_becomes_message_level_time_attributes_and_trace()
    {
        LogRecord record = OtlpLogs.Of(Entry(
            """{"time":"2026-03-14T09:29:58.5Z","level":"ERROR","msg":"payment refused","order":42,"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331"}""", "/var/log/shop.log"));
        Assert.Equal(("payment refused", SeverityNumber.Error, "ERROR"), (record.Body.StringValue, record.SeverityNumber, record.SeverityText));
        Assert.Equal((OtlpMetrics.Nanoseconds(Arrived.AddSeconds(-1.5)), OtlpMetrics.Nanoseconds(Arrived)), (record.TimeUnixNano, record.ObservedTimeUnixNano));
        Assert.Equal(("0AF7651916CD43DD8448EB211C80319C", "B7AD6B7169203331"), (Convert.ToHexString(record.TraceId.Span), Convert.ToHexString(record.SpanId.Span)));
        Dictionary<string, string> attributes = OtlpMetricsTests.Attributes(record.Attributes);
        Assert.Equal(("/var/log/shop.log", "42"), (attributes["log.file.path"], attributes["order"]));
        Assert.Equal(2, attributes.Count);
    }

    [Fact]
    public void A_plain_line_keeps_its_text_and_what_it_does_not_say_is_not_made_up()
    {
        LogRecord record = OtlpLogs.Of(Entry("listening on :8080", "journal:shop.service"));
        Assert.Equal(("listening on :8080", SeverityNumber.Unspecified, ""), (record.Body.StringValue, record.SeverityNumber, record.SeverityText));
        Assert.Equal("journal:shop.service", OtlpMetricsTests.Attributes(record.Attributes)["gotop.log.origin"]);
        Assert.True(record.TraceId.IsEmpty);
    }

    /// <summary>It is a number of the process that the resource tells of; what a line says is a line's.</summary>
    [Fact]
    public void A_field_that_is_named_as_the_process_number_stays_text()
    {
        LogRecord record = OtlpLogs.Of(Entry("""{"msg":"started","process.pid":"17"}"""));
        Assert.Equal("17", record.Attributes.Single(attribute => attribute.Key == "process.pid").Value.StringValue);
    }

    [Fact]
    public async Task Each_line_that_passes_is_sent_once_though_observations_were_left_out()
    {
        FakeTransport transport = new();
        await using OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        sender.Observed(Shop, Observed(seen: 2, "WARN one", "INFO no"));
        sender.Observed(Shop, Observed(seen: 2, "WARN one", "INFO no"));
        // One in between was left out: of five lines three are new.
        sender.Observed(Shop, Observed(seen: 5, "WARN one", "INFO no", "ERROR two", "INFO no", "ERROR three"));
        Until(() => tally.Standing(0).Sent == 3);
        Assert.Equal(["one", "two", "three"], transport.Taken.Select(record => record.Body.StringValue));
        Assert.Equal(0, tally.Standing(0).Dropped);
    }

    [Fact]
    public async Task Another_life_begins_anew()
    {
        FakeTransport transport = new();
        await using OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        sender.Observed(Shop, Observed(seen: 9, "WARN first life"));
        Observation second = Observed(seen: 1, "WARN second life");
        sender.Observed(Shop, second with { Now = second.Now with { Target = second.Now.Target with { Process = new ProcessKey(4343, 1) } } });
        Until(() => tally.Standing(0).Sent == 2);
        Assert.Equal(["first life", "second life"], transport.Taken.Select(record => record.Body.StringValue));
        // Nobody can send what was not kept; it is counted.
        Assert.Equal(8, tally.Standing(0).Dropped);
    }

    /// <summary>An agent that starts again must not send once more what the one before it has sent.</summary>
    [Fact]
    public async Task What_stood_in_the_log_before_it_is_followed_is_not_sent()
    {
        FakeTransport transport = new();
        await using OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        sender.Observed(Shop, Observed(seen: 3, since: 1, ["WARN old", "WARN old", "WARN new"]));
        sender.Observed(Shop, Observed(seen: 4, since: 2, ["WARN old", "WARN old", "WARN new", "WARN newer"]));
        Until(() => tally.Standing(0).Sent == 2);
        Assert.Equal(["new", "newer"], transport.Taken.Select(record => record.Body.StringValue));
    }

    /// <summary>Any change of its table makes another exporter.</summary>
    [Fact]
    public async Task One_that_takes_the_place_of_another_goes_on_where_that_ended()
    {
        FakeTransport transport = new();
        OtlpLogSender first = Sender(transport, out ExporterTally before);
        first.Observed(Shop, Observed(seen: 500, "WARN one", "WARN two"));
        Until(() => before.Standing(0).Sent == 2);
        await first.DisposeAsync();
        // What it is told now is left to the next.
        first.Observed(Shop, Observed(seen: 501, "WARN two", "WARN three"));
        await using OtlpLogSender second = Sender(transport, out ExporterTally tally);
        second.Observed(Shop, Observed(seen: 502, "WARN two", "WARN three", "WARN four"));
        Until(() => tally.Standing(0).Sent == 2);
        Assert.Equal(["one", "two", "three", "four"], transport.Taken.Select(record => record.Body.StringValue));
        Assert.Equal(0, tally.Standing(0).Dropped);
    }

    [Fact]
    public async Task One_that_comes_later_begins_after_what_nobody_wanted()
    {
        FakeTransport transport = new();
        await using OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        _parts.LogPositions.PassOver(Shop, Observed(seen: 5000, "WARN old"));
        sender.Observed(Shop, Observed(seen: 5001, "WARN old", "WARN new"));
        Until(() => tally.Standing(0).Sent == 1);
        Assert.Equal("new", Assert.Single(transport.Taken).Body.StringValue);
        Assert.Equal(0, tally.Standing(0).Dropped);
    }

    [Fact]
    public async Task What_is_left_when_it_ends_is_counted()
    {
        FakeTransport transport = new() { Hangs = true };
        OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        sender.Observed(Shop, Observed(seen: 1, "WARN in hand"));
        await transport.Asked.Task.WaitAsync(Limit, Cancellation);
        sender.Observed(Shop, Observed(seen: 3, "WARN in hand", "WARN waiting", "WARN waiting"));
        await sender.DisposeAsync().AsTask().WaitAsync(Limit, Cancellation);
        Assert.Equal((3L, 0L), (tally.Standing(0).Dropped, sender.Waiting));
    }

    [Fact]
    public async Task A_receiver_that_hangs_costs_the_oldest_lines_and_they_are_counted()
    {
        FakeTransport transport = new() { Hangs = true };
        OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        const int Many = OtlpLogSender.MostWaiting + OtlpLogSender.MostInBatch + 1000;
        string[] lines = [.. Enumerable.Range(0, 1000).Select(i => $"WARN line {i}")];
        for (int i = 1; i * 1000 <= Many + 1000; i++) sender.Observed(Shop, Observed(seen: i * 1000, lines));
        await transport.Asked.Task.WaitAsync(Limit, Cancellation);
        Assert.InRange(sender.Waiting, 1, OtlpLogSender.MostWaiting + OtlpLogSender.MostInBatch);
        Assert.True(tally.Standing(0).Dropped >= 1000);
        await sender.DisposeAsync().AsTask().WaitAsync(Limit, Cancellation);
    }

    [Fact]
    public async Task What_is_refused_for_good_is_dropped_and_the_next_is_sent()
    {
        FakeTransport transport = new();
        transport.Answers.Enqueue(new ExportException("no such tenant"));
        await using OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        sender.Observed(Shop, Observed(seen: 1, "WARN one"));
        Until(() => tally.Standing(0).Dropped == 1);
        sender.Observed(Shop, Observed(seen: 2, "WARN one", "WARN two"));
        Until(() => tally.Standing(0).Sent == 1);
        Assert.Equal("two", Assert.Single(transport.Taken).Body.StringValue);
        Assert.Equal("no such tenant", tally.Standing(0).Problem);
    }

    [Fact]
    public async Task What_is_tried_again_is_the_same_request()
    {
        FakeTransport transport = new();
        transport.Answers.Enqueue(new ExportException("busy") { IsTransient = true, RetryAfter = TimeSpan.FromSeconds(7) });
        await using OtlpLogSender sender = Sender(transport, out ExporterTally tally);
        sender.Observed(Shop, Observed(seen: 1, "WARN one"));
        await _time.PassAsync(TimeSpan.FromSeconds(7));
        Until(() => tally.Standing(0).Sent == 1);
        Assert.Equal(2, transport.Requests.Count);
        Assert.Same(transport.Requests.First(), transport.Requests.Last());
    }

    private static AgentTarget Shop => new("shop", new TargetContext(Observations.OrderApi, new FakePlatform(), new TargetSettings { Name = "shop" }, TimeProvider.System));

    private OtlpLogSender Sender(IOtlpTransport transport, out ExporterTally tally)
    {
        Assert.True(LogFilter.TryParse("level>=warn", out LogFilter? filter, out _));
        OtlpSettings settings = new(new ExportHttpSettings(new Uri("http://collector.example:4318"), []), OtlpProtocol.Http) { Logs = filter };
        tally = new ExporterTally("otlp", "here", _time);
        return new OtlpLogSender(settings, _parts, transport, tally, TimeSpan.FromSeconds(1));
    }

    private static LogEntry Entry(string text, string origin = "shop.log") => LogEntry.Of(new LogLine(Arrived, origin, text));

    /// <param name="seen">How many lines there have been.</param>
    private static Observation Observed(long seen, params string[] lines) => Observed(seen, since: seen, lines);

    /// <param name="since">Of these, since the log is followed.</param>
    private static Observation Observed(long seen, long since, string[] lines)
    {
        Snapshot now = Observations.Leak.Now;
        LogCounters counters = new() { Since = Arrived, At = Arrived, Lines = since, ByLevel = [] };
        return Observations.Leak with { Now = now with { Facts = now.Facts with { Logs = Reading.Of(counters) } }, LogLines = [.. lines.Select(line => Entry(line))], LogLinesSeen = seen };
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit), "it did not come to that within two minutes");

    private sealed class FakeTransport : IOtlpTransport
    {
        public ConcurrentQueue<LogRecord> Taken { get; } = [];

        public ConcurrentQueue<ExportLogsServiceRequest> Requests { get; } = [];

        public ConcurrentQueue<ExportException> Answers { get; } = [];

        public bool Hangs { get; init; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<OtlpPartial?> SendAsync(ExportMetricsServiceRequest metrics, CancellationToken cancellation) => throw new NotSupportedException();

        public async Task<OtlpPartial?> SendAsync(ExportLogsServiceRequest logs, CancellationToken cancellation)
        {
            Requests.Enqueue(logs);
            Asked.TrySetResult();
            if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            if (Answers.TryDequeue(out ExportException? refused)) throw refused;
            foreach (LogRecord record in logs.ResourceLogs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords)) Taken.Enqueue(record);
            return null;
        }

        public void Dispose()
        {
        }
    }
}
