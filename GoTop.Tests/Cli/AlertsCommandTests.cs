using System.Globalization;
using System.Text.Json;
using GoTop.Cli;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Cli;

public sealed class AlertsCommandTests : IDisposable
{
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-alerts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Channels_are_listed_without_their_secrets()
    {
        string config = Config("[[alerts.channel]]\ntype = \"slack\"\nname = \"chat\"\nurl = \"https://hooks.example/services/top-secret\"\nseverity = \"critical\"\n");
        Assert.Equal(0, await RunAsync("alerts", "channels", "--config", config));
        Assert.Equal("chat  slack     from critical on  https://hooks.example\n", _output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_test_message_is_sent_and_what_came_back_is_printed()
    {
        byte[] body = [];
        await using TinyServer server = new(async exchange =>
        {
            body = await exchange.BodyAsync();
            await exchange.AnswerAsync("text/plain", "thank you"u8.ToArray());
        });
        string config = Config($"[[alerts.channel]]\ntype = \"webhook\"\nname = \"tickets\"\nurl = \"{server.Url}\"\n");
        Assert.Equal(0, await RunAsync("alerts", "send-test", "tickets", "--config", config));
        Assert.Equal($"sent to tickets (http://127.0.0.1:{server.Port}): HTTP 200: thank you\n", _output.ToString().ReplaceLineEndings("\n"));
        Assert.True(JsonDocument.Parse(body).RootElement.GetProperty("test").GetBoolean());
    }

    [Fact]
    public async Task A_test_message_that_is_not_taken_ends_with_1_and_an_unknown_channel_with_2()
    {
        await using TinyServer server = new(async exchange =>
        {
            await exchange.BodyAsync();
            await exchange.AnswerAsync("text/plain", [], "403 Forbidden");
        });
        string config = Config($"[[alerts.channel]]\ntype = \"webhook\"\nname = \"tickets\"\nurl = \"{server.Url}\"\n");
        Assert.Equal(1, await RunAsync("alerts", "send-test", "tickets", "--config", config));
        Assert.Contains("gotop: tickets did not take it: 127.0.0.1 answered HTTP 403", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("alerts", "send-test", "ticket", "--config", config));
        Assert.Contains("there is no channel ticket; there are tickets", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silencing_is_written_listed_audited_and_can_be_ended()
    {
        string config = Config();
        Assert.Equal(0, await RunAsync("alerts", "silence", "cpu", "--target", "order-api", "--for", "2h", "--comment", "load test", "--config", config));
        Silence silence = Assert.Single(new SilenceFile(_folder, TimeProvider.System).Read());
        Assert.Equal(("cpu", "order-api", TimeSpan.FromHours(2), "load test"), (silence.Rule, silence.Target, silence.Until - silence.From, silence.Comment));
        Assert.Equal(0, await RunAsync("alerts", "silences", "--config", config));
        Assert.Contains($"{silence.Id}  cpu on order-api until ", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("alerts", "silences", "--remove", silence.Id, "--config", config));
        Assert.Empty(new SilenceFile(_folder, TimeProvider.System).Read());
        Assert.Equal(1, await RunAsync("alerts", "silences", "--remove", silence.Id, "--config", config));

        JsonElement[] audit = [.. File.ReadLines(Path.Combine(_folder, "audit.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["begun", "done", "begun", "done"], audit.Select(entry => entry.GetProperty("phase").GetString()));
        Assert.All(audit, entry => Assert.Equal(("silence", "order-api"), (entry.GetProperty("action").GetString(), entry.GetProperty("target").GetString())));
        Assert.StartsWith("silenced: cpu on order-api until ", audit[1].GetProperty("after").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readonly_silences_nothing()
    {
        Assert.Equal(4, await RunAsync("alerts", "silence", "cpu", "--for", "2h", "--readonly", "--config", Config()));
        Assert.Empty(new SilenceFile(_folder, TimeProvider.System).Read());
        Assert.Equal(2, await RunAsync("alerts", "silence", "cpu", "--config", Config()));
    }

    [Fact]
    public async Task A_rule_that_nobody_knows_is_told()
    {
        Assert.Equal(0, await RunAsync("alerts", "silence", "cpuu", "--for", "1h", "--config", Config()));
        Assert.Contains("no rule is named cpuu; did you mean \"cpu\"?", _error.ToString(), StringComparison.Ordinal);
    }

    private string Config(string more = "")
    {
        string file = Path.Combine(_folder, "gotop.toml");
        File.WriteAllText(file, $"[audit]\nfile = '{Path.Combine(_folder, "audit.jsonl")}'\n{more}");
        return file;
    }

    private Task<int> RunAsync(params string[] arguments) => CommandRunner.RunAsync(new CliContext(_output, _error, TimeProvider.System) { AlertsFolderForTests = _folder }, arguments);
}
