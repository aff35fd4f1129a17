using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GoTop.Engine.Agent;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Platform;
using GoTop.Engine.Recording;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>
/// <c>gotop agent</c> as people run it, a process of its own, with Go services that leak, hang, crash and flap, and with real servers
/// that take its mail, webhooks and messages to Slack. Beside them stand a mail server that is not there and a webhook that hangs.
/// </summary>
public sealed class LiveAgentProcessTests : IAsyncLifetime
{
    /// <summary>A restart that takes long is told before its capture is known: what follows the capture gets so much of that time.</summary>
    private static readonly TimeSpan RestOfRestart = TimeSpan.FromSeconds(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-agent-process-").FullName;
    private readonly IPlatform _platform = HostPlatform.Detect(TimeProvider.System);
    private readonly string _mark = $"{Guid.NewGuid():N}"[..8];
    private readonly MailServer _mail = new();
    private readonly ConcurrentQueue<Told> _hook = [];
    private readonly ConcurrentQueue<string> _slack = [];
    private TinyServer? _http;
    private AgentProcess? _agent;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An alert of a webhook's message.</summary>
    private sealed record Told(string Rule, string Target, bool IsResolved, string? Recording, string? Folder);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        foreach (string kind in (string[])["hangs", "crashes", "flaps"]) File.Copy(await GoToolchain.RequireAsync("flaky"), Program(kind));
        File.Copy(await GoToolchain.RequireAsync("leak"), Program("leaks"));
        _mail.Start();
        _http = new TinyServer(AnswerAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is { } agent) await agent.DisposeAsync();
        foreach (string kind in (string[])["hangs", "crashes", "flaps", "leaks"])
        {
            foreach (int id in Running(kind)) StartedProgram.KillIfThere(id);
        }

        if (_http is { } http) await http.DisposeAsync();
        await _mail.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_leaks_hangs_and_crashes_is_told_to_everybody_and_restarted_where_it_is_to_be_and_what_flaps_is_given_up()
    {
        IPEndPoint address = OwnEndpoint.Next();
        await File.WriteAllTextAsync(Log, "the last words\n", Cancellation);
        await using StartedProgram leaks = await StartedProgram.StartAsync(Program("leaks"), []);
        await using StartedProgram hangs = await StartedProgram.StartAsync(Program("hangs"), ["-listen", $"{address}", "-hang", "5s", "-once", Path.Combine(_folder, "hung")]);
        await using StartedProgram crashes = await StartedProgram.StartAsync(Program("crashes"), []);
        await using StartedProgram flaps = await StartedProgram.StartAsync(Program("flaps"), []);
        StartAgent(address);
        // However slow the machine is, nothing crashes before the agent has seen it.
        await CrashAsync("crashes", crashes.Id);
        await CrashAsync("flaps", flaps.Id);
        int second = 0;
        await ComesToAsync(() => Running("flaps") is [var one] && (second = one) != flaps.Id);
        await CrashAsync("flaps", second);

        (string Rule, string Target)[] wanted = [("many-goroutines", "leaks"), ("watchdog-restart", "hangs"), ("watchdog-restart", "crashes"), ("watchdog-given-up", "flaps")];
        await ComesToAsync(() => wanted.All(one => _hook.Any(told => (told.Rule, told.Target, told.IsResolved) == (one.Rule, one.Target, false))));
        await ComesToAsync(() => wanted.All(one => _slack.Any(text => text.Contains($"{one.Rule} on {one.Target}", StringComparison.Ordinal))));
        await ComesToAsync(() => wanted.All(one => _mail.Taken.Any(taken => taken.Mail.TextBody!.Contains($"{one.Rule} on {one.Target}", StringComparison.Ordinal))));

        // What was captured before a restart, and the recording, are where the message says.
        Told hung = _hook.First(told => told is { Rule: "watchdog-restart", Target: "hangs", IsResolved: false }), crashed = _hook.First(told => told is { Rule: "watchdog-restart", Target: "crashes", IsResolved: false });
        Assert.Contains("main.(*ledger).book", await File.ReadAllTextAsync(Path.Combine(hung.Folder!, "stacks.txt"), Cancellation), StringComparison.Ordinal);
        // What it wrote to its standard error may follow.
        Assert.StartsWith("the last words\n", await File.ReadAllTextAsync(Path.Combine(crashed.Folder!, "log.txt"), Cancellation), StringComparison.Ordinal);
        Assert.NotEqual(hung.Folder, crashed.Folder);
        Assert.All(_hook, told => Assert.True(File.Exists(told.Recording), $"{told}"));

        // The one that leaks was told of alone; two run again, in another life; the one that flaps is let be.
        Assert.Equal([leaks.Id], Running("leaks"));
        await ComesToAsync(() => Running("hangs") is [var again] && again != hangs.Id);
        await ComesToAsync(() => Running("crashes") is [var again] && again != crashes.Id);
        await ComesToAsync(() => Running("flaps") is []);

        // Killed at work, it leaves recordings that open and hold all that could be read of them before.
        AgentState state = new AgentStateFile(_folder).Read().Value;
        string recording = state.Targets.Single(target => target.Name == "leaks").Recording!;
        int before = Ticks(recording);
        Assert.True(before > 0);
        await _agent!.KillAsync();
        Assert.True(Ticks(recording) >= before);
    }

    /// <summary>Go's runtime ends a process that gets this signal as it does one that panics.</summary>
    private async Task CrashAsync(string target, int process)
    {
        // Its watchdog has to have seen it well: only then is it known how it is started.
        await ComesToAsync(() => new AgentStateFile(_folder).Read().ValueOr(null)?.Targets.Any(one => one.Name == target && one.ProcessId == process) == true);
        await ComesToAsync(() => new WatchdogFile(_folder).Read().ValueOr(null)?.Targets.Any(one => one.Target == target && one.Phase == WatchdogPhase.Healthy) == true);
        await CliWrap.Cli.Wrap("kill").WithArguments(["-ABRT", process.ToString(System.Globalization.CultureInfo.InvariantCulture)]).ExecuteAsync(Cancellation);
    }

    private string Log => Path.Combine(_folder, "crashes.log");

    private string Program(string kind) => Path.Combine(_folder, $"{kind}{_mark}");

    private int[] Running(string kind)
    {
        // The kernel keeps 15 characters of a name.
        string name = Path.GetFileName(Program(kind));
        return [.. _platform.ListProcesses().Where(process => process.Name == (name.Length > 15 ? name[..15] : name) && _platform.IsAlive(process.Key)).Select(process => process.Key.ProcessId)];
    }

    private void StartAgent(IPEndPoint address)
    {
        string config = Path.Combine(_folder, "gotop.toml"), nobody = $"http://{OwnEndpoint.Next()}/";
        File.WriteAllText(config, $"""
            interval = "500ms"
            [agent]
            folder = '{_folder}'
            [audit]
            file = '{Path.Combine(_folder, "audit.jsonl")}'
            [capture]
            folder = '{Path.Combine(_folder, "captures")}'
            [control]
            capture_cpu_seconds = 0
            capture_deadline = "{(WatchdogCondition.RestartTakesLong - RestOfRestart).TotalSeconds}s"
            [alerts]
            group_wait = "1s"
            {Channel("webhook", "hook", $"url = \"http://127.0.0.1:{_http!.Port}/hook\"")}
            {Channel("slack", "slack", $"url = \"http://127.0.0.1:{_http.Port}/slack\"")}
            {Channel("email", "mail", Mail(new IPEndPoint(IPAddress.Loopback, _mail.Port)))}
            {Channel("webhook", "hangs", $"url = \"http://127.0.0.1:{_http.Port}/hangs\"")}
            {Channel("webhook", "nobody", $"url = \"{nobody}\"")}
            {Channel("email", "nobody-mail", Mail(OwnEndpoint.Next()))}
            [[alert]]
            name = "many-goroutines"
            figure = "go.goroutines"
            above = 100
            targets = ["leaks"]
            {Target("leaks", "")}
            {Target("hangs", $"[target.watchdog]\n{Watchdog}\ntcp = [\"{address}\"]\nhang_after = \"5s\"")}
            {Target("crashes", $"logs = ['{Log}']\n[target.watchdog]\n{Watchdog}")}
            {Target("flaps", $"[target.watchdog]\n{Watchdog}\nrestarts = 1")}
            """);
        _agent = AgentProcess.Start(config);
    }

    private const string Watchdog = "every = \"1s\"\ngrace = \"1s\"\ncool_down = \"1s\"";

    private string Target(string kind, string more) => $"[[target]]\nname = \"{kind}\"\nprocess = \"{Path.GetFileName(Program(kind))}\"\n{more}";

    private static string Channel(string type, string name, string more) => $"[[alerts.channel]]\ntype = \"{type}\"\nname = \"{name}\"\n{more}";

    private static string Mail(IPEndPoint server) => $"server = \"{server.Address}\"\nport = {server.Port}\ntls = \"none\"\nfrom = \"gotop@example.com\"\nto = [\"ops@example.com\"]";

    private async Task AnswerAsync(TinyServer.Exchange exchange)
    {
        byte[] body = await exchange.BodyAsync();
        switch (exchange.Path)
        {
            case "/hook":
                foreach (JsonElement alert in JsonDocument.Parse(body).RootElement.GetProperty("alerts").EnumerateArray())
                    _hook.Enqueue(new Told(alert.GetProperty("rule").GetString()!, alert.GetProperty("target").GetString()!, alert.GetProperty("state").GetString() == "resolved", alert.GetProperty("recording").GetString(), alert.GetProperty("evidenceFolder").GetString()));
                break;
            case "/slack":
                _slack.Enqueue(System.Text.Encoding.UTF8.GetString(body));
                break;
            default:
                await exchange.HangUpAsync();
                return;
        }

        await exchange.AnswerAsync("text/plain", "ok"u8.ToArray());
    }

    private static int Ticks(string file)
    {
        using RecordingReader reader = RecordingReader.Open(file);
        for (int i = 0; i < reader.Count; i++) _ = reader.Read(i);
        return reader.Count;
    }

    private Task ComesToAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") => _agent!.ComesToAsync(condition, () => $"told {string.Join("; ", _hook)}", what);
}
