using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using GoTop.Engine.Agent;
using GoTop.Engine.Control.Watchdog;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>An agent, with all that it writes on one disk, and this disk is full: nothing but what is written may suffer.</summary>
public sealed class FullDiskAgentTests : IAsyncLifetime
{
    private readonly string _programs = Directory.CreateTempSubdirectory("gotop-full-disk-").FullName;
    private readonly ConcurrentQueue<string> _told = [];
    private readonly ConcurrentQueue<string> _pushed = [];
    private readonly IPEndPoint _page = OwnEndpoint.Next();
    private TinyServer? _server;
    private SmallDisk? _disk;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Program => Path.Combine(_programs, $"full{Path.GetFileName(_programs)[^6..]}");

    private string AgentFolder => Path.Combine(_disk!.Folder, "agent");

    private string Audit => Path.Combine(_disk!.Folder, "audit.jsonl");

    public async ValueTask InitializeAsync()
    {
        _disk = await SmallDisk.RequireAsync(megabytes: 32);
        File.Copy(await GoToolchain.RequireAsync("flaky"), Program);
        _server = new TinyServer(AnswerAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
        if (_disk is { } disk) await disk.DisposeAsync();
        Directory.Delete(_programs, recursive: true);
    }

    [Fact]
    public async Task What_crashes_on_a_full_disk_is_restarted_told_exported_and_written_down_when_there_is_room()
    {
        await using StartedProgram first = await StartedProgram.StartAsync(Program, []);
        await using AgentProcess agent = AgentProcess.Start(await ConfigAsync());
        await agent.ComesToAsync(() => new WatchdogFile(AgentFolder).Read().ValueOr(null)?.Targets.Any(target => target.Phase == WatchdogPhase.Healthy) == true);
        await agent.ComesToAsync(() => Target() is { Recording: not null });

        // What is given free, since a file is closed, is taken again.
        await agent.ComesToAsync(() => Full() && agent.Output.Contains("is not recorded", StringComparison.Ordinal));
        int pushed = _pushed.Count;
        await CliWrap.Cli.Wrap("kill").WithArguments(["-ABRT", first.Id.ToString(CultureInfo.InvariantCulture)]).ExecuteAsync(Cancellation);
        await agent.ComesToAsync(() => Full() && _told.Contains("watchdog-restart firing"), () => string.Join("; ", _told));
        string log = agent.Output;
        Assert.Contains("alerts are kept in memory alone", log, StringComparison.Ordinal);
        Assert.Matches("audit.jsonl cannot be written: .*; it waits: .*\"restart\"", log);
        Assert.Matches("watchdog of full: starting up: it was restarted: running, process [0-9]+", log);
        int second = int.Parse(System.Text.RegularExpressions.Regex.Match(log, "it was restarted: running, process ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(StartedProgram.IsRunning(second.ToString(CultureInfo.InvariantCulture)));
        try
        {
            using HttpClient http = new();
            // Once something has been read of its second life.
            await Until.TrueAsync(async () => (await http.GetStringAsync($"http://{_page}/metrics", Cancellation)).Contains("go_goroutines{", StringComparison.Ordinal));
            await agent.ComesToAsync(() => Full() && _pushed.Count > pushed + 1);

            _disk!.Free();
            await agent.ComesToAsync(() => File.Exists(Audit) && Phases() is [.., "begun", "done"]);
            await agent.ComesToAsync(() => agent.Output.Contains("alerts.db again", StringComparison.Ordinal));
            await agent.ComesToAsync(() => Target() is { Lives: 2 } target && target.ProcessId == second);
        }
        finally
        {
            StartedProgram.KillIfThere(second);
        }
    }

    private bool Full()
    {
        _disk!.Fill();
        return true;
    }

    private AgentTargetState? Target() => new AgentStateFile(AgentFolder).Read().ValueOr(null)?.Targets.SingleOrDefault();

    private string[] Phases()
    {
        using FileStream file = new(Audit, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("phase").GetString()!)];
    }

    private async Task<string> ConfigAsync()
    {
        string file = Path.Combine(_programs, "gotop.toml");
        await File.WriteAllTextAsync(
            file,
            $"""
            interval = "500ms"
            [agent]
            folder = '{AgentFolder}'
            [audit]
            file = '{Audit}'
            [capture]
            folder = '{Path.Combine(_disk!.Folder, "captures")}'
            [control]
            capture_cpu_seconds = 0
            [export.prometheus]
            listen = "{_page}"
            [export.push]
            url = "http://127.0.0.1:{_server!.Port}/push"
            every = "1s"
            [alerts]
            group_wait = "1s"
            [[alerts.channel]]
            type = "webhook"
            name = "hook"
            url = "http://127.0.0.1:{_server.Port}/hook"
            [[target]]
            name = "full"
            process = "{Path.GetFileName(Program)}"
            [target.watchdog]
            every = "1s"
            grace = "1s"
            cool_down = "1s"
            """,
            Cancellation);
        return file;
    }

    private async Task AnswerAsync(TinyServer.Exchange exchange)
    {
        byte[] body = await exchange.BodyAsync();
        if (exchange.Path == "/push") _pushed.Enqueue(exchange.Path);
        else
        {
            foreach (JsonElement alert in JsonDocument.Parse(body).RootElement.GetProperty("alerts").EnumerateArray())
                _told.Enqueue($"{alert.GetProperty("rule").GetString()} {alert.GetProperty("state").GetString()}");
        }

        await exchange.AnswerAsync("text/plain", "ok"u8.ToArray());
    }
}
