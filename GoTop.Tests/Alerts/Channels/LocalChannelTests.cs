using System.Text.Json;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using GoTop.Tests.Support;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Channels;

/// <summary>A program of the administrator's, and the Windows event log.</summary>
public sealed class LocalChannelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-command-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_program_gets_the_message_as_json_and_arguments_that_no_shell_sees()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a shell script");
        string input = Path.Combine(_folder, "input"), arguments = Path.Combine(_folder, "arguments");
        string answer = await SendAsync(
            Command("/bin/sh", "-c", $"cat > {input}; printf '%s\\n' \"$@\" > {arguments}; echo noted", "sh", "--severity={severity}", "{why}"),
            Message(Item(why: "$(touch /tmp/evil) `id`; 'quoted'")));
        Assert.Equal("exit status 0: noted", answer);
        Assert.Equal(["--severity=warning", "$(touch /tmp/evil) `id`; 'quoted'"], await File.ReadAllLinesAsync(arguments, Cancellation));
        Assert.Equal("cpu", JsonDocument.Parse(await File.ReadAllTextAsync(input, Cancellation)).RootElement.GetProperty("alerts")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task A_program_that_fails_says_so_by_its_exit_status_and_its_own_words()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a shell script");
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(() => SendAsync(Command("/bin/sh", "-c", "echo out; echo 'no modem' >&2; exit 3"), Message()));
        Assert.Equal("exit status 3: no modem", refused.Message);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told()
    {
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(() => SendAsync(Command(Path.Combine(_folder, "none")), Message()));
        Assert.Contains("cannot be run", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_killed_with_those_it_started()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a shell script");
        string pids = Path.Combine(_folder, "pids");
        AwaitableTime time = new();
        using IAlertChannel channel = Command("/bin/sh", "-c", $"trap '' TERM; sleep 1000 & echo $$ $! > {pids}.new; mv {pids}.new {pids}; wait").Create(new ChannelParts(time, new Delivery.KeptLog()));
        Task<string> sending = ChannelAttempt.SendAsync(channel, Message(), TimeSpan.FromSeconds(15), time, Cancellation);
        await Until.TrueAsync(() => File.Exists(pids));
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("no answer within 15 s", (await Assert.ThrowsAsync<ChannelException>(() => sending)).Message);
        foreach (string pid in (await File.ReadAllTextAsync(pids, Cancellation)).Split(' ')) await Until.TrueAsync(() => !StartedProgram.IsRunning(pid.Trim()));
    }

    [Theory]
    [InlineData(AlertState.Firing, Severity.Critical, EventLevel.Error, 103)]
    [InlineData(AlertState.Firing, Severity.Warning, EventLevel.Warning, 102)]
    [InlineData(AlertState.Firing, Severity.Notice, EventLevel.Information, 101)]
    [InlineData(AlertState.Resolved, Severity.Critical, EventLevel.Information, 100)]
    internal async Task The_event_log_gets_the_text_with_a_level_and_an_id(AlertState state, Severity severity, EventLevel level, int id)
    {
        List<(string Source, string Text, EventLevel Level, int Id)> written = [];
        using EventLogChannel channel = new(new EventLogSettings(new ChannelCommon("windows"), "GoTop"), (source, text, asLevel, asId) => written.Add((source, text, asLevel, asId)));
        await channel.SendAsync(Message(Item(severity: severity, state: state)), Cancellation);
        Assert.Equal(("GoTop", level, id), (written[0].Source, written[0].Level, written[0].Id));
        Assert.Contains("97% is above 85%", written[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_than_on_Windows_there_is_no_event_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has one");
        Assert.Equal("this system has no Windows event log", (await Assert.ThrowsAsync<ChannelException>(() => SendAsync(new EventLogSettings(new ChannelCommon("windows"), "GoTop"), Message()))).Message);
    }

    private static CommandSettings Command(string program, params string[] arguments) =>
        new(new ChannelCommon("script"), program, [.. arguments.Select(argument => MessageTemplate.TryParse(argument, [], out _)!)]);

    private static async Task<string> SendAsync(ChannelSettings settings, AlertMessage message)
    {
        using IAlertChannel channel = settings.Create(new ChannelParts(TimeProvider.System, new Delivery.KeptLog()));
        return await ChannelAttempt.SendAsync(channel, message, TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation);
    }
}
