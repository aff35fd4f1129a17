using System.IO.Compression;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Pprof;
using GoTop.Engine.Sources.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Profiles;

/// <summary>Over real connections: services in use, with time limits of their own, slow, broken and mean.</summary>
public sealed class ProfileClientTests
{
    private const string Binary = "application/octet-stream";
    private const string InUse = "Could not enable CPU profiling: cpu profiling already in use\n";
    private const string WriteTimeout = "profile duration exceeds server's WriteTimeout\n";

    private readonly AwaitableTime _time = new();
    private readonly List<string> _paths = [];

    [Fact]
    public async Task The_bytes_are_those_that_were_served()
    {
        byte[] body = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, body));
        ProfileCapture capture = await CaptureAsync(server, ProfileKind.Cpu, 3);
        Assert.Equal(body, capture.Content);
        Assert.Equal((ProfileKind.Cpu, 3, "/debug/pprof/profile?seconds=3"), (capture.Kind, capture.Seconds, Assert.Single(_paths)));
    }

    [Fact]
    public async Task What_was_packed_on_the_way_is_unpacked_once()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write("a profile"u8);
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, packed.ToArray(), moreHeaders: "Content-Encoding: gzip\r\n"));
        Assert.Equal("a profile"u8.ToArray(), (await CaptureAsync(server, ProfileKind.Heap, 0)).Content);
    }

    [Fact]
    public async Task What_is_in_use_is_asked_for_once_more_after_as_long_as_it_would_have_taken()
    {
        await using TinyServer server = Serve(exchange => _paths.Count == 1
            ? exchange.AnswerAsync("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(InUse), "500 Internal Server Error", "X-Go-Pprof: 1\r\n")
            : exchange.AnswerAsync(Binary, [1, 2, 3]));
        Task<ProfileCapture> capture = CaptureAsync(server, ProfileKind.Cpu, 3);
        await _time.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal([1, 2, 3], (await capture).Content);
        Assert.Equal(2, _paths.Count);
    }

    [Fact]
    public async Task What_is_still_in_use_is_told_as_such()
    {
        await using TinyServer server = Serve(exchange =>
            exchange.AnswerAsync("text/plain; charset=utf-8", "Could not enable tracing: tracing is already enabled\n"u8.ToArray(), "500 Internal Server Error"));
        using ProfileClient client = Connect(server);
        Task<ProfileAnswer> answer = client.AskAsync(
            ServedProfile.Trace, 1, 1000, (_, _) => throw new InvalidOperationException("there is no body"), new RequestProgress("", 0, _time), askTwice: true, TestContext.Current.CancellationToken);
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => answer);
        Assert.Equal(HttpFailure.InUse, failure.Failure);
        Assert.Equal(
            "somebody else is taking a trace of this process, which can make one at a time (asked twice): "
            + "500 Internal Server Error for trace?seconds=1: Could not enable tracing: tracing is already enabled", failure.Message);
        Assert.Equal(2, _paths.Count);
    }

    [Fact]
    public async Task A_server_with_a_write_timeout_is_asked_for_less()
    {
        await using TinyServer server = Serve(exchange => exchange.Path.EndsWith("=7", StringComparison.Ordinal)
            ? exchange.AnswerAsync(Binary, [9])
            : exchange.AnswerAsync("text/plain", Encoding.UTF8.GetBytes(WriteTimeout), "400 Bad Request"));
        using ProfileClient client = Connect(server);
        ProfileAnswer answer = await client.AskAsync(
            ServedProfile.Cpu, 30, 1000, (body, token) => new ValueTask(body.CopyToAsync(Stream.Null, token)), new RequestProgress("", 0, _time), askTwice: true, TestContext.Current.CancellationToken);
        Assert.Equal((7, "7 s in place of 30: the service's WriteTimeout allows no more"), (answer.Seconds, answer.Note));
        Assert.Equal(["30", "15", "7"], _paths.Select(path => path.Split('=')[1]));
    }

    [Fact]
    public async Task A_server_that_allows_not_even_a_second_says_what_would_help()
    {
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync("text/plain", Encoding.UTF8.GetBytes(WriteTimeout), "400 Bad Request"));
        HttpException failure = await FailAsync(server, 2);
        Assert.Equal(HttpFailure.TooLong, failure.Failure);
        Assert.Contains("serve pprof from a server without one, or build with Go 1.23 or later", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, _paths.Count);
    }

    [Fact]
    public async Task A_profile_that_the_version_does_not_have_is_not_there()
    {
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync("text/plain", "Unknown profile\n"u8.ToArray(), "404 Not Found"));
        HttpException failure = await FailAsync(server, 0, ProfileKind.GoroutineLeak);
        Assert.Equal((HttpFailure.NotThere, "404 Not Found for goroutineleak: Unknown profile"), (failure.Failure, failure.Message));
    }

    [Fact]
    public async Task Another_server_error_is_told_without_control_characters()
    {
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync("text/plain", "no \u001b[31mluck\n"u8.ToArray(), "500 Internal Server Error"));
        HttpException failure = await FailAsync(server, 1);
        Assert.Equal((HttpFailure.ServerError, "500 Internal Server Error for profile?seconds=1: no luck"), (failure.Failure, failure.Message));
    }

    [Fact]
    public async Task A_page_of_another_type_is_refused()
    {
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync("text/html", "<p>Welcome"u8.ToArray()));
        Assert.Equal("profile?seconds=1 is text/html, not application/octet-stream", (await FailAsync(server, 1)).Message);
    }

    [Fact]
    public async Task An_endless_body_is_given_up_at_the_limit()
    {
        await using TinyServer server = Serve(async exchange =>
        {
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {Binary}\r\n\r\n");
            for (byte[] more = new byte[64 << 10]; ;) await exchange.WriteAsync(more);
        });
        Assert.Equal("profile?seconds=1 is longer than 16384 KB", (await FailAsync(server, 1)).Message);
    }

    [Fact]
    public async Task Half_a_profile_is_none()
    {
        await using TinyServer server = Serve(exchange => exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {Binary}\r\nContent-Length: 5000\r\n\r\nhalf").AsTask());
        Assert.Equal("the connection closed before the answer was complete", (await FailAsync(server, 1)).Message);
    }

    [Fact]
    public async Task Silence_ends_after_the_seconds_asked_for_and_some_patience()
    {
        TaskCompletionSource asked = new(), hungUp = new();
        await using TinyServer server = Serve(async exchange =>
        {
            asked.SetResult();
            await exchange.HangUpAsync();
            hungUp.SetResult();
        });
        Task<ProfileCapture> capture = CaptureAsync(server, ProfileKind.Cpu, 5);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(capture.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => capture);
        Assert.Equal((HttpFailure.Late, "no answer within 15 s"), (failure.Failure, failure.Message));
        await hungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_body_that_stops_coming_is_given_up()
    {
        await using TinyServer server = Serve(async exchange =>
        {
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {Binary}\r\nContent-Length: 5000\r\n\r\nsome");
            await exchange.HangUpAsync();
        });
        RequestProgress progress = new("", 0, _time);
        TaskCompletionSource some = new();
        using ProfileClient client = Connect(server);
        Task<ProfileAnswer> answer = client.AskAsync(ServedProfile.Heap, 0, 10_000, async (body, token) =>
        {
            byte[] buffer = new byte[100];
            Assert.Equal(4, await body.ReadAtLeastAsync(buffer, 4, cancellationToken: token));
            some.SetResult();
            Assert.Equal(0, await body.ReadAsync(buffer, token));
        }, progress, askTwice: true, TestContext.Current.CancellationToken);
        await some.Task;
        Assert.Equal(4, progress.Bytes);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("the answer was not complete (4 bytes) within 10 s", (await Assert.ThrowsAsync<HttpException>(() => answer)).Message);
    }

    [Fact]
    public async Task Cancelling_hangs_up()
    {
        TaskCompletionSource asked = new(), hungUp = new();
        await using TinyServer server = Serve(async exchange =>
        {
            asked.SetResult();
            await exchange.HangUpAsync();
            hungUp.SetResult();
        });
        using CancellationTokenSource cancel = new();
        using ProfileClient client = Connect(server);
        Task<ProfileCapture> capture = client.CaptureAsync(ProfileKind.Cpu, 30, new RequestProgress("", 0, _time), askTwice: true, cancel.Token);
        await asked.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => capture);
        await hungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    private TinyServer Serve(Func<TinyServer.Exchange, Task> answer) => new(exchange =>
    {
        _paths.Add(exchange.Path);
        return answer(exchange);
    });

    private ProfileClient Connect(TinyServer server) => ProfileClient.Create(new PprofPlace(server.Url, FoundByProbe: false), new HttpSettings(), _time);

    private async Task<ProfileCapture> CaptureAsync(TinyServer server, ProfileKind kind, int seconds)
    {
        using ProfileClient client = Connect(server);
        return await client.CaptureAsync(kind, seconds, new RequestProgress("", 0, _time), askTwice: true, TestContext.Current.CancellationToken);
    }

    private async Task<HttpException> FailAsync(TinyServer server, int seconds, ProfileKind kind = ProfileKind.Cpu) =>
        await Assert.ThrowsAsync<HttpException>(() => CaptureAsync(server, kind, seconds));
}
