using System.Collections.Immutable;

namespace GoTop.Engine.GoRuntime.Metrics;

internal enum RequestProtocol : byte
{
    Http,
    Grpc,
}

/// <summary>A form of name under which servers count or time their requests.</summary>
/// <param name="Name">The family's name without suffixes such as <c>_count</c>; with <paramref name="IsEnding"/> what it ends in.</param>
/// <param name="IsEnding">Any prefix counts: most libraries let the service choose one.</param>
/// <param name="NanosecondsOfUnit">For a metric of durations; 0 for a counter.</param>
/// <param name="NeedsStatus">
/// The name alone does not say that it counts a server's HTTP requests; a status of the form 200 or 2xx does.
/// </param>
internal sealed record RequestPattern(RequestProtocol Protocol, string Name, bool IsEnding = false, double NanosecondsOfUnit = 0, bool NeedsStatus = false)
{
    public bool IsMatch(string family) => IsEnding
        ? family.EndsWith(Name, StringComparison.Ordinal) && (family.Length == Name.Length || family[^(Name.Length + 1)] is '_' or ':')
        : family == Name;
}

/// <summary>Which metrics are taken for a service's requests, the surest first.</summary>
internal static class RequestPatterns
{
    private const double Seconds = 1e9, Milliseconds = 1e6;

    public static ImmutableArray<RequestPattern> All { get; } =
    [
        // OpenTelemetry's semantic conventions, today's and those before.
        new(RequestProtocol.Http, "http_server_request_duration_seconds", NanosecondsOfUnit: Seconds),
        new(RequestProtocol.Http, "http_server_duration_milliseconds", NanosecondsOfUnit: Milliseconds),
        new(RequestProtocol.Http, "http_server_duration_seconds", NanosecondsOfUnit: Seconds),
        // As Prometheus' documentation names them, and most middleware.
        new(RequestProtocol.Http, "http_requests_total", IsEnding: true),
        new(RequestProtocol.Http, "http_server_requests_total", IsEnding: true),
        new(RequestProtocol.Http, "http_request_duration_seconds", IsEnding: true, NanosecondsOfUnit: Seconds),
        new(RequestProtocol.Http, "http_request_duration_milliseconds", IsEnding: true, NanosecondsOfUnit: Milliseconds),
        new(RequestProtocol.Http, "http_server_requests_seconds", IsEnding: true, NanosecondsOfUnit: Seconds),
        // gin_requests_total, apiserver_request_total, loki_request_duration_seconds …
        new(RequestProtocol.Http, "requests_total", IsEnding: true, NeedsStatus: true),
        new(RequestProtocol.Http, "request_total", IsEnding: true, NeedsStatus: true),
        new(RequestProtocol.Http, "request_duration_seconds", IsEnding: true, NanosecondsOfUnit: Seconds, NeedsStatus: true),
        new(RequestProtocol.Http, "request_duration_milliseconds", IsEnding: true, NanosecondsOfUnit: Milliseconds, NeedsStatus: true),

        // go-grpc-prometheus and go-grpc-middleware; OpenTelemetry's conventions; grpc-go's own.
        new(RequestProtocol.Grpc, "grpc_server_handled_total"),
        new(RequestProtocol.Grpc, "rpc_server_call_duration_seconds", NanosecondsOfUnit: Seconds),
        new(RequestProtocol.Grpc, "rpc_server_duration_seconds", NanosecondsOfUnit: Seconds),
        new(RequestProtocol.Grpc, "rpc_server_duration_milliseconds", NanosecondsOfUnit: Milliseconds),
        new(RequestProtocol.Grpc, "grpc_server_call_duration_seconds", NanosecondsOfUnit: Seconds),
        new(RequestProtocol.Grpc, "grpc_server_handling_seconds", NanosecondsOfUnit: Seconds),
    ];

    public static ImmutableArray<byte[]> HttpStatusLabels { get; } =
        [.. new[] { "code", "status", "status_code", "http_response_status_code", "http_status_code", "response_code", "http_code" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static ImmutableArray<byte[]> GrpcStatusLabels { get; } =
        [.. new[] { "grpc_code", "rpc_response_status_code", "rpc_grpc_status_code", "grpc_status", "code" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Requests that the service itself makes, and those for its metrics, which are mostly GoTop's own.</summary>
    private static readonly ImmutableArray<string> NotServed = ["client", "outgoing", "outbound", "upstream", "promhttp_metric_handler"];

    /// <summary>−1 for a family that is none.</summary>
    public static int Find(string family)
    {
        if (NotServed.Any(part => family.Contains(part, StringComparison.Ordinal))) return -1;
        for (int i = 0; i < All.Length; i++)
        {
            if (All[i].IsMatch(family)) return i;
        }

        return -1;
    }
}
