using System.Globalization;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Rpc;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Http;
using Grpc.Core;
using Grpc.Net.Client;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>OTLP/gRPC: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc.</summary>
internal sealed class OtlpGrpc(OtlpSettings settings, TimeProvider time) : IOtlpTransport
{
    private const int MostOfAnswer = 64 << 10;

    private GrpcChannel? _channel;

    public async Task<OtlpPartial?> SendAsync(ExportMetricsServiceRequest metrics, CancellationToken cancellation)
    {
        ExportMetricsPartialSuccess? partial = (await CallAsync(
            async options => await new MetricsService.MetricsServiceClient(Channel()).ExportAsync(metrics, options).ConfigureAwait(false), cancellation).ConfigureAwait(false)).PartialSuccess;
        return partial is { RejectedDataPoints: 0, ErrorMessage: "" } or null ? null : OtlpPartial.Of(partial.RejectedDataPoints, partial.ErrorMessage, settings.Http);
    }

    public async Task<OtlpPartial?> SendAsync(ExportLogsServiceRequest logs, CancellationToken cancellation)
    {
        ExportLogsPartialSuccess? partial = (await CallAsync(
            async options => await new LogsService.LogsServiceClient(Channel()).ExportAsync(logs, options).ConfigureAwait(false), cancellation).ConfigureAwait(false)).PartialSuccess;
        return partial is { RejectedLogRecords: 0, ErrorMessage: "" } or null ? null : OtlpPartial.Of(partial.RejectedLogRecords, partial.ErrorMessage, settings.Http);
    }

    public void Dispose() => _channel?.Dispose();

    private async Task<T> CallAsync<T>(Func<CallOptions, Task<T>> call, CancellationToken cancellation)
    {
        using CancellationTokenSource late = new(settings.Http.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        Metadata headers = [];
        foreach ((string name, string value) in settings.Http.Headers) headers.Add(name.ToLowerInvariant(), value);
        if (settings.Compress) headers.Add("grpc-internal-encoding-request", "gzip");
        try
        {
            return await call(new CallOptions(headers, cancellationToken: either.Token)).ConfigureAwait(false);
        }
        catch (RpcException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (RpcException) when (late.IsCancellationRequested)
        {
            throw Told(string.Create(CultureInfo.InvariantCulture, $"no answer within {settings.Http.Timeout.TotalSeconds:0.#} s"), transient: true, null);
        }
        catch (RpcException failure) when (failure.Status.DebugException is HttpRequestException or IOException or SocketException)
        {
            // It has no answer: the connection failed.
            throw Told(TransportReason.Of(failure.Status.DebugException).Message, transient: true, null);
        }
        catch (RpcException failure)
        {
            TimeSpan? retryAfter = RetryAfter(failure);
            throw Told($"{failure.StatusCode}: {failure.Status.Detail}", IsTransient(failure.StatusCode, retryAfter), retryAfter);
        }
    }

    /// <summary>The specification's codes; exhausted resources only with the word when they will be back.</summary>
    private static bool IsTransient(StatusCode code, TimeSpan? retryAfter) => code switch
    {
        StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.Aborted or StatusCode.OutOfRange or StatusCode.Unavailable or StatusCode.DataLoss => true,
        StatusCode.ResourceExhausted => retryAfter is not null,
        _ => false,
    };

    private static TimeSpan? RetryAfter(RpcException failure)
    {
        try
        {
            return failure.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan() is not { } wait || wait < TimeSpan.Zero ? null : wait < HttpAnswer.LongestRetryAfter ? wait : HttpAnswer.LongestRetryAfter;
        }
        catch (Exception damaged) when (damaged is InvalidProtocolBufferException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Made when it is first needed: a certificate file that is gone is a failure to send, not one to start.</summary>
    private GrpcChannel Channel()
    {
        if (_channel is not null) return _channel;
        try
        {
            _channel = GrpcChannel.ForAddress(settings.Http.Url, new GrpcChannelOptions
            {
                HttpHandler = HttpTransport.CreateHandler(settings.Http.Url, settings.Http.Tls, anyCertificate: false),
                DisposeHttpClient = true,
                MaxReceiveMessageSize = MostOfAnswer,
            });
            return _channel;
        }
        catch (HttpException wrong)
        {
            throw new ExportException(wrong.Message) { IsTransient = true };
        }
    }

    private ExportException Told(string message, bool transient, TimeSpan? retryAfter) =>
        new(ExportSecrets.Hide($"{settings.Http.Url.Host}: {message}", settings.Http.Secrets, 300)) { IsTransient = transient, RetryAfter = retryAfter };
}
