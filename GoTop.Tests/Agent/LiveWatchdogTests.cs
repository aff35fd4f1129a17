using System.Diagnostics;
using System.Net;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Discovery;
using GoTop.Engine.Platform;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>The agent's watchdog with real Go programs that crash and hang.</summary>
public sealed class LiveWatchdogTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-watchdog-").FullName;
    private readonly IPlatform _platform = HostPlatform.Detect(TimeProvider.System);
    private readonly string _name = $"gw{Guid.NewGuid():N}"[..12];
    private CancellationTokenSource _stop = new();
    private string _program = "";
    private Task _run = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Three restarts with their captures, on a slow machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private string AuditFile => Path.Combine(_folder, "audit.jsonl");

    private WatchdogStanding? Standing => new WatchdogFile(_folder).Read().ValueOr(null)?.Targets.SingleOrDefault();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        // A name of its own, so that no other test's program is meant.
        _program = Path.Combine(_folder, _name);
        File.Copy(await GoToolchain.RequireAsync("flaky"), _program);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync();
        _stop.Dispose();
        foreach (int id in Running()) StartedProgram.KillIfThere(id);

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task One_that_crashed_is_started_again_as_it_was_started()
    {
        string once = Path.Combine(_folder, "crashed");
        await using StartedProgram program = await StartedProgram.StartAsync(_program, ["-crash", "3s", "-once", once], ("MARK", "kept"));
        StartAgent("");
        await Until.TrueAsync(() => Standing is { Restarts: 1, Phase: WatchdogPhase.Healthy }, Says, Limit);
        int again = Assert.Single(Running());
        Assert.NotEqual(program.Id, again);
        Assert.True(program.HasExited);
        Engine.Model.ProcessKey key = _platform.FindProcess(again).Value;
        Assert.Equal(["-crash", "3s", "-once", once], _platform.CommandLine(key).Value[1..]);
        Assert.Contains(KeyValuePair.Create("MARK", "kept"), _platform.Environment(key).Value);
        string[] lines = await File.ReadAllLinesAsync(AuditFile, Cancellation);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Contains("\"part\":\"watchdog\"", line, StringComparison.Ordinal));
        Assert.Contains("since process: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"phase\":\"done\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_hangs_is_found_though_its_port_accepts_and_is_restarted_with_its_stacks_kept()
    {
        IPEndPoint address = OwnEndpoint.Next();
        await using StartedProgram program = await StartedProgram.StartAsync(
            _program, ["-listen", $"{address}", "-hang", "3s", "-once", Path.Combine(_folder, "hung")]);
        StartAgent($"tcp = [\"{address}\"]\nhang_after = \"5s\"");
        await Until.TrueAsync(() => Standing is { Restarts: 1, Phase: WatchdogPhase.Healthy }, Says, Limit);
        Assert.True(program.HasExited);
        Assert.Contains("goroutines wait for locks or receivers", (await File.ReadAllLinesAsync(AuditFile, Cancellation))[0], StringComparison.Ordinal);
        string folder = Assert.Single(Directory.GetDirectories(Path.Combine(_folder, "captures")));
        Assert.Contains("main.(*ledger).book", await File.ReadAllTextAsync(Path.Combine(folder, "stacks.txt"), Cancellation), StringComparison.Ordinal);
        using HttpClient client = new();
        Assert.Equal("all is well\n", await client.GetStringAsync(new Uri($"http://{address}/"), Cancellation));
    }

    [Fact]
    public async Task One_that_flaps_is_given_up_after_three_restarts_and_the_next_agent_knows()
    {
        await using StartedProgram program = await StartedProgram.StartAsync(_program, ["-crash", "3s"]);
        StartAgent("");
        await Until.TrueAsync(() => Standing is { Phase: WatchdogPhase.GivenUp }, Says, Limit);
        Assert.Equal(3, Standing!.Restarts);
        Assert.Equal(3, File.ReadAllLines(AuditFile).Count(line => line.Contains("\"phase\":\"done\"", StringComparison.Ordinal)));
        Assert.Empty(Running());
        await StopAgentAsync();
        _stop = new CancellationTokenSource();
        StartAgent("");
        await Until.TrueAsync(() => Standing is { Phase: WatchdogPhase.GivenUp }, Says, Limit);
        await using StartedProgram another = await StartedProgram.StartAsync(_program, ["-crash", "4s"]);
        await Until.TrueAsync(() => another.HasExited && Standing is { Failures: > 3 }, Says, Limit);
        Assert.Equal((WatchdogPhase.GivenUp, 3), (Standing.Phase, Standing.Restarts));
    }

    [Fact]
    public async Task One_that_somebody_stopped_is_let_be()
    {
        await using StartedProgram program = await StartedProgram.StartAsync(_program, []);
        StartAgent("");
        await Until.TrueAsync(() => Standing is { Phase: WatchdogPhase.Healthy }, Says, Limit);
        ControlPlan plan = Control.ControlFixtures.Plan() with { Kind = ControlCatalog.Stop, Target = "shop", Summary = "stop shop" };
        await new AuditLog(new AuditSettings { File = AuditFile }, TimeProvider.System).BeginAsync(plan, Control.ControlFixtures.Anna, Cancellation);
        using (Process process = Process.GetProcessById(program.Id)) process.Kill();
        await Until.TrueAsync(() => Standing is { Phase: WatchdogPhase.Paused }, Says, Limit);
        Assert.Equal(("stop by root", 0), (Standing!.Reason, Standing.Restarts));
        Assert.Empty(Running());
    }

    [Fact]
    public async Task What_may_only_be_told_is_not_restarted()
    {
        await using StartedProgram program = await StartedProgram.StartAsync(_program, ["-crash", "3s"]);
        StartAgent("restart = false");
        await Until.TrueAsync(() => Standing is { UnhealthySince: not null, Failures: > 3 }, Says, Limit);
        Assert.Equal((WatchdogPhase.Failing, 0, "it is not restarted: restart = false"), (Standing!.Phase, Standing.Restarts, Standing.Next));
        Assert.False(File.Exists(AuditFile));
    }

    private string Says() => $"its watchdog says: {Standing?.ToString() ?? "nothing"}";

    private void StartAgent(string more)
    {
        string config = $"""
            interval = "200ms"
            [agent]
            folder = '{_folder}'
            record = false
            [audit]
            file = '{AuditFile}'
            [capture]
            folder = '{Path.Combine(_folder, "captures")}'
            [control]
            capture_cpu_seconds = 0
            capture_deadline = "2m"
            [[target]]
            name = "shop"
            process = "{_name}"
            [target.watchdog]
            every = "1s"
            grace = "1s"
            cool_down = "1s"
            {more}
            """;
        LoadedConfig loaded = new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(config, Path.Combine(_folder, "gotop.toml"));
        Assert.Empty(loaded.Problems);
        AgentWorker worker = new(
            new AgentParts(_platform, new GoProcessFinder(_platform, TimeProvider.System), TimeProvider.System, NullLogger.Instance, "test"), loaded, ConsumerCatalog.All);
        CancellationToken stop = _stop.Token;
        _run = Task.Run(() => worker.RunAsync(stop), Cancellation);
    }

    private async Task StopAgentAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    private int[] Running() => [.. _platform.ListProcesses().Where(process => process.Name == _name && _platform.IsAlive(process.Key)).Select(process => process.Key.ProcessId)];
}
