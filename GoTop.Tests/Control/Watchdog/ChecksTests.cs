using System.Net;
using System.Net.Sockets;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Control.Watchdog.Checks;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Control.Watchdog;

public sealed class ChecksTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_is_there_or_has_ended_and_one_on_another_machine_cannot_be_told()
    {
        FakePlatform platform = new();
        FakeProcess process = new(7, "shop", "/shop");
        platform.Add(process);
        TargetContext target = Target(platform, process.Key);
        Assert.Equal((CheckOutcome.Passed, "7 runs"), await ProcessAsync(target));
        Assert.Equal((CheckOutcome.Failed, "killed by signal 9"), await ProcessAsync(target, "killed by signal 9"));
        platform.End(7);
        Assert.Equal((CheckOutcome.Failed, "7 has ended"), await ProcessAsync(target));
        Assert.Equal(CheckOutcome.Unknown, (await ProcessAsync(Target(platform, null))).Outcome);
    }

    [Fact]
    public async Task A_port_accepts_or_does_not()
    {
        using TcpListener open = new(IPAddress.Loopback, 0);
        open.Start();
        int port = ((IPEndPoint)open.LocalEndpoint).Port;
        WatchdogSettings settings = new() { Tcp = [new TcpPlace("127.0.0.1", port)] };
        Assert.Equal((CheckOutcome.Passed, $"127.0.0.1:{port} accepts"), await LookAsync(new TcpCheck(settings, TimeProvider.System)));
        open.Stop();
        (CheckOutcome outcome, string words) = await LookAsync(new TcpCheck(settings, TimeProvider.System));
        Assert.Equal(CheckOutcome.Failed, outcome);
        Assert.StartsWith($"127.0.0.1:{port}: ", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", "all is well", CheckOutcome.Passed, "answers 200")]
    [InlineData("302 Found", "", CheckOutcome.Passed, "answers 302")]
    [InlineData("503 Service Unavailable", "", CheckOutcome.Failed, "answers 503, not 200 to 399")]
    public async Task A_page_answers_with_a_status(string status, string body, CheckOutcome expected, string words)
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/plain", Encoding.UTF8.GetBytes(body), status));
        (CheckOutcome outcome, string told) = await HttpAsync(server);
        Assert.Equal(expected, outcome);
        Assert.EndsWith(words, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task And_with_the_status_and_the_text_that_are_expected()
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/plain", Encoding.UTF8.GetBytes("degraded: no database"), "207 Multi-Status"));
        Assert.Equal(CheckOutcome.Passed, (await HttpAsync(server, settings => settings with { HttpStatus = [200, 207], HttpBody = "degraded" })).Outcome);
        (CheckOutcome outcome, string told) = await HttpAsync(server, settings => settings with { HttpBody = "all is well" });
        Assert.Equal(CheckOutcome.Failed, outcome);
        Assert.EndsWith("answers 207 without \"all is well\"", told, StringComparison.Ordinal);
        Assert.EndsWith("answers 207, not 200 or 204", (await HttpAsync(server, settings => settings with { HttpStatus = [200, 204] })).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_accepts_and_never_answers_fails_after_the_timeout()
    {
        await using TinyServer server = new(exchange => exchange.HangUpAsync());
        AwaitableTime time = new();
        Task<(CheckOutcome, string)> look = HttpAsync(server, settings => settings with { Timeout = TimeSpan.FromSeconds(2) }, time);
        await time.PassAsync(TimeSpan.FromSeconds(2));
        (CheckOutcome outcome, string told) = await look;
        Assert.Equal(CheckOutcome.Failed, outcome);
        Assert.EndsWith("has not answered within 2s", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_query_of_an_address_is_not_told()
    {
        await using TinyServer server = new(exchange => exchange.AnswerAsync("text/plain", [], "500 Oh"));
        (_, string told) = await HttpAsync(server, settings => settings with { Http = new Uri(settings.Http + "?key=secret") });
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    private static Task<(CheckOutcome Outcome, string Words)> HttpAsync(TinyServer server, Func<WatchdogSettings, WatchdogSettings>? change = null, TimeProvider? time = null)
    {
        WatchdogSettings settings = new() { Http = server.Url, Timeout = TimeSpan.FromMinutes(1) };
        return LookAsync(new HttpCheck(change?.Invoke(settings) ?? settings, time ?? TimeProvider.System));
    }

    private static Task<(CheckOutcome Outcome, string Words)> LookAsync(IHealthCheck check) => LookAsync(check, new CheckSubject(Target(new FakePlatform(), null), null, new ProgressMemory()));

    private static async Task<(CheckOutcome Outcome, string Words)> LookAsync(IHealthCheck check, CheckSubject subject)
    {
        CheckResult result = await check.LookAsync(subject, Cancellation);
        return (result.Outcome, result.Words);
    }

    private static Task<(CheckOutcome Outcome, string Words)> ProcessAsync(TargetContext target, string? ended = null) => LookAsync(new ProcessCheck(), new CheckSubject(target, ended, new ProgressMemory()));

    private static TargetContext Target(FakePlatform platform, ProcessKey? process) => new(new TargetIdentity { Name = "shop", Process = process }, platform, TargetSettings.Default, TimeProvider.System);
}
