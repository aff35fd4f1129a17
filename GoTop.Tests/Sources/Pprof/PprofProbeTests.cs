using System.Collections.Immutable;
using System.Net.Security;
using System.Text;
using GoTop.Engine.Sources.Pprof;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

public sealed class PprofProbeTests
{
    private static readonly ImmutableArray<string> Arguments = ["/opt/svc", "-name", "ünï code"];
    private static readonly byte[] Cmdline = Encoding.UTF8.GetBytes("/opt/svc\0-name\0ünï code");
    private static readonly byte[] Index = PprofCapture.Read("go1.27-windows-wine", "index.html");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task The_process_with_these_arguments_is_found(string address)
    {
        await using TinyServer server = Service(Cmdline);
        Uri? found = await FindAsync(address, server.Port);
        Assert.Equal(server.Url, found);
    }

    [Fact]
    public async Task Bound_to_all_of_IPv6_it_may_only_answer_on_IPv4()
    {
        await using TinyServer server = Service(Cmdline);
        Assert.Equal(server.Url, await FindAsync("::", server.Port));
    }

    [Theory]
    [InlineData("/opt/svc\0-name\0ünï")]
    [InlineData("/opt/svc\0-name\0ünï code\0-more")]
    [InlineData("/opt/other")]
    [InlineData("")]
    public async Task Another_process_is_asked_for_its_arguments_only(string cmdline)
    {
        List<string> asked = [];
        await using TinyServer server = Service(Encoding.UTF8.GetBytes(cmdline), asked);
        Assert.Null(await FindAsync("127.0.0.1", server.Port));
        Assert.Equal(["/debug/pprof/cmdline"], asked);
    }

    [Fact]
    public async Task Of_very_long_arguments_the_first_4_KB_decide()
    {
        ImmutableArray<string> arguments = ["/opt/svc", .. Enumerable.Repeat("argument", 1000)];
        await using TinyServer server = Service(Encoding.UTF8.GetBytes(string.Join('\0', arguments)));
        Assert.Equal(server.Url, await PprofProbe.FindAsync("127.0.0.1", server.Port, arguments, new AwaitableTime(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_an_index_there_are_no_pages()
    {
        await using TinyServer server = new(exchange => exchange.Path.EndsWith("cmdline", StringComparison.Ordinal)
            ? exchange.AnswerAsync("text/plain; charset=utf-8", Cmdline)
            : exchange.AnswerAsync("text/html", "<html>"u8.ToArray()));
        Assert.Null(await FindAsync("127.0.0.1", server.Port));
    }

    [Theory]
    [InlineData("127.0.0.1", 0)]
    [InlineData("127.0.0.1", 65536)]
    [InlineData("not an address", 80)]
    [InlineData("fe80::1", 80)]
    public async Task Nothing_is_asked_of_what_is_no_local_port(string address, int port) => Assert.Null(await FindAsync(address, port));

    [Fact]
    public async Task Nothing_is_asked_without_arguments_to_know_the_process_by()
    {
        List<string> asked = [];
        await using TinyServer server = Service(Cmdline, asked);
        Assert.Null(await PprofProbe.FindAsync("127.0.0.1", server.Port, [], new AwaitableTime(), TestContext.Current.CancellationToken));
        Assert.Null(await PprofProbe.FindAsync("127.0.0.1", server.Port, default, new AwaitableTime(), TestContext.Current.CancellationToken));
        Assert.Empty(asked);
    }

    [Fact]
    public async Task A_port_that_does_not_answer_is_left_after_250_ms()
    {
        AwaitableTime time = new();
        TaskCompletionSource asked = new();
        await using TinyServer server = new(exchange =>
        {
            asked.SetResult();
            return exchange.HangUpAsync();
        });
        Task<Uri?> probing = PprofProbe.FindAsync("127.0.0.1", server.Port, Arguments, time, TestContext.Current.CancellationToken).AsTask();
        await asked.Task;
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(probing.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await probing);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        List<string> asked = [];
        await using TinyServer server = new(exchange =>
        {
            asked.Add(exchange.Path);
            return exchange.AnswerAsync("text/html", [], "302 Found", "Location: /login\r\n");
        });
        Assert.Null(await FindAsync("127.0.0.1", server.Port));
        Assert.Single(asked);
    }

    [Fact]
    public async Task The_callers_cancellation_is_passed_on()
    {
        using CancellationTokenSource caller = new();
        await using TinyServer server = new(async exchange =>
        {
            await caller.CancelAsync();
            await exchange.HangUpAsync();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PprofProbe.FindAsync("127.0.0.1", server.Port, Arguments, new AwaitableTime(), caller.Token).AsTask());
    }

    // What answers plain HTTP on the port is chosen by the first byte, as crypto/tls does it.
    [Fact]
    public async Task A_TLS_port_is_asked_over_TLS_only_after_it_said_so()
    {
        using TestCertificates certificates = new();
        await using TinyServer server = new(
            exchange => exchange.Path switch
            {
                "/debug/pprof/cmdline" => exchange.AnswerAsync("text/plain", Cmdline),
                _ => exchange.AnswerAsync("text/html", Index),
            },
            new SslServerAuthenticationOptions { ServerCertificate = certificates.Server }, plainAnswer: "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        Uri? found = await PprofProbe.FindAsync("127.0.0.1", server.Port, Arguments, new AwaitableTime(), TestContext.Current.CancellationToken);
        Assert.Equal(server.Url, found);
        Assert.Equal("https", found!.Scheme);
    }

    // Fake time: however slow this machine is, the 250 ms do not pass.
    private static Task<Uri?> FindAsync(string address, int port) =>
        PprofProbe.FindAsync(address, port, Arguments, new AwaitableTime(), TestContext.Current.CancellationToken).AsTask();

    private static TinyServer Service(byte[] cmdline, List<string>? asked = null) => new(exchange =>
    {
        asked?.Add(exchange.Path);
        return exchange.Path switch
        {
            "/debug/pprof/cmdline" => exchange.AnswerAsync("text/plain; charset=utf-8", cmdline),
            "/debug/pprof/" => exchange.AnswerAsync("text/html; charset=utf-8", Index),
            _ => exchange.AnswerAsync("text/plain", [], "404 Not Found"),
        };
    });
}
