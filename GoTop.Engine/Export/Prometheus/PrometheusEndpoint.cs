using System.Net;
using System.Security.Cryptography;
using System.Text;
using GoTop.Engine.Export.Exporters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace GoTop.Engine.Export.Prometheus;

/// <summary>
/// Serves the page, by Kestrel. What a client may cost is bounded: connections, headers, times; no bodies; and a page is made once a
/// second at most, however many ask for it.
/// </summary>
internal sealed class PrometheusEndpoint : IAsyncDisposable
{
    public const string Path = "/metrics";

    private const int MostConnections = 32;
    private static readonly TimeSpan HeadersDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleDeadline = TimeSpan.FromMinutes(2);

    private readonly WebApplication _server;

    private PrometheusEndpoint(WebApplication server) => _server = server;

    /// <summary>Where it listens, with the port that was free if 0 was asked for.</summary>
    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="answered">Told of each request: its status.</param>
    /// <param name="problem">Told what is wrong while it listens on.</param>
    /// <exception cref="ExportException">It cannot listen, or a certificate cannot be used.</exception>
    public static async Task<PrometheusEndpoint> StartAsync(PrometheusEndpointSettings settings, Func<PrometheusFormat, byte[]> page, Action<int> answered, Action<string> problem, CancellationToken cancellation)
    {
        // Without TLS nobody would be asked for one, and the page would be open to everybody.
        if (settings is { ClientAuthority: not null, Certificate: null }) throw new ExportException("certificates of clients need a certificate of the server: without it no TLS is spoken");
        // Empty: no configuration files, no variables of the environment, no logging to anywhere.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        if (settings.Certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        PrometheusTls? tls = settings.Certificate is { } certificate ? new PrometheusTls(certificate, settings.Key, settings.ClientAuthority, problem) : null;
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = MostConnections;
            options.Limits.MaxConcurrentUpgradedConnections = 0;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            options.Limits.MaxRequestHeaderCount = 50;
            options.Limits.MaxRequestLineSize = 4 << 10;
            options.Limits.RequestHeadersTimeout = HeadersDeadline;
            options.Limits.KeepAliveTimeout = IdleDeadline;
            options.Listen(settings.Listen, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (tls is not null) listen.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = HeadersDeadline, OnConnection = _ => ValueTask.FromResult(tls.Options) });
            });
        });
        WebApplication server = builder.Build();
        byte[]? token = settings.Token is { } text ? SHA256.HashData(Encoding.UTF8.GetBytes(text)) : null;
        bool isOpen = token is null && settings.ClientAuthority is null;
        server.Run(async context =>
        {
            int status = Judge(context.Request, token, isOpen);
            PrometheusFormat format = PrometheusText.Choose(context.Request.Headers.Accept.ToString());
            byte[] body = [];
            if (status == StatusCodes.Status200OK)
            {
                try
                {
                    body = page(format);
                }
                catch (Exception)
                {
                    // Who makes it tells why.
                    status = StatusCodes.Status500InternalServerError;
                }
            }

            context.Response.StatusCode = status;
            if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
            answered(status);
            if (status != StatusCodes.Status200OK) return;
            context.Response.ContentType = PrometheusText.ContentType(format);
            context.Response.ContentLength = body.Length;
            if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        });
        try
        {
            await server.StartAsync(cancellation).ConfigureAwait(false);
            return new PrometheusEndpoint(server);
        }
        catch (Exception refused) when (refused is IOException or System.Net.Sockets.SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new ExportException($"cannot listen at {settings.Listen}: {refused.InnerException?.Message ?? refused.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource atOnce = new();
        await atOnce.CancelAsync().ConfigureAwait(false);
        // Requests under way are cut off: a client that reads slowly must not hold the agent up.
        await _server.StopAsync(atOnce.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private static int Judge(HttpRequest request, byte[]? token, bool isOpen)
    {
        if (token is not null && !IsToken(request.Headers.Authorization.ToString(), token)) return StatusCodes.Status401Unauthorized;
        // Without a secret, a page in a browser of this machine could have its own name point here.
        if (isOpen && !IsThisMachine(request.Host.Host)) return StatusCodes.Status403Forbidden;
        if (request.Path != Path) return StatusCodes.Status404NotFound;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? StatusCodes.Status200OK : StatusCodes.Status405MethodNotAllowed;
    }

    private static bool IsToken(string header, byte[] token)
    {
        const string scheme = "Bearer ";
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim())), token);
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
