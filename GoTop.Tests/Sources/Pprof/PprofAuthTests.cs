using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Pprof;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

/// <summary>Credentials reach the service they are for, and nothing and nobody else.</summary>
public sealed class PprofAuthTests : IDisposable
{
    private const string Secret = "hunter2-s3cr3t";

    private static readonly byte[] Index = PprofCapture.Read("go1.27-windows-wine", "index.html");
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task User_and_password_are_sent_as_basic_in_UTF8()
    {
        AuthenticationHeaderValue sent = await SentAsync(new HttpSettings { User = "änn", Password = Secret + ":x" });
        Assert.Equal("Basic", sent.Scheme);
        Assert.Equal($"änn:{Secret}:x", Encoding.UTF8.GetString(Convert.FromBase64String(sent.Parameter!)));
    }

    [Fact]
    public async Task A_token_is_sent_as_bearer() =>
        Assert.Equal(new AuthenticationHeaderValue("Bearer", Secret), await SentAsync(new HttpSettings { BearerToken = Secret }));

    [Fact]
    public async Task Credentials_do_not_follow_a_redirect_to_another_place()
    {
        List<string> elsewhere = [];
        await using TinyServer other = new(exchange =>
        {
            elsewhere.Add(exchange.Head);
            return exchange.AnswerAsync("text/html", Index);
        });
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/html", [], "302 Found", $"Location: {other.Url}\r\n"));
        SourceResult result = await ReadAsync(server.Url, new HttpSettings { BearerToken = Secret });
        Assert.Contains("redirect to another place", result.Reason, StringComparison.Ordinal);
        Assert.Empty(elsewhere);
    }

    [Fact]
    public async Task No_cookie_that_a_server_sets_comes_back()
    {
        List<string> heads = [];
        await using TinyServer server = new(exchange =>
        {
            heads.Add(exchange.Head);
            return exchange.AnswerAsync("text/html", Index, moreHeaders: "Set-Cookie: id=7\r\n");
        });
        using PprofClient client = PprofClient.Create(new PprofPlace(server.Url, false), new HttpSettings(), TimeProvider.System);
        for (int i = 0; i < 2; i++) await client.GetAsync(PprofPages.Index, CancellationToken.None, TestContext.Current.CancellationToken);
        Assert.Equal(2, heads.Count);
        Assert.All(heads, head => Assert.DoesNotContain("Cookie", head, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("401 Unauthorized")]
    [InlineData("500 Internal Server Error")]
    [InlineData("200 OK")]
    public async Task No_reason_and_no_text_of_the_settings_holds_a_secret(string status)
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/plain", [], status));
        HttpSettings[] all =
        [
            new() { User = "ann", Password = Secret },
            new() { BearerToken = Secret },
            new() { BearerToken = Secret + "\r\nX-Evil: 1" },
            new() { User = "ann:x", Password = Secret },
        ];
        foreach (HttpSettings settings in all)
        {
            SourceResult result = await ReadAsync(server.Url, settings);
            Assert.NotEqual(SourceState.Ok, result.State);
            string everything = $"{result} {result.Reason} {result.Facts.Runtime.Goroutines} {settings} {new TargetSettings { Http = settings }}";
            Assert.DoesNotContain(Secret, everything, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Secret}")), everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_certificate_nobody_vouches_for_is_refused()
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/html", Index), Tls());
        SourceResult result = await ReadAsync(server.Url, new HttpSettings());
        Assert.Equal(SourceState.Failed, result.State);
        Assert.Contains("TLS failed: ", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_the_configured_authority_is_accepted()
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/html", Index), Tls());
        SourceResult result = await ReadAsync(server.Url, new HttpSettings { CertificateAuthority = _certificates.AuthorityFile });
        Assert.Equal(616, result.Facts.Runtime.Goroutines.Value);
    }

    [Fact]
    public async Task Even_then_it_must_name_the_host()
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/html", Index), Tls());
        SourceResult result = await ReadAsync(new UriBuilder(server.Url) { Host = "localhost" }.Uri, new HttpSettings { CertificateAuthority = _certificates.AuthorityFile });
        Assert.Equal(SourceState.Failed, result.State);
        Assert.Contains("RemoteCertificateNameMismatch", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_given_stands_in_place_of_the_systems_not_beside_it()
    {
        using TestCertificates others = new();
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/html", Index), Tls());
        SourceResult result = await ReadAsync(server.Url, new HttpSettings { CertificateAuthority = others.AuthorityFile });
        Assert.Equal(SourceState.Failed, result.State);
    }

    [Fact]
    public async Task The_client_certificate_is_shown_to_the_server()
    {
        string? subject = null;
        SslServerAuthenticationOptions tls = Tls();
        tls.ClientCertificateRequired = true;
        tls.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            subject = certificate?.Subject;
            return certificate is not null;
        };
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/html", Index), tls);
        SourceResult result = await ReadAsync(server.Url, new HttpSettings
        {
            CertificateAuthority = _certificates.AuthorityFile,
            ClientCertificate = _certificates.ClientFile,
            ClientKey = _certificates.ClientKeyFile,
        });
        Assert.Equal(616, result.Facts.Runtime.Goroutines.Value);
        Assert.Equal("CN=gotop client", subject);
    }

    [Fact]
    public async Task A_certificate_file_that_cannot_be_used_is_named()
    {
        Uri nobody = new("http://127.0.0.1:1/debug/pprof/");
        string rubbish = _certificates.Write("rubbish.pem", "-----BEGIN CERTIFICATE-----\nhello\n-----END CERTIFICATE-----\n");
        string missing = Path.Combine(Path.GetDirectoryName(rubbish)!, "missing.pem");
        (HttpSettings Settings, string Reason)[] all =
        [
            (new() { CertificateAuthority = missing }, $"certificate authority {missing}: no such file"),
            (new() { CertificateAuthority = rubbish }, $"certificate authority {rubbish}: it is no PEM file"),
            (new() { CertificateAuthority = _certificates.ClientKeyFile }, $"certificate authority {_certificates.ClientKeyFile}: it holds no certificate"),
            (new() { ClientCertificate = _certificates.ClientFile }, $"client certificate {_certificates.ClientFile}: it is no PEM file"),
            (new() { ClientCertificate = _certificates.ClientFile, ClientKey = missing }, $"client certificate {_certificates.ClientFile}: no such file"),
        ];
        foreach ((HttpSettings settings, string reason) in all)
        {
            SourceResult result = await ReadAsync(nobody, settings);
            Assert.Equal(SourceState.Failed, result.State);
            Assert.Contains(PlainText.Clean(reason, 60).TrimEnd('…'), result.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_port_found_by_probing_may_have_any_certificate_as_long_as_nothing_secret_is_sent()
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/html", Index), Tls());
        using PprofClient open = PprofClient.Create(new PprofPlace(server.Url, FoundByProbe: true), new HttpSettings(), TimeProvider.System);
        Assert.Equal(Index.Length, (await open.GetAsync(PprofPages.Index, CancellationToken.None, TestContext.Current.CancellationToken)).TotalBytes);
        using PprofClient secret = PprofClient.Create(new PprofPlace(server.Url, FoundByProbe: true), new HttpSettings { BearerToken = Secret }, TimeProvider.System);
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() =>
            secret.GetAsync(PprofPages.Index, new CancellationToken(canceled: false), TestContext.Current.CancellationToken).AsTask());
        Assert.Contains("TLS failed", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _certificates.Dispose();

    private static async Task<AuthenticationHeaderValue> SentAsync(HttpSettings settings)
    {
        using StubHttpHandler service = new(_ => StubHttpHandler.Page("text/html", Index));
        using PprofClient client = new(new Uri("http://service.test/debug/pprof/"), settings, TimeProvider.System, service);
        await client.GetAsync(PprofPages.Index, CancellationToken.None, TestContext.Current.CancellationToken);
        return Assert.Single(service.Authorizations)!;
    }

    private static async Task<SourceResult> ReadAsync(Uri url, HttpSettings settings)
    {
        AwaitableTime time = new();
        TargetContext context = new(new TargetIdentity { Name = "svc" }, new UnsupportedPlatform(), new TargetSettings { Url = url, Http = settings }, time);
        await using ISource source = PprofSource.Create(context)!;
        Task<SourceResult> reading = source.ReadAsync(Interest.None, TestContext.Current.CancellationToken).AsTask();
        // A first try that fails for a passing reason would be repeated; the retries' delays pass at once.
        foreach (int delay in new[] { 100, 200, 400 })
        {
            Task timer = time.TimerOfAsync(TimeSpan.FromMilliseconds(delay));
            if (await Task.WhenAny(reading, timer) == reading) break;
            time.Advance(TimeSpan.FromMilliseconds(delay));
        }

        return await reading;
    }

    private SslServerAuthenticationOptions Tls() => new() { ServerCertificate = _certificates.Server };
}
