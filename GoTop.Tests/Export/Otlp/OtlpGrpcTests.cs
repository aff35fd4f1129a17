using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Otlp;
using GoTop.Tests.Support;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using Xunit;
using Status = Google.Rpc.Status;

namespace GoTop.Tests.Export.Otlp;

/// <summary>OTLP/gRPC to a real gRPC server.</summary>
public sealed class OtlpGrpcTests
{
    private static readonly ExportMetricsServiceRequest Metrics = OtlpMetrics.Of(ExportViews.Of(ExportViews.Shop(Observations.Leak)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_and_logs_arrive_as_they_were_sent_with_the_headers(bool compress)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using OtlpGrpc transport = new(Settings(receiver.Address, ("X-Scope-OrgID", "shop")) with { Compress = compress }, TimeProvider.System);
        Assert.Null(await transport.SendAsync(Metrics, Cancellation));
        ExportLogsServiceRequest logs = new();
        logs.ResourceLogs.Add(new OpenTelemetry.Proto.Logs.V1.ResourceLogs { SchemaUrl = "a mark" });
        Assert.Null(await transport.SendAsync(logs, Cancellation));
        Assert.Equal(Metrics, Assert.Single(receiver.Metrics));
        Assert.Equal(logs, Assert.Single(receiver.Logs));
        Assert.All(receiver.Headers, headers => Assert.Equal(("shop", compress ? "gzip" : ""), headers));
    }

    [Fact]
    public async Task Taken_in_part_is_told()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = () => new ExportMetricsServiceResponse { PartialSuccess = new ExportMetricsPartialSuccess { RejectedDataPoints = 3, ErrorMessage = "too old" } };
        using OtlpGrpc transport = new(Settings(receiver.Address), TimeProvider.System);
        Assert.Equal(new OtlpPartial(3, "too old"), await transport.SendAsync(Metrics, Cancellation));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.DeadlineExceeded, true)]
    [InlineData(StatusCode.Aborted, true)]
    [InlineData(StatusCode.ResourceExhausted, false)]
    [InlineData(StatusCode.InvalidArgument, false)]
    [InlineData(StatusCode.Unauthenticated, false)]
    [InlineData(StatusCode.Unimplemented, false)]
    public async Task Only_what_the_specification_lets_be_tried_again_is_transient(StatusCode code, bool isTransient)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = () => throw new RpcException(new Grpc.Core.Status(code, "the receiver's words"));
        using OtlpGrpc transport = new(Settings(receiver.Address), TimeProvider.System);
        ExportException refused = await Assert.ThrowsAsync<ExportException>(() => transport.SendAsync(Metrics, Cancellation));
        Assert.Equal((isTransient, $"127.0.0.1: {code}: the receiver's words"), (refused.IsTransient, refused.Message));
    }

    [Fact]
    public async Task An_exhausted_receiver_may_say_when_it_is_back()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = () => throw new Status
        {
            Code = (int)Code.ResourceExhausted,
            Message = "slow down",
            Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(9)) }) },
        }.ToRpcException();
        using OtlpGrpc transport = new(Settings(receiver.Address), TimeProvider.System);
        ExportException refused = await Assert.ThrowsAsync<ExportException>(() => transport.SendAsync(Metrics, Cancellation));
        Assert.Equal((true, TimeSpan.FromSeconds(9)), (refused.IsTransient, refused.RetryAfter));
    }

    [Fact]
    public async Task One_that_hangs_and_one_that_is_not_there_are_told_and_tried_again()
    {
        AwaitableTime time = new();
        await using (Receiver receiver = await Receiver.StartAsync())
        {
            receiver.Hangs = true;
            using OtlpGrpc transport = new(Settings(receiver.Address), time);
            Task<OtlpPartial?> sending = transport.SendAsync(Metrics, Cancellation);
            await receiver.Asked.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
            await time.PassAsync(TimeSpan.FromSeconds(10)).WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
            ExportException late = await Assert.ThrowsAsync<ExportException>(() => sending.WaitAsync(TimeSpan.FromMinutes(2), Cancellation));
            Assert.Equal((true, "127.0.0.1: no answer within 10 s"), (late.IsTransient, late.Message));
        }

        using ClosedPort nobody = new();
        using OtlpGrpc toNobody = new(Settings(nobody.Url), time);
        ExportException gone = await Assert.ThrowsAsync<ExportException>(() => toNobody.SendAsync(Metrics, Cancellation));
        Assert.Equal((true, "127.0.0.1: connection refused"), (gone.IsTransient, gone.Message));
    }

    private static OtlpSettings Settings(Uri url, params (string, string)[] headers) => new(new ExportHttpSettings(url, [.. headers]), OtlpProtocol.Grpc);

    /// <summary>A server of Grpc.AspNetCore on a free port, without TLS.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _server;

        private Receiver(WebApplication server) => _server = server;

        public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        public ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = [];

        public ConcurrentQueue<ExportLogsServiceRequest> Logs { get; } = [];

        public ConcurrentQueue<(string Tenant, string Encoding)> Headers { get; } = [];

        public Func<ExportMetricsServiceResponse> Answer { get; set; } = () => new ExportMetricsServiceResponse();

        public bool Hangs { get; set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task<Receiver> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            builder.Services.AddRoutingCore();
            builder.Services.AddGrpc();
            Receiver? receiver = null;
            builder.Services.AddSingleton(_ => receiver!);
            WebApplication server = builder.Build();
            receiver = new Receiver(server);
            server.UseRouting();
            server.MapGrpcService<MetricsReceiver>();
            server.MapGrpcService<LogsReceiver>();
            await server.StartAsync(Cancellation);
            return receiver;
        }

        public void Note(ServerCallContext context)
        {
            IHeaderDictionary headers = context.GetHttpContext().Request.Headers;
            Headers.Enqueue((headers["X-Scope-OrgID"].ToString(), headers["grpc-encoding"].ToString()));
        }

        public async ValueTask DisposeAsync()
        {
            using CancellationTokenSource atOnce = new();
            await atOnce.CancelAsync();
            await _server.StopAsync(atOnce.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _server.DisposeAsync();
        }
    }

    private sealed class MetricsReceiver(Receiver receiver) : MetricsService.MetricsServiceBase
    {
        public override async Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            receiver.Note(context);
            receiver.Metrics.Enqueue(request);
            receiver.Asked.TrySetResult();
            if (receiver.Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return receiver.Answer();
        }
    }

    private sealed class LogsReceiver(Receiver receiver) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            receiver.Note(context);
            receiver.Logs.Enqueue(request);
            return Task.FromResult(new ExportLogsServiceResponse());
        }
    }
}
