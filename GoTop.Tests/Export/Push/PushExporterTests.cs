using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Push;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Export.Push;

/// <summary>Documents posted to a real HTTP server that takes them, refuses them, hangs, or is not there.</summary>
public sealed class PushExporterTests : IDisposable
{
    private const string Secret = "a secret for signing";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-push-").FullName;
    private readonly AwaitableTime _time = new();
    private readonly BlockingCollection<JsonElement> _taken = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _taken.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_document_tells_every_target_and_is_signed()
    {
        ConcurrentQueue<string> heads = [];
        await using TinyServer server = new(async exchange =>
        {
            byte[] body = await exchange.BodyAsync();
            heads.Enqueue(exchange.Head);
            byte[] signed = [.. Encoding.ASCII.GetBytes(exchange.Header("X-GoTop-Timestamp") + "."), .. body];
            heads.Enqueue("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed)));
            await TakeAsync(exchange, body);
        });
        await using (PushExporter exporter = await StartAsync(Settings(server.Url) with { Secret = Secret }))
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            JsonElement document = Next();
            Assert.Equal((1, false, "web1"), (document.GetProperty("version").GetInt32(), document.GetProperty("test").GetBoolean(), document.GetProperty("host").GetProperty("host.name").GetString()));
            JsonElement shop = document.GetProperty("targets")[0];
            Assert.Equal(("shop", true, "payments"), (shop.GetProperty("name").GetString(), shop.GetProperty("up").GetBoolean(), shop.GetProperty("labels").GetProperty("team").GetString()));
            JsonElement goroutines = Metric(shop.GetProperty("metrics"), "go.goroutine.count");
            Assert.Equal(("sum", (double)Observations.Leak.Now.Go.Counters.Goroutines.Value), (goroutines.GetProperty("kind").GetString(), goroutines.GetProperty("value").GetDouble()));
            JsonElement cpu = Metric(shop.GetProperty("metrics"), "process.cpu.time");
            Assert.Equal(("counter", Observations.OrderApi.StartedAt.Value), (cpu.GetProperty("kind").GetString(), cpu.GetProperty("since").GetDateTimeOffset()));
            JsonElement latency = Metric(shop.GetProperty("metrics"), "go.schedule.duration").GetProperty("histogram");
            Assert.Equal(latency.GetProperty("bounds").GetArrayLength() + 1, latency.GetProperty("counts").GetArrayLength());
            Assert.NotEmpty(document.GetProperty("machine").EnumerateArray());
        }

        string head = heads.First();
        Assert.Contains("Content-Type: application/json", head, StringComparison.Ordinal);
        Assert.Contains($"X-GoTop-Signature: {heads.ElementAt(1)}", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_for_now_waits_and_comes_in_order_and_what_is_refused_for_good_is_dropped()
    {
        int asked = 0;
        await using TinyServer server = new(async exchange =>
        {
            byte[] body = await exchange.BodyAsync();
            switch (Interlocked.Increment(ref asked))
            {
                case 1: await exchange.AnswerAsync("text/plain", "not yet"u8.ToArray(), "503 Service Unavailable"); break;
                case 2: await exchange.AnswerAsync("text/plain", "who are you"u8.ToArray(), "401 Unauthorized"); break;
                case 4: await exchange.AnswerAsync("text/plain", "I do not understand"u8.ToArray(), "400 Bad Request"); break;
                default: await TakeAsync(exchange, body); break;
            }
        });
        await using PushExporter exporter = await StartAsync(Settings(server.Url));
        _time.Advance(TimeSpan.FromSeconds(10));
        // Tried again after pauses that are jittered: they pass as long as it does not come.
        string first = NextAfterPauses().GetProperty("id").GetString()!;
        _time.Advance(TimeSpan.FromSeconds(10));
        // The second is the one that is refused for good.
        Until(() => exporter.Standing is { Dropped: 1, Waiting: 0 });
        _time.Advance(TimeSpan.FromSeconds(10));
        string third = Next().GetProperty("id").GetString()!;
        Assert.NotEqual(first, third);
        Until(() => exporter.Standing is { Sent: 2, Dropped: 1, Waiting: 0 });
        Assert.Contains("HTTP 400: I do not understand", exporter.Standing.Problem, StringComparison.Ordinal);
        Assert.False(exporter.Standing.IsFailing);
    }

    [Fact]
    public async Task What_waits_is_sent_by_the_next_agent()
    {
        using ClosedPort nobody = new();
        await using (PushExporter exporter = await StartAsync(Settings(nobody.Url)))
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Until(() => exporter.Standing is { Waiting: 1, IsFailing: true });
            Assert.Contains("connection refused", exporter.Standing.Problem, StringComparison.Ordinal);
        }

        await using TinyServer server = new(async exchange => await TakeAsync(exchange, await exchange.BodyAsync()));
        await using PushExporter next = await StartAsync(Settings(server.Url));
        Assert.Equal("shop", Next().GetProperty("targets")[0].GetProperty("name").GetString());
        Until(() => next.Standing is { Sent: 1, Waiting: 0 });
    }

    [Fact]
    public async Task A_server_that_hangs_holds_nothing_up()
    {
        await using TinyServer server = new(exchange => exchange.HangUpAsync());
        PushExporter exporter = await StartAsync(Settings(server.Url));
        for (int i = 1; i <= 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Until(() => exporter.Standing.Waiting == i);
        }

        await exporter.DisposeAsync().AsTask().WaitAsync(Limit, Cancellation);
    }

    [Fact]
    public async Task Bodies_may_be_compressed_and_secrets_are_in_no_message()
    {
        string? encoding = null, document = null;
        await using TinyServer server = new(async exchange =>
        {
            byte[] body = await exchange.BodyAsync();
            encoding = exchange.Header("Content-Encoding");
            using StreamReader text = new(new GZipStream(new MemoryStream(body), CompressionMode.Decompress));
            document = await text.ReadToEndAsync(Cancellation);
            await exchange.AnswerAsync("text/plain", Encoding.UTF8.GetBytes($"no {exchange.Header("Authorization")} at {exchange.Path}"), "403 Forbidden");
        });
        Uri url = new(server.Url, "/hook/token-in-the-path");
        PushSettings settings = new(new ExportHttpSettings(url, [("Authorization", "Bearer hidden-token")])) { Compress = true };
        ExportException refused = await Assert.ThrowsAsync<ExportException>(
            () => PushTest.RunAsync(settings, new ExporterTrialParts(TimeProvider.System, NullLogger.Instance, "0.1.0"), Cancellation));
        Assert.Equal("127.0.0.1 answered HTTP 403: no (secret) at (secret)", refused.Message);
        Assert.Equal("gzip", encoding);
        Assert.Contains("\"test\":true", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_of_the_document_is_documented()
    {
        string documentation = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "json.md"));
        documentation = documentation[documentation.IndexOf("## What is pushed", StringComparison.Ordinal)..];
        using JsonDocument document = JsonDocument.Parse(PushDocument.Of(ExportViews.Of(ExportViews.Shop(Observations.Leak)), "id").ToUtf8());
        IEnumerable<JsonProperty> target = document.RootElement.GetProperty("targets")[0].EnumerateObject();
        IEnumerable<JsonProperty> metrics = document.RootElement.GetProperty("targets")[0].GetProperty("metrics").EnumerateArray().SelectMany(metric => metric.EnumerateObject());
        IEnumerable<JsonProperty> histograms = metrics.Where(one => one.NameEquals("histogram")).SelectMany(one => one.Value.EnumerateObject());
        Assert.All(document.RootElement.EnumerateObject().Concat(target).Concat(metrics).Concat(histograms).Select(key => key.Name).Distinct(), key => Assert.Contains($"`{key}`", documentation, StringComparison.Ordinal));
    }

    private static PushSettings Settings(Uri url) => new(new ExportHttpSettings(url, []) { Timeout = TimeSpan.FromMinutes(1) });

    /// <summary>It waits for its next document when this returns, and for nothing else of that length.</summary>
    private async Task<PushExporter> StartAsync(PushSettings settings)
    {
        ExportParts parts = new(_time, NullLogger.Instance, _folder, "0.1.0", () => ExportViews.Of(ExportViews.Shop(Observations.Leak, ("team", "payments"))));
        PushExporter exporter = new(settings, parts, firstPause: TimeSpan.FromMilliseconds(100));
        await _time.TimerOfAsync(TimeSpan.FromSeconds(10));
        return exporter;
    }

    private async Task TakeAsync(TinyServer.Exchange exchange, byte[] body)
    {
        _taken.Add(JsonElement.Parse(body), Cancellation);
        await exchange.AnswerAsync("text/plain", []);
    }

    private JsonElement Next()
    {
        Assert.True(_taken.TryTake(out JsonElement document, (int)Limit.TotalMilliseconds, Cancellation), "no document came");
        return document;
    }

    /// <summary>Lets time pass in steps that are much shorter than until the next document, as long as none comes.</summary>
    private JsonElement NextAfterPauses()
    {
        JsonElement document = default;
        for (int i = 0; i < 80; i++)
        {
            if (_taken.TryTake(out document, i < 60 ? 50 : 1000, Cancellation)) return document;
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Fail("no document came");
        return document;
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit), "it did not come to that within two minutes");

    private static JsonElement Metric(JsonElement metrics, string name) => metrics.EnumerateArray().First(metric => metric.GetProperty("name").GetString() == name);
}
