using System.Collections.Concurrent;
using System.IO.Compression;
using Google.Protobuf;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Otlp;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using Xunit;

namespace GoTop.Tests.Export.Otlp;

/// <summary>OTLP/HTTP to a server that answers as receivers do.</summary>
public sealed class OtlpHttpTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly AwaitableTime _time = new();
    private readonly BlockingCollection<ExportMetricsServiceRequest> _taken = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_are_posted_compressed_below_the_path_with_the_headers_and_taken_in_part_is_told()
    {
        ConcurrentQueue<TinyServer.Exchange> asked = [];
        await using TinyServer server = new(async exchange =>
        {
            asked.Enqueue(exchange);
            Take(await exchange.BodyAsync());
            ExportMetricsServiceResponse part = new() { PartialSuccess = new ExportMetricsPartialSuccess { RejectedDataPoints = 2, ErrorMessage = "too many labels" } };
            await exchange.AnswerAsync("application/x-protobuf", part.ToByteArray());
        });
        await using OtlpExporter exporter = await StartAsync(new Uri(server.Url, "/otlp?tenant=7"), ("X-Scope-OrgID", "shop"));
        _time.Advance(TimeSpan.FromSeconds(10));
        ExportMetricsServiceRequest taken = Next();
        TinyServer.Exchange exchange = asked.First();
        Assert.Equal(("/otlp/v1/metrics?tenant=7", "application/x-protobuf", "gzip", "shop"), (exchange.Path, exchange.Header("Content-Type"), exchange.Header("Content-Encoding"), exchange.Header("X-Scope-OrgID")));
        Assert.Equal("shop", OtlpMetricsTests.Attributes(taken.ResourceMetrics[0].Resource.Attributes)["service.name"]);
        long points = OtlpMetrics.PointsOf(taken);
        // The words are noted after the numbers.
        Until(() => exporter.Standing is { Dropped: 2, Problem: not null } standing && standing.Sent == points - 2);
        Assert.Contains("too many labels", exporter.Standing.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tries_again_when_the_receiver_says()
    {
        int asked = 0;
        await using TinyServer server = new(async exchange =>
        {
            byte[] body = await exchange.BodyAsync();
            if (Interlocked.Increment(ref asked) == 1)
            {
                await exchange.AnswerAsync("text/plain", "busy"u8.ToArray(), "503 Service Unavailable", "Retry-After: 7\r\n");
                return;
            }

            Take(body);
            await exchange.AnswerAsync("application/x-protobuf", []);
        });
        await using OtlpExporter exporter = await StartAsync(server.Url);
        _time.Advance(TimeSpan.FromSeconds(10));
        await _time.PassAsync(TimeSpan.FromSeconds(7)).WaitAsync(Limit, Cancellation);
        Next();
        Until(() => exporter.Standing is { Sent: > 0, Dropped: 0, IsFailing: false });
        Assert.Contains("HTTP 503: busy", exporter.Standing.Problem, StringComparison.Ordinal);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("404 Not Found")]
    [InlineData("500 Internal Server Error")]
    public async Task What_may_not_be_tried_again_is_not(string status)
    {
        await using TinyServer server = new(async exchange =>
        {
            await exchange.BodyAsync();
            await exchange.AnswerAsync("text/plain", "no"u8.ToArray(), status);
        });
        await using OtlpExporter exporter = await StartAsync(server.Url);
        _time.Advance(TimeSpan.FromSeconds(10));
        // No time passes: what waited to be tried again would not be dropped.
        Until(() => exporter.Standing is { Sent: 0, Dropped: > 0, IsFailing: true });
    }

    private async Task<OtlpExporter> StartAsync(Uri url, params (string, string)[] headers)
    {
        OtlpSettings settings = new(new ExportHttpSettings(url, [.. headers]) { Timeout = TimeSpan.FromMinutes(1) }, OtlpProtocol.Http);
        OtlpExporter exporter = new(settings, new ExportParts(_time, NullLogger.Instance, "", "0.1.0", () => ExportViews.Of(ExportViews.Shop(Observations.Leak))), TimeSpan.FromSeconds(1));
        await _time.TimerOfAsync(TimeSpan.FromSeconds(10));
        return exporter;
    }

    private void Take(byte[] body)
    {
        using GZipStream plain = new(new MemoryStream(body), CompressionMode.Decompress);
        _taken.Add(ExportMetricsServiceRequest.Parser.ParseFrom(plain), Cancellation);
    }

    private ExportMetricsServiceRequest Next()
    {
        Assert.True(_taken.TryTake(out ExportMetricsServiceRequest? request, (int)Limit.TotalMilliseconds, Cancellation), "nothing came");
        return request;
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit), "it did not come to that within two minutes");
}
