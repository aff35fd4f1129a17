using System.Net;

namespace GoTop.Engine.Export.Prometheus;

/// <summary>The <c>[export.prometheus]</c> table: a page that Prometheus scrapes.</summary>
/// <param name="Listen">Beyond loopback only with a token or client certificates.</param>
public sealed record PrometheusEndpointSettings(IPEndPoint Listen)
{
    /// <summary>Never shown or logged.</summary>
    public string? Token { get; init; }

    /// <summary>PEM files of the server's certificate and its key: with them TLS is spoken.</summary>
    public string? Certificate { get; init; }

    public string? Key { get; init; }

    /// <summary>A PEM file: clients must show a certificate of one of these authorities.</summary>
    public string? ClientAuthority { get; init; }

    public string Where => $"{(Certificate is null ? "http" : "https")}://{Listen}{PrometheusEndpoint.Path}";

    /// <summary>Without the token.</summary>
    public override string ToString() =>
        $"{Where}, token {(Token is null ? "not set" : "set")}, client certificates {(ClientAuthority is null ? "not asked for" : "of " + ClientAuthority)}";
}
