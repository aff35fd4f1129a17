using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Prometheus;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Export.Prometheus;

/// <summary>The endpoint over real sockets, with clients that behave and some that do not.</summary>
public sealed class PrometheusEndpointTests
{
    private const string Token = "a-token-of-more-than-16-characters";
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_answers_in_the_format_that_is_asked_for_and_nothing_but_its_page()
    {
        await using PrometheusEndpoint endpoint = await StartAsync(new PrometheusEndpointSettings(AnyPort));
        using HttpClient client = new() { BaseAddress = endpoint.Address };
        using HttpResponseMessage text = await client.GetAsync(PrometheusEndpoint.Path, Cancellation);
        Assert.Equal(("text/plain; version=0.0.4; charset=utf-8", "page as Text"), (text.Content.Headers.ContentType!.ToString(), await text.Content.ReadAsStringAsync(Cancellation)));
        client.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text");
        Assert.Equal("page as OpenMetrics", await client.GetStringAsync(PrometheusEndpoint.Path, Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync(PrometheusEndpoint.Path, null, Cancellation)).StatusCode);
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, PrometheusEndpoint.Path), Cancellation);
        Assert.Equal((19L, ""), (head.Content.Headers.ContentLength, await head.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task A_token_is_asked_for_and_a_wrong_one_refused()
    {
        await using PrometheusEndpoint endpoint = await StartAsync(new PrometheusEndpointSettings(AnyPort) { Token = Token });
        using HttpClient client = new() { BaseAddress = endpoint.Address };
        using HttpResponseMessage without = await client.GetAsync(PrometheusEndpoint.Path, Cancellation);
        Assert.Equal((HttpStatusCode.Unauthorized, "", "Bearer"), (without.StatusCode, await without.Content.ReadAsStringAsync(Cancellation), without.Headers.WwwAuthenticate.ToString()));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(PrometheusEndpoint.Path, Cancellation)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal("page as Text", await client.GetStringAsync(PrometheusEndpoint.Path, Cancellation));
    }

    /// <summary>A page in a browser on this machine could call itself by a name that points to 127.0.0.1.</summary>
    [Fact]
    public async Task Without_a_token_it_answers_to_this_machines_own_names_alone()
    {
        await using PrometheusEndpoint endpoint = await StartAsync(new PrometheusEndpointSettings(AnyPort));
        using HttpClient client = new() { BaseAddress = endpoint.Address };
        Assert.Equal("page as Text", await client.GetStringAsync(new Uri($"http://localhost:{endpoint.Address.Port}{PrometheusEndpoint.Path}"), Cancellation));
        client.DefaultRequestHeaders.Host = "evil.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(PrometheusEndpoint.Path, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Clients_show_a_certificate_of_the_authority_that_is_named()
    {
        using TestCertificates ours = new(), others = new();
        PrometheusEndpointSettings settings = new(AnyPort)
        {
            Certificate = ours.Write("server.pem", ours.Server.ExportCertificatePem()),
            Key = ours.Write("server.key.pem", ours.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            ClientAuthority = ours.AuthorityFile,
        };
        await using PrometheusEndpoint endpoint = await StartAsync(settings);
        Assert.Equal("https", endpoint.Address.Scheme);
        Assert.Equal("page as Text", await GetAsync(endpoint.Address, ours));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(endpoint.Address, others));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(endpoint.Address, null));
    }

    [Fact]
    public async Task The_whole_chain_of_the_file_is_served_and_the_one_that_a_client_sends_is_looked_at()
    {
        using TestCertificates ours = new();
        (X509Certificate2 between, X509Certificate2 server, string fullChain, string key) = ours.IssueBelow("server");
        (X509Certificate2 betweenClients, X509Certificate2 client, _, _) = ours.IssueBelow("client");
        PrometheusEndpointSettings settings = new(AnyPort) { Certificate = fullChain, Key = key, ClientAuthority = ours.AuthorityFile };
        await using PrometheusEndpoint endpoint = await StartAsync(settings);
        List<string> served = [];
        using SocketsHttpHandler handler = new();
#pragma warning disable CA5359 // Whom the client trusts is not what is tested.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, chain, _) =>
        {
            served.AddRange(chain!.ChainPolicy.ExtraStore.Select(one => one.Thumbprint));
            return true;
        };
#pragma warning restore CA5359
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(client, [betweenClients], offline: true);
        using HttpClient http = new(handler);
        Assert.Equal("page as Text", await http.GetStringAsync(new Uri(endpoint.Address, PrometheusEndpoint.Path), Cancellation));
        Assert.Contains(between.Thumbprint, served);
        Assert.NotEqual(server.Thumbprint, between.Thumbprint);
    }

    [Fact]
    public async Task A_renewed_certificate_is_served_without_a_restart_and_half_of_one_changes_nothing()
    {
        using TestCertificates ours = new();
        (_, X509Certificate2 first, string fullChain, string key) = ours.IssueBelow("first");
        (_, X509Certificate2 second, string renewed, string itsKey) = ours.IssueBelow("second");
        ConcurrentQueue<string> problems = [];
        await using PrometheusEndpoint endpoint = await StartAsync(new PrometheusEndpointSettings(AnyPort) { Certificate = fullChain, Key = key }, problems.Enqueue);
        Assert.Equal(first.Thumbprint, await ServedAsync(endpoint.Address));
        DateTime later = File.GetLastWriteTimeUtc(fullChain).AddSeconds(10);
        File.Copy(renewed, fullChain, overwrite: true);
        File.SetLastWriteTimeUtc(fullChain, later);
        Assert.Equal(first.Thumbprint, await ServedAsync(endpoint.Address));
        Assert.Contains("no PEM file", Assert.Single(problems), StringComparison.Ordinal);
        File.Copy(itsKey, key, overwrite: true);
        File.SetLastWriteTimeUtc(key, later);
        Assert.Equal(second.Thumbprint, await ServedAsync(endpoint.Address));
    }

    /// <summary>The configuration refuses it already; here nothing is left to chance.</summary>
    [Fact]
    public async Task Clients_certificates_without_TLS_are_no_reason_to_be_open()
    {
        using TestCertificates files = new();
        ExportException refused = await Assert.ThrowsAsync<ExportException>(() => StartAsync(new PrometheusEndpointSettings(AnyPort) { ClientAuthority = files.AuthorityFile }));
        Assert.Contains("no TLS is spoken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_cannot_be_made_is_no_page_served()
    {
        ConcurrentQueue<int> answered = [];
        bool fails = true;
        await using PrometheusEndpoint endpoint = await PrometheusEndpoint.StartAsync(
            new PrometheusEndpointSettings(AnyPort), _ => fails ? throw new InvalidOperationException("a bug") : "a page"u8.ToArray(), answered.Enqueue, _ => { }, Cancellation);
        using HttpClient client = new() { BaseAddress = endpoint.Address };
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync(PrometheusEndpoint.Path, Cancellation)).StatusCode);
        fails = false;
        Assert.Equal("a page", await client.GetStringAsync(PrometheusEndpoint.Path, Cancellation));
        Assert.Equal([500, 200], answered);
    }

    [Fact]
    public async Task Hostile_clients_hold_nobody_up()
    {
        await using PrometheusEndpoint endpoint = await StartAsync(new PrometheusEndpointSettings(AnyPort));
        List<TcpClient> hanging = [];
        for (int i = 0; i < 20; i++)
        {
            TcpClient slow = new();
            await slow.ConnectAsync(IPAddress.Loopback, endpoint.Address.Port, Cancellation);
            await slow.GetStream().WriteAsync("GET /metrics HTTP/1.1\r\nHost: local"u8.ToArray(), Cancellation);
            hanging.Add(slow);
        }

        using HttpClient client = new() { BaseAddress = endpoint.Address };
        Assert.Equal("page as Text", await client.GetStringAsync(PrometheusEndpoint.Path, Cancellation));
        Assert.StartsWith("HTTP/1.1 400", await TalkAsync(endpoint, "\u0016\u0003\u0001 nonsense\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", await TalkAsync(endpoint, $"GET /{new string('x', 10_000)} HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await TalkAsync(endpoint, $"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 40_000)}\r\n\r\n"), StringComparison.Ordinal);
        foreach (TcpClient slow in hanging) slow.Dispose();
    }

    [Fact]
    public async Task It_ends_at_once_though_a_client_is_still_there()
    {
        PrometheusEndpoint endpoint = await StartAsync(new PrometheusEndpointSettings(AnyPort));
        using TcpClient idle = new();
        await idle.ConnectAsync(IPAddress.Loopback, endpoint.Address.Port, Cancellation);
        await endpoint.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        // The connection is cut: by an end or by a reset.
        byte[] rest = new byte[1];
        try
        {
            Assert.Equal(0, await idle.GetStream().ReadAsync(rest, Cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancellation));
        }
        catch (IOException)
        {
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_and_a_bad_certificate_are_told()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        ExportException taken = await Assert.ThrowsAsync<ExportException>(() => StartAsync(new PrometheusEndpointSettings((IPEndPoint)other.LocalEndpoint)));
        Assert.Contains($"cannot listen at {other.LocalEndpoint}", taken.Message, StringComparison.Ordinal);
        string file = Path.GetTempFileName();
        ExportException bad = await Assert.ThrowsAsync<ExportException>(() => StartAsync(new PrometheusEndpointSettings(AnyPort) { Certificate = file }));
        File.Delete(file);
        Assert.Contains("no PEM file", bad.Message, StringComparison.Ordinal);
    }

    private static Task<PrometheusEndpoint> StartAsync(PrometheusEndpointSettings settings, Action<string>? problem = null) =>
        PrometheusEndpoint.StartAsync(settings, format => Encoding.UTF8.GetBytes($"page as {format}"), _ => { }, problem ?? (_ => { }), Cancellation);

    private static async Task<string> GetAsync(Uri address, TestCertificates? client)
    {
        using SocketsHttpHandler handler = new();
#pragma warning disable CA5359 // Whom the client trusts is not what is tested.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        if (client is not null)
        {
            using X509Certificate2 read = X509Certificate2.CreateFromPemFile(client.ClientFile, client.ClientKeyFile);
            handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null)];
        }

        using HttpClient http = new(handler);
        return await http.GetStringAsync(new Uri(address, PrometheusEndpoint.Path), Cancellation);
    }

    private static async Task<string> ServedAsync(Uri address)
    {
        string? thumbprint = null;
        using SocketsHttpHandler handler = new();
#pragma warning disable CA5359 // Whom the client trusts is not what is tested.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
        {
            thumbprint = ((X509Certificate2)shown!).Thumbprint;
            return true;
        };
#pragma warning restore CA5359
        using HttpClient http = new(handler);
        await http.GetStringAsync(new Uri(address, PrometheusEndpoint.Path), Cancellation);
        return thumbprint!;
    }

    private static async Task<string> TalkAsync(PrometheusEndpoint endpoint, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, endpoint.Address.Port, Cancellation);
        NetworkStream stream = client.GetStream();
        byte[] answer = new byte[200];
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancellation);
        }
        catch (IOException)
        {
            // Hung up before all was sent.
        }

        int length = await stream.ReadAsync(answer, Cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        return Encoding.Latin1.GetString(answer, 0, length);
    }
}
