using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using GoTop.Cli;
using GoTop.Engine.Agent.Installation;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Tests.Control;
using GoTop.Tests.Control.Services;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>Installing the agent: a scripted systemd, and the unit as systemd itself reads it.</summary>
public sealed class AgentServiceTests : IDisposable
{
    private static readonly AgentCommand Command = new("/opt/go top/100%/gotop", "/etc/gotop/my $HOME.toml");

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-agent-").FullName;
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_installed_started_and_removed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a scripted systemd");
        using ScriptedSystemd systemd = new("Id=gotop-agent.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nMainPID=0\n");
        string running = ScriptedSystemd.Show(life: "two").Replace("orders", "gotop-agent", StringComparison.Ordinal);
        systemd.After("start", running);
        string state = Path.Combine(_folder, "state");
        IAgentService service = AgentServiceFinder.Systemd(new ControlSettings(), TimeProvider.System, systemd.Folder, systemd.DropIns, state);
        string unit = Path.Combine(systemd.DropIns, "gotop-agent.service");
        Assert.Throws<ControlException>(() => service.UninstallAsync(Cancellation).GetAwaiter().GetResult());

        ControlPlan install = await service.InstallAsync(Command, start: true, Cancellation);
        Assert.False(File.Exists(unit));
        Assert.Contains("Type=notify", install.Written);
        Assert.Equal(ControlOutcome.Done, (await RunAsync(install)).Outcome);
        Assert.Equal(["daemon-reload", "enable gotop-agent.service", "start --no-block gotop-agent.service"], systemd.Calls);
        Assert.Equal(AgentUnit.Text(Command), await File.ReadAllTextAsync(unit, Cancellation));
        Assert.True(Directory.Exists(state));
        Assert.Contains("/opt/go top/100%%/gotop", service.Installed().Value, StringComparison.Ordinal);

        ControlProgress removed = await RunAsync(await service.UninstallAsync(Cancellation));
        Assert.Equal((ControlOutcome.Done, "not installed"), (removed.Outcome, removed.After));
        Assert.False(File.Exists(unit));
        Assert.Contains("disable --now gotop-agent.service", systemd.Calls);
        Assert.True(Directory.Exists(state));
    }

    [Fact]
    public async Task A_dry_run_shows_the_unit_and_writes_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a scripted systemd");
        using ScriptedSystemd systemd = new("LoadState=not-found\n");
        string config = Path.Combine(_folder, "gotop.toml");
        await File.WriteAllTextAsync(config, $"[agent]\nfolder = '{_folder}'\n[audit]\nfile = '{Path.Combine(_folder, "audit.jsonl")}'\n", Cancellation);
        CliContext context = new(_output, _error, TimeProvider.System)
        {
            AgentServiceForTests = settings => AgentServiceFinder.Systemd(settings, TimeProvider.System, systemd.Folder, systemd.DropIns, Path.Combine(_folder, "state")),
        };
        // The tests may run inside of dotnet, which no service manager is to start.
        int exit = await CommandRunner.RunAsync(context, ["agent", "install", "--dry-run", "--config", config]);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            Assert.Equal(1, exit);
            Assert.Contains("inside of dotnet", _error.ToString(), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(0, exit);
            Assert.Contains("| NoNewPrivileges=yes", _output.ToString(), StringComparison.Ordinal);
            Assert.Contains(config, _output.ToString(), StringComparison.Ordinal);
        }

        Assert.Empty(systemd.Calls);
        Assert.False(Directory.Exists(systemd.DropIns));
        _output.GetStringBuilder().Clear();
        Assert.Equal(1, await CommandRunner.RunAsync(context, ["agent", "status", "--json", "--config", config]));
        Assert.Contains("\"running\": false", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("no agent has run here", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_unit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not on this machine");
        string unit = Path.Combine(_folder, "gotop-agent.service");
        // It looks whether the program is there.
        await File.WriteAllTextAsync(unit, AgentUnit.Text(new AgentCommand("/bin/true", "/etc/gotop/100% $HOME.toml")), Cancellation);
        BufferedCommandResult result = await CliWrap.Cli.Wrap("systemd-analyze").WithArguments(["verify", "--man=no", "--recursive-errors=no", unit])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(Cancellation);
        Assert.Equal("", result.StandardError.Trim());
        Assert.Equal(0, result.ExitCode);

        await File.AppendAllTextAsync(unit, "[Service]\nProtectNothing=yes\n", Cancellation);
        result = await CliWrap.Cli.Wrap("systemd-analyze").WithArguments(["verify", "--man=no", "--recursive-errors=no", unit])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(Cancellation);
        Assert.Contains("ProtectNothing", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_are_single_words_of_the_unit()
    {
        string text = AgentUnit.Text(Command);
        Assert.Contains("\nExecStart=\"/opt/go top/100%%/gotop\" agent --config \"/etc/gotop/my $$HOME.toml\"\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Theory]
    [InlineData("gotop", null)]
    [InlineData("/opt/gotop\n[Service]", null)]
    [InlineData("/opt/gotop", "/etc/\"x\".toml")]
    [InlineData("/usr/bin/dotnet", null)]
    public void What_no_service_manager_could_start_is_refused(string executable, string? config) =>
        Assert.Throws<ControlException>(() => new AgentCommand(OperatingSystem.IsWindows() ? executable.Replace("/", @"C:\", StringComparison.Ordinal) : executable, config).Check());

    private Task<ControlProgress> RunAsync(ControlPlan plan) =>
        new ControlSession(plan, ControlFixtures.Open(TimeProvider.System), ControlFixtures.Audit(_folder, TimeProvider.System), TimeProvider.System).RunAsync(Cancellation);
}
