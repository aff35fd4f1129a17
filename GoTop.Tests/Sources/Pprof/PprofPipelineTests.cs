using System.Net;
using System.Net.Sockets;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Sources.Pprof;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

/// <summary>Retries and the circuit breaker, in fake time.</summary>
public sealed class PprofPipelineTests : IDisposable
{
    private static readonly Uri Url = new("http://service.test:6060/debug/pprof/");
    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400)];

    private readonly AwaitableTime _time = new();
    private readonly StubHttpHandler _service;
    private readonly PprofClient _client;
    private Func<HttpResponseMessage> _answer = Refuse;

    public PprofPipelineTests()
    {
        _service = new StubHttpHandler(_ => _answer());
        _client = new PprofClient(Url, new HttpSettings(), _time, _service);
    }

    [Fact]
    public async Task A_failed_try_is_repeated_after_100_200_and_400_ms()
    {
        Task<PageBody> read = ReadAsync();
        foreach ((TimeSpan delay, int index) in Delays.Select((delay, index) => (delay, index)))
        {
            await _time.TimerOfAsync(delay);
            Assert.Equal(index + 1, _service.Paths.Count);
            _time.Advance(delay - TimeSpan.FromMilliseconds(1));
            Assert.Equal(index + 1, _service.Paths.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => read);
        Assert.Equal(4, _service.Paths.Count);
        Assert.Equal("breaker open after: connection refused; next try in 1 s", failure.Message);
    }

    [Fact]
    public async Task A_try_that_succeeds_ends_the_repeating()
    {
        Task<PageBody> read = ReadAsync();
        await _time.TimerOfAsync(Delays[0]);
        _answer = Index;
        _time.Advance(Delays[0]);
        Assert.True((await read).TotalBytes > 0);
        Assert.Equal(2, _service.Paths.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, HttpFailure.NotThere)]
    [InlineData(HttpStatusCode.Unauthorized, HttpFailure.Denied)]
    [InlineData(HttpStatusCode.TooManyRequests, HttpFailure.NotThere)]
    public async Task A_refusal_is_not_repeated_and_never_opens_the_breaker(HttpStatusCode status, HttpFailure expected)
    {
        _answer = () => StubHttpHandler.Status(status);
        for (int i = 1; i <= 20; i++)
        {
            HttpException failure = await Assert.ThrowsAsync<HttpException>(ReadAsync);
            Assert.Equal(expected, failure.Failure);
            Assert.Equal(i, _service.Paths.Count);
        }
    }

    [Fact]
    public async Task A_server_error_is_repeated()
    {
        _answer = () => StubHttpHandler.Status(HttpStatusCode.ServiceUnavailable);
        Task<PageBody> read = ReadAsync();
        await PassRetriesAsync();
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => read);
        Assert.Contains("503 Service Unavailable for the index", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, _service.Paths.Count);
    }

    [Fact]
    public async Task While_the_breaker_is_open_nothing_is_sent_and_the_time_left_is_told()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        HttpException failure = await Assert.ThrowsAsync<HttpException>(ReadAsync);
        Assert.Equal(HttpFailure.BreakerOpen, failure.Failure);
        Assert.Equal("breaker open after: connection refused; next try in 1 s", failure.Message);
        Assert.Equal(4, _service.Paths.Count);
    }

    [Fact]
    public async Task The_breaker_stays_open_for_1_s_then_twice_as_long_each_time_up_to_30_s()
    {
        await OpenAsync();
        int sent = _service.Paths.Count;
        int[] pauses = [1, 2, 4, 8, 16, 30, 30];
        DateTimeOffset openedAt = _time.GetUtcNow();
        foreach ((int pause, int next) in pauses.Zip(pauses[1..]))
        {
            _time.SetUtcNow(openedAt + TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            await Assert.ThrowsAsync<HttpException>(ReadAsync);
            Assert.Equal(sent, _service.Paths.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));

            // One try is let through; it fails, and what would be its repetition finds the breaker open again.
            openedAt = _time.GetUtcNow();
            Task<PageBody> read = ReadAsync();
            await _time.PassAsync(Delays[0]);
            HttpException failure = await Assert.ThrowsAsync<HttpException>(() => read);
            Assert.Equal($"breaker open after: connection refused; next try in {next} s", failure.Message);
            Assert.Equal(++sent, _service.Paths.Count);
        }
    }

    [Fact]
    public async Task One_success_closes_the_breaker()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        _answer = Index;
        await ReadAsync();
        await ReadAsync();
        Assert.Equal(6, _service.Paths.Count);
    }

    [Fact]
    public async Task The_deadline_ends_the_repeating_and_the_last_failure_is_the_reason()
    {
        using CancellationTokenSource deadline = new();
        Task<PageBody> read = _client.GetAsync(PprofPages.Index, deadline.Token, CancellationToken.None).AsTask();
        await _time.PassAsync(Delays[0]);
        await _time.TimerOfAsync(Delays[1]);
        await deadline.CancelAsync();
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => read);
        Assert.Equal("connection refused", failure.Message);
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_failure_of_the_service()
    {
        using CancellationTokenSource caller = new();
        Task<PageBody> read = _client.GetAsync(PprofPages.Index, CancellationToken.None, caller.Token).AsTask();
        await _time.TimerOfAsync(Delays[0]);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task One_page_failing_does_not_close_the_way_to_another()
    {
        await OpenAsync();
        _answer = () => StubHttpHandler.Page("application/json", "{}"u8.ToArray());
        await _client.GetAsync(PprofPages.Vars, CancellationToken.None, CancellationToken.None);
        Assert.Equal("/debug/vars", _service.Paths[^1]);
    }

    public void Dispose() => _client.Dispose();

    private static HttpResponseMessage Refuse() =>
        throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));

    private static HttpResponseMessage Index() =>
        StubHttpHandler.Page("text/html", PprofCapture.Read("go1.27-windows-wine", "index.html"));

    private Task<PageBody> ReadAsync() => _client.GetAsync(PprofPages.Index, CancellationToken.None, CancellationToken.None).AsTask();

    private async Task OpenAsync()
    {
        Task<PageBody> read = ReadAsync();
        await PassRetriesAsync();
        await Assert.ThrowsAsync<HttpException>(() => read);
    }

    private async Task PassRetriesAsync()
    {
        foreach (TimeSpan delay in Delays) await _time.PassAsync(delay);
    }
}
