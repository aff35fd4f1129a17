using System.IO.Compression;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Sources.Pprof;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

/// <summary>Servers that are broken or mean, over real connections: each gives a clear reason, in time and with bounded memory.</summary>
public sealed class HostileServerTests
{
    private static readonly byte[] Index = PprofCapture.Read("go1.27-windows-wine", "index.html");

    [Fact]
    public async Task A_well_behaved_server_is_read() =>
        Assert.Equal(Index, await GetAsync(PprofPages.Index, exchange => exchange.AnswerAsync("text/html; charset=utf-8", Index)));

    [Fact]
    public async Task A_gzipped_answer_is_read() =>
        Assert.Equal(Index, await GetAsync(PprofPages.Index, exchange => exchange.AnswerAsync("text/html", Gzip(Index), moreHeaders: "Content-Encoding: gzip\r\n")));

    [Fact]
    public async Task An_endless_body_is_given_up_at_the_limit_of_the_page()
    {
        TaskCompletionSource<long> sent = new();
        await AssertRefusedAsync(PprofPages.Index, "the index is longer than 64 KB", async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
            long bytes = 0;
            try
            {
                for (byte[] more = new byte[8192]; ; bytes += more.Length) await exchange.WriteAsync(more);
            }
            finally
            {
                sent.SetResult(bytes);
            }
        });

        // What is beyond the limit fits into the two sockets' buffers: the client hung up and did not read on.
        Assert.InRange(await sent.Task, 64 * 1024, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task A_gzip_bomb_is_given_up_at_the_limit_of_the_page()
    {
        byte[] bomb = Gzip(new byte[20 * 1024 * 1024]);
        Assert.True(bomb.Length < 64 * 1024);
        await AssertRefusedAsync(PprofPages.Index, "the index is longer than 64 KB",
            exchange => exchange.AnswerAsync("text/html", bomb, moreHeaders: "Content-Encoding: gzip\r\n"));
    }

    [Fact]
    public async Task Endless_compressed_nothing_is_given_up_as_well() =>
        await AssertRefusedAsync(PprofPages.Index, "longer than 64 KB even compressed", async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n");
            await exchange.WriteAsync(new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 });
            // Empty stored blocks: five bytes in, none out.
            byte[] nothing = [.. Enumerable.Repeat(new byte[] { 0, 0, 0, 0xff, 0xff }, 1000).SelectMany(block => block)];
            while (true) await exchange.WriteAsync(nothing);
        });

    [Fact]
    public async Task The_heap_text_is_read_with_little_memory_however_long_it_is()
    {
        BodyReader reader = new();
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => reader.ReadAsync(new EndlessStream(), PprofPages.HeapText, CancellationToken.None).AsTask());
        Assert.Equal("heap?debug=1 is longer than 8192 KB", failure.Message);
        Assert.InRange(reader.TotalBytes, PprofPages.HeapText.MaxBytes, PprofPages.HeapText.MaxBytes + (128 * 1024));
        Assert.InRange(reader.BufferBytes, 1, 128 * 1024);
    }

    [Fact]
    public async Task Content_that_is_not_gzip_is_refused() =>
        await AssertRefusedAsync(PprofPages.Index, "the index is not valid gzip",
            exchange => exchange.AnswerAsync("text/html", Index, moreHeaders: "Content-Encoding: gzip\r\n"));

    [Fact]
    public async Task An_encoding_that_was_not_asked_for_is_refused() =>
        await AssertRefusedAsync(PprofPages.Index, "encoded as br, which was not asked for",
            exchange => exchange.AnswerAsync("text/html", Index, moreHeaders: "Content-Encoding: br\r\n"));

    [Fact]
    public async Task Another_content_type_is_refused() =>
        await AssertRefusedAsync(PprofPages.Vars, "/debug/vars is text/html, not application/json", exchange => exchange.AnswerAsync("text/html", Index));

    [Fact]
    public async Task A_redirect_loop_is_left_after_3() =>
        await AssertRefusedAsync(PprofPages.Index, "more than 3 redirects",
            exchange => exchange.AnswerAsync("text/html", [], "302 Found", "Location: /debug/pprof/\r\n"));

    [Fact]
    public async Task A_redirect_on_the_same_server_is_followed() =>
        Assert.Equal(Index, await GetAsync(PprofPages.Index, exchange => exchange.Path == "/debug/pprof/"
            ? exchange.AnswerAsync("text/html", [], "307 Temporary Redirect", "Location: /elsewhere/\r\n")
            : exchange.AnswerAsync("text/html", Index)));

    [Theory]
    [InlineData("http://127.0.0.2/debug/pprof/")]
    [InlineData("http://127.0.0.1:1/debug/pprof/")]
    [InlineData("https://collector.example/")]
    [InlineData("//collector.example/")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_to_another_place_is_not_followed(string location) =>
        await AssertRefusedAsync(PprofPages.Index, "a redirect to another place",
            exchange => exchange.AnswerAsync("text/html", [], "301 Moved Permanently", $"Location: {location}\r\n"));

    [Fact]
    public async Task Half_an_answer_is_no_answer() =>
        await AssertFailsAsync(HttpFailure.Unreachable, "the connection closed before the answer was complete", async exchange =>
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<table>"));

    [Fact]
    public async Task Hanging_up_without_an_answer_is_told() =>
        await AssertFailsAsync(HttpFailure.Unreachable, "the connection closed before the answer was complete", _ => Task.CompletedTask);

    [Fact]
    public async Task Something_that_is_not_HTTP_is_told() =>
        await AssertFailsAsync(HttpFailure.Unreachable, "the answer is not HTTP", async exchange => await exchange.WriteAsync("SSH-2.0-OpenSSH_9.2p1\r\nhello\r\n\r\n"));

    [Fact]
    public async Task Endless_headers_are_told() =>
        await AssertFailsAsync(HttpFailure.Unreachable, "headers are longer than 16 KB", async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\n");
            while (true) await exchange.WriteAsync("X-More: " + new string('x', 1000) + "\r\n");
        });

    [Theory]
    [InlineData("401 Unauthorized", HttpFailure.Denied, "401 Unauthorized: set the target's user and password")]
    [InlineData("403 Forbidden", HttpFailure.Denied, "403 Forbidden")]
    [InlineData("404 Not\u001b[31mFound", HttpFailure.NotThere, "404 NotFound for the index")]
    [InlineData("204 No Content", HttpFailure.BadAnswer, "204 No Content for the index")]
    public async Task A_refusal_is_told_without_control_characters(string status, HttpFailure kind, string reason) =>
        await AssertFailsAsync(kind, reason, exchange => exchange.AnswerAsync("text/plain", [], status));

    [Fact]
    public async Task Plain_HTTP_to_a_Go_port_that_speaks_TLS_says_what_to_do() =>
        await AssertFailsAsync(HttpFailure.WantsTls, "the port speaks HTTPS: begin the URL with https://", async exchange =>
            await exchange.WriteAsync("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"));

    [Fact]
    public async Task TLS_to_a_port_that_speaks_plain_HTTP_is_told()
    {
        await using TinyServer server = new(async exchange => await exchange.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));
        HttpException failure = await FailAsync(new UriBuilder(server.Url) { Scheme = "https" }.Uri, PprofPages.Index);
        Assert.StartsWith("TLS failed: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told()
    {
        using ClosedPort nobody = new();
        HttpException failure = await FailAsync(nobody.Url, PprofPages.Index);
        Assert.Equal("connection refused", failure.Message);
    }

    [Fact]
    public async Task A_drip_of_a_byte_now_and_then_ends_at_the_deadline_and_hangs_up()
    {
        AwaitableTime time = new();
        TaskCompletionSource dripping = new();
        TaskCompletionSource hungUp = new();
        await using TinyServer server = new(async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<");
            dripping.SetResult();
            await exchange.HangUpAsync();
            hungUp.SetResult();
        });
        using PprofClient client = Connect(server.Url, time);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(2), time);
        Task<PageBody> read = client.GetAsync(PprofPages.Index, deadline.Token, TestContext.Current.CancellationToken).AsTask();
        await dripping.Task;
        time.Advance(TimeSpan.FromSeconds(2));
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => read);
        Assert.Equal(HttpFailure.Late, failure.Failure);
        Assert.Contains("within 2000 ms", failure.Message, StringComparison.Ordinal);
        await hungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_port_that_accepts_and_never_answers_ends_at_the_deadline()
    {
        AwaitableTime time = new();
        TaskCompletionSource asked = new();
        await using TinyServer server = new(async exchange =>
        {
            asked.SetResult();
            await exchange.HangUpAsync();
        });
        using PprofClient client = Connect(server.Url, time);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(2), time);
        Task<PageBody> read = client.GetAsync(PprofPages.Index, deadline.Token, TestContext.Current.CancellationToken).AsTask();
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(2));
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => read);
        Assert.Equal("no answer within 2000 ms", failure.Message);
    }

    private static PprofClient Connect(Uri url, TimeProvider time) =>
        PprofClient.Create(new PprofPlace(url, FoundByProbe: false), new HttpSettings(), time);

    private static async Task<byte[]> GetAsync(HttpPage page, Func<TinyServer.Exchange, Task> answer)
    {
        await using TinyServer server = new(answer);
        using PprofClient client = Connect(server.Url, TimeProvider.System);
        return (await client.GetAsync(page, CancellationToken.None, TestContext.Current.CancellationToken)).Kept.ToArray();
    }

    private static Task AssertRefusedAsync(HttpPage page, string reason, Func<TinyServer.Exchange, Task> answer) =>
        AssertFailsAsync(HttpFailure.BadAnswer, reason, answer, page);

    private static async Task AssertFailsAsync(HttpFailure kind, string reason, Func<TinyServer.Exchange, Task> answer, HttpPage? page = null)
    {
        await using TinyServer server = new(answer);
        HttpException failure = await FailAsync(server.Url, page ?? PprofPages.Index);
        Assert.Equal(kind, failure.Failure);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The first try's failure: fake time stands still in front of the second.</summary>
    private static async Task<HttpException> FailAsync(Uri url, HttpPage page)
    {
        AwaitableTime time = new();
        using PprofClient client = Connect(url, time);
        using CancellationTokenSource deadline = new();
        Task<PageBody> read = client.GetAsync(page, deadline.Token, TestContext.Current.CancellationToken).AsTask();
        Task ended = await Task.WhenAny(read, time.TimerOfAsync(TimeSpan.FromMilliseconds(100)));
        if (ended != read) await deadline.CancelAsync();
        return await Assert.ThrowsAsync<HttpException>(() => read);
    }

    private static byte[] Gzip(byte[] plain)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize)) gzip.Write(plain);
        return packed.ToArray();
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
