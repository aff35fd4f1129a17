using System.Text.Json;
using GoTop.Cli;
using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Control.Watchdog.Checks;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Tests.Control;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>What an agent and those who ask it write for one another.</summary>
public sealed class AgentFilesTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-agent-").FullName;
    private readonly FakeTimeProvider _time = new(Noon);

    private AgentSettings Settings => new() { Folder = _folder };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_state_is_read_as_it_was_written()
    {
        AgentState written = State(AgentPhase.Running);
        new AgentStateFile(_folder).Write(written);
        AgentState read = new AgentStateFile(_folder).Read().Value;
        Assert.Equal(written.Targets, read.Targets);
        Assert.Equal(written.Consumers, read.Consumers);
        Assert.Equal(written with { Targets = [], Consumers = [], ConfigProblems = [] }, read with { Targets = [], Consumers = [], ConfigProblems = [] });
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(new AgentStateFile(_folder).Path).HasFlag(UnixFileMode.OtherRead));
    }

    [Fact]
    public void A_process_that_is_gone_without_a_word_leaves_a_stale_state()
    {
        FakePlatform platform = new();
        FakeProcess agent = new(77, "gotop", "/usr/bin/gotop");
        new AgentStateFile(_folder).Write(State(AgentPhase.Running) with { ProcessId = 77, StartToken = agent.Key.StartToken });
        Reading<AgentState> gone = AgentStateFile.Find(Settings, platform);
        Assert.Equal(ReadingState.Stale, gone.State);
        Assert.Contains("process 77 is gone", gone.Reason, StringComparison.Ordinal);

        platform.Add(agent);
        Assert.Equal(ReadingState.Present, AgentStateFile.Find(Settings, platform).State);
        Assert.True(AgentStateFile.IsRunning(AgentStateFile.Find(Settings, platform).Value, platform));

        // The same process id in another life is another process.
        new AgentStateFile(_folder).Write(State(AgentPhase.Running) with { ProcessId = 77, StartToken = agent.Key.StartToken + 1 });
        Assert.Equal(ReadingState.Stale, AgentStateFile.Find(Settings, platform).State);

        new AgentStateFile(_folder).Write(State(AgentPhase.Stopped) with { ProcessId = 77, StartToken = agent.Key.StartToken });
        Assert.Equal(ReadingState.Present, AgentStateFile.Find(Settings, platform).State);
        Assert.False(AgentStateFile.IsRunning(AgentStateFile.Find(Settings, platform).Value, platform));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"toolVersion\":\"1\"}")]
    [InlineData("[1,2]")]
    public void A_damaged_state_is_no_state(string text)
    {
        File.WriteAllText(new AgentStateFile(_folder).Path, text);
        Assert.Equal(ReadingState.Failed, new AgentStateFile(_folder).Read().State);
    }

    [Fact]
    public void Without_a_file_no_agent_has_run() => Assert.Equal(ReadingState.NotSupported, new AgentStateFile(_folder).Read().State);

    [Fact]
    public async Task Cores_are_kept_put_back_and_forgotten()
    {
        KeptPins pins = new(_folder, _time);
        CoreKeeping first = pins.Keep("shop", CoreSet.Parse("0-1"), "anna");
        Assert.Equal("the agent keeps no cores for it", first.Before);
        await DoAsync(first.Step);
        await DoAsync(pins.Keep("orders", CoreSet.Parse("3"), "root").Step);
        Assert.Equal(new KeptPin("shop", "0-1", "anna", Noon), pins.Of("shop"));

        CoreKeeping second = pins.Keep("shop", CoreSet.Parse("2"), "root");
        Assert.Contains("0-1", second.Before, StringComparison.Ordinal);
        await DoAsync(second.Step);
        Assert.Equal("2", pins.Of("shop")!.Cores);
        await DoAsync(second.Undo);
        Assert.Equal(new KeptPin("shop", "0-1", "anna", Noon), pins.Of("shop"));

        await DoAsync(pins.Keep("shop", null, "root").Step);
        Assert.Null(pins.Of("shop"));
        Assert.Equal("3", Assert.Single(pins.Read()).Cores);
    }

    [Fact]
    public void Kept_cores_that_cannot_be_read_are_not_overwritten()
    {
        KeptPins pins = new(_folder, _time);
        File.WriteAllText(pins.Path, "[{]");
        Assert.Contains("cannot be read", Assert.Throws<ControlException>(() => pins.Keep("shop", null, "root")).Message, StringComparison.Ordinal);
        Assert.Equal("[{]", File.ReadAllText(pins.Path));
    }

    [Fact]
    public async Task A_stop_that_a_person_asked_for_is_told_for_a_while()
    {
        AuditSettings settings = new() { File = Path.Combine(_folder, "audit.jsonl") };
        AuditLog audit = new(settings, _time);
        OperatorActions actions = new(settings, _time);
        TargetIdentity shop = new() { Name = "shop" };
        Assert.Null(actions.Latest(shop));

        await audit.BeginAsync(ControlFixtures.Plan() with { Kind = ControlCatalog.Pin }, ControlFixtures.Anna, Cancellation);
        await audit.RefuseAsync(ControlFixtures.Plan(), ControlFixtures.Anna, "not on Sundays", Cancellation);
        Assert.Null(actions.Latest(shop));

        AuditEntry begun = await audit.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna, Cancellation);
        Assert.Equal(new OperatorAction("restart", "root", Noon), actions.Latest(shop));
        Assert.Null(actions.Latest(new TargetIdentity { Name = "orders" }));
        // A unit's restart names the unit.
        await audit.BeginAsync(ControlFixtures.Plan() with { Target = "orders.service", Kind = ControlCatalog.Stop }, ControlFixtures.Anna, Cancellation);
        Assert.Equal("stop", actions.Latest(new TargetIdentity { Name = "orders", Service = Reading.Of("orders.service") })?.Action);

        _time.Advance(OperatorActions.Recent + TimeSpan.FromSeconds(1));
        Assert.Null(actions.Latest(shop));
        await audit.EndAsync(begun, ControlOutcome.Done, "running", null, Cancellation);
        Assert.NotNull(actions.Latest(shop));
    }

    [Fact]
    public void Every_key_of_the_status_is_documented()
    {
        string documentation = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "json.md"));
        string section = documentation[documentation.IndexOf("## `gotop agent status --json`", StringComparison.Ordinal)..];
        using JsonDocument document = JsonDocument.Parse(ExportJson.Write(AgentDocument.Of(
            Reading.Of("gotop agent"), Reading.NotSupported<ServiceStatus>("no"), Reading.Of(State(AgentPhase.Running)), running: true,
            Reading.Of(new WatchdogBook(Noon, [new WatchdogStanding("shop", WatchdogPhase.GivenUp, Noon, "why", "next") { Checks = [new CheckResult("http", CheckOutcome.Failed, "answers 500")] }])),
            [new ExporterStanding("push", "https://example.com", Noon, 3, 1, 2, Noon, "HTTP 503", Noon)])));
        IEnumerable<JsonProperty> keys = document.RootElement.EnumerateObject()
            .Concat(document.RootElement.GetProperty("targets")[0].EnumerateObject()).Concat(document.RootElement.GetProperty("consumers")[0].EnumerateObject())
            .Concat(document.RootElement.GetProperty("exporters")[0].EnumerateObject())
            .Concat(document.RootElement.GetProperty("watchdogs")[0].EnumerateObject()).Concat(document.RootElement.GetProperty("watchdogs")[0].GetProperty("checks")[0].EnumerateObject());
        Assert.All(keys, key => Assert.Contains($"`{key.Name}`", section, StringComparison.Ordinal));
        Assert.Equal("given up", document.RootElement.GetProperty("watchdogs")[0].GetProperty("state").GetString());
        Assert.Equal("watched", document.RootElement.GetProperty("targets")[0].GetProperty("state").GetString());
    }

    [Fact]
    public void The_screen_tells_first_what_the_watchdog_is_at()
    {
        FakePlatform platform = new();
        FakeProcess agent = new(12, "gotop", "/gotop");
        platform.Add(agent);
        Reading<AgentState> running = Reading.Of(State(AgentPhase.Running) with { StartToken = agent.Key.StartToken });
        FakeTimeProvider time = new(Noon);
        SourceStatus well = AgentNotice.Of(running, new WatchdogFile(_folder).Read(), platform, time)!;
        Assert.Equal(SourceState.Ok, well.State);
        new WatchdogFile(_folder).Write(new WatchdogBook(Noon, [new WatchdogStanding("shop", WatchdogPhase.GivenUp, Noon, "why", "next"), new WatchdogStanding("web", WatchdogPhase.Healthy, Noon, "why", "next")]));
        SourceStatus troubled = AgentNotice.Of(running, new WatchdogFile(_folder).Read(), platform, time)!;
        Assert.Equal((SourceState.Failed, $"watchdog: shop given up; {well.Reason}"), (troubled.State, troubled.Reason));
    }

    /// <summary>Of an agent whose disk is full all files say how it was.</summary>
    [Fact]
    public async Task How_old_the_state_of_an_agent_is_that_cannot_write_it_is_told_first()
    {
        ProcessKey self = HostPlatform.Detect(TimeProvider.System).FindProcess(Environment.ProcessId).Value;
        AgentState state = State(AgentPhase.Running) with { ProcessId = self.ProcessId, StartToken = self.StartToken, ConfigIsPartial = true };
        new AgentStateFile(_folder).Write(state);
        string config = Path.Combine(_folder, "gotop.toml");
        await File.WriteAllTextAsync(config, $"[agent]\nfolder = '{_folder}'\n", Cancellation);
        using StringWriter output = new();
        CliContext context = new(output, TextWriter.Null, _time);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, await CommandRunner.RunAsync(context, ["agent", "status", "--config", config]));
        Assert.DoesNotContain("it has not written", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  problem, so that only what else it says holds: /etc/gotop.toml:3:1: no", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(SourceState.Ok, AgentNotice.Of(Reading.Of(state), new WatchdogFile(_folder).Read(), HostPlatform.Detect(TimeProvider.System), _time)!.State);

        _time.Advance(TimeSpan.FromSeconds(10));
        output.GetStringBuilder().Clear();
        Assert.Equal(0, await CommandRunner.RunAsync(context, ["agent", "status", "--config", config]));
        Assert.Contains(", 30s ago: its disk may be full; its log says why", output.ToString(), StringComparison.Ordinal);
        SourceStatus notice = AgentNotice.Of(Reading.Of(state), new WatchdogFile(_folder).Read(), HostPlatform.Detect(TimeProvider.System), _time)!;
        Assert.Equal(SourceState.Stale, notice.State);
        Assert.StartsWith("it has not said how it stands for 30s: its disk may be full; running since", notice.Reason, StringComparison.Ordinal);
    }

    private static async Task DoAsync(ControlStep step) => await step.Run(new StepWork(_ => { }, Cancellation));

    private AgentState State(AgentPhase phase) => new()
    {
        ToolVersion = "0.1.0",
        ProcessId = 12,
        StartToken = 34,
        StartedAt = Noon,
        WrittenAt = Noon,
        PhaseSince = Noon,
        Phase = phase,
        ConfigFile = "/etc/gotop.toml",
        ConfigReadAt = Noon,
        ConfigProblems = ["/etc/gotop.toml:3:1: no"],
        Folder = _folder,
        Targets = [new AgentTargetState("shop", "process shop", TargetPhase.Watched, Noon, 5, null, Noon, 2, "/r/shop.gotop", null, 3)],
        Consumers = [new AgentConsumerState("kept-pins", 1, "no")],
    };
}
