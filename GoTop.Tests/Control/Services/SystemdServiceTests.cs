using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Systemd;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Xunit;

namespace GoTop.Tests.Control.Services;

public sealed class SystemdServiceTests : IDisposable
{
    private readonly ScriptedSystemd _systemd;
    private readonly SystemdService _service;
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-audit-").FullName;

    public SystemdServiceTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "runs scripts in place of systemd's programs");
        _systemd = new ScriptedSystemd(ScriptedSystemd.Show());
        ControlSettings settings = new() { StopDeadline = TimeSpan.FromSeconds(20), StartDeadline = TimeSpan.FromSeconds(20) };
        _service = new SystemdService("orders.service", settings, _systemd.Programs, TimeProvider.System);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _systemd?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Its_state_is_read()
    {
        ServiceStatus status = await _service.ReadAsync(Cancellation);
        Assert.Equal((ServiceState.Running, "active (running), process 4242", "Orders"), (status.State, status.ToString(), status.DisplayName));
        Assert.Equal(["web.service"], status.Dependants);
        Assert.Equal("Restart=on-failure, RestartSec=100ms", status.Recovery.Value);
        Assert.Equal(new RecoveryPolicy(RestartCondition.OnFailure, TimeSpan.FromMilliseconds(100)), status.RecoveryPolicy);
        Assert.Contains(KeyValuePair.Create("GREETING", "two words"), status.Environment.Value);
    }

    [Theory]
    [InlineData("activating", "auto-restart", "", ServiceState.Failed)]
    [InlineData("activating", "start", "", ServiceState.Starting)]
    [InlineData("deactivating", "stop-sigterm", "", ServiceState.Stopping)]
    [InlineData("failed", "failed", "Result=exit-code\nExecMainCode=1\nExecMainStatus=2", ServiceState.Failed)]
    [InlineData("inactive", "dead", "", ServiceState.Stopped)]
    public void Its_states_are_told_apart(string active, string sub, string more, ServiceState expected)
    {
        ServiceStatus status = UnitProperties.Parse(ScriptedSystemd.Show(active, sub, more: more)).Status("orders.service");
        Assert.Equal(expected, status.State);
        if (more.Length > 0) Assert.Equal("exit-code, exit status 2", status.Error);
    }

    [Fact]
    public async Task A_restart_is_systemds_own_job_and_over_when_another_life_runs()
    {
        _systemd.After("restart", ScriptedSystemd.Show(process: 4300, life: "two"));
        ControlPlan plan = await ServicePlans.RestartAsync(_service, null, null, EnvironmentNames.Parse([]), Cancellation);
        Assert.Contains("web.service", plan.Steps[0].Title, StringComparison.Ordinal);
        ControlProgress progress = await RunAsync(plan);
        Assert.True(progress.Outcome == ControlOutcome.Done, progress.Reason);
        Assert.Equal(["restart --no-block orders.service"], _systemd.Calls);
        Assert.Equal("active (running), process 4300", progress.After);
    }

    [Fact]
    public async Task One_that_does_not_come_back_says_so_with_its_error_and_last_lines()
    {
        _systemd.After("restart", ScriptedSystemd.Show("failed", "failed", 0, "two", "Result=exit-code\nExecMainCode=1\nExecMainStatus=2"));
        ControlProgress progress = await RunAsync(await ServicePlans.RestartAsync(_service, null, null, EnvironmentNames.Parse([]), Cancellation));
        Assert.Equal(ControlOutcome.Failed, progress.Outcome);
        Assert.Contains("exit-code, exit status 2", progress.Reason, StringComparison.Ordinal);
        Assert.Contains("panic: no database", progress.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, "--user restart --no-block orders.service", "systemctl --user restart orders.service")]
    [InlineData(0, "--user --machine=ann@.host restart --no-block orders.service", "systemctl --user --machine=ann@.host restart orders.service")]
    public async Task A_unit_of_a_users_own_systemd_is_acted_on_there(int self, string call, string title)
    {
        SystemdService service = new("orders.service", new ControlSettings(), _systemd.ProgramsOf(SystemdManager.Of(new ServiceUser(1000, "ann"), self, _folder)), TimeProvider.System);
        Assert.Equal("systemd of user ann", (await service.ReadAsync(Cancellation)).Manager);
        _systemd.After("restart", ScriptedSystemd.Show(process: 4300, life: "two"));
        ControlPlan plan = await ServicePlans.RestartAsync(service, null, null, EnvironmentNames.Parse([]), Cancellation);
        Assert.StartsWith(title, plan.Steps[0].Title, StringComparison.Ordinal);
        ControlProgress progress = await RunAsync(plan);
        Assert.True(progress.Outcome == ControlOutcome.Done, progress.Reason);
        Assert.Equal([call], _systemd.Calls);
        await service.LastLogLinesAsync(3, Cancellation);
        Assert.StartsWith("_SYSTEMD_USER_UNIT=orders.service _UID=1000 + USER_UNIT=orders.service _UID=1000 --lines=3", _systemd.Journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_own_folder_is_written_by_that_user_alone()
    {
        ServiceUser ann = new(1000, "ann");
        SystemdService own = new("orders.service", new ControlSettings(), _systemd.ProgramsOf(SystemdManager.Of(ann, 1000, _folder)), TimeProvider.System);
        RecoveryPolicy policy = new(RestartCondition.Always, TimeSpan.FromSeconds(3));
        Assert.Equal(ControlOutcome.Done, (await RunAsync(await ServicePlans.RecoveryAsync(own, policy, Cancellation))).Outcome);
        Assert.True(File.Exists(Path.Combine(_folder, "systemd", "user", "orders.service.d", "50-gotop-recovery.conf")));
        SystemdService byRoot = new("orders.service", new ControlSettings(), _systemd.ProgramsOf(SystemdManager.Of(ann, 0, _folder)), TimeProvider.System);
        Assert.Contains("run GoTop as that user", (await Assert.ThrowsAsync<ControlException>(() => ServicePlans.RecoveryAsync(byRoot, policy, Cancellation))).Message, StringComparison.Ordinal);
        ControlException other = Assert.Throws<ControlException>(() => SystemdManager.Of(ann, 1001, _folder));
        Assert.True(other.IsDenied);
        Assert.Contains("run GoTop as ann or as root", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_waits_until_it_has_ended()
    {
        _systemd.After("stop", ScriptedSystemd.Show("inactive", "dead", 0));
        ControlProgress progress = await RunAsync(await ServicePlans.OfAsync(ControlCatalog.Stop, _service, Cancellation));
        Assert.Equal((ControlOutcome.Done, "inactive (dead)"), (progress.Outcome, progress.After));
        await Assert.ThrowsAsync<ControlException>(() => ServicePlans.OfAsync(ControlCatalog.Stop, _service, Cancellation));
        await Assert.ThrowsAsync<ControlException>(() => ServicePlans.OfAsync(ControlCatalog.Pause, _service, Cancellation));
    }

    [Fact]
    public async Task A_refusal_is_told_in_systemds_words()
    {
        _systemd.Refuse("restart", "Failed to restart orders.service: Access denied\n");
        ControlProgress progress = await RunAsync(await ServicePlans.RestartAsync(_service, null, null, EnvironmentNames.Parse([]), Cancellation));
        Assert.True(progress.IsDenied);
        Assert.Contains("Access denied", progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_is_not_there_and_a_systemctl_that_is_not_are_told()
    {
        ScriptedSystemd none = new("LoadState=not-found\nActiveState=inactive\nSubState=dead\n");
        SystemdService unknown = new("none.service", new ControlSettings(), none.Programs, TimeProvider.System);
        Assert.Contains("no unit none.service", (await Assert.ThrowsAsync<ControlException>(() => unknown.ReadAsync(Cancellation))).Message, StringComparison.Ordinal);
        none.Dispose();
        Assert.Contains("cannot be run", (await Assert.ThrowsAsync<ControlException>(() => unknown.ReadAsync(Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_a_drop_in_that_can_be_taken_back()
    {
        _systemd.After("restart", ScriptedSystemd.Show(process: 4300, life: "two"));
        ControlPlan plan = await ServicePlans.RestartAsync(_service, null, null, EnvironmentNames.Parse(["GOGC=200", "GODEBUG="]), Cancellation);
        Assert.Equal("active (running), process 4242; GOGC=100", plan.Before);
        Assert.Equal(ControlOutcome.Done, (await RunAsync(plan)).Outcome);
        string file = Path.Combine(_systemd.DropIns, "orders.service.d", "50-gotop-environment.conf");
        string written = await File.ReadAllTextAsync(file, Cancellation);
        Assert.EndsWith("[Service]\nUnsetEnvironment=GODEBUG\nEnvironment=\"GOGC=200\"\n", written, StringComparison.Ordinal);
        Assert.Equal(["daemon-reload", "restart --no-block orders.service"], _systemd.Calls);

        // A second change keeps the first.
        Assert.Contains("Environment=\"GOGC=200\"\nEnvironment=\"GOMEMLIMIT=1GiB\"", DropIn.Environment(written, EnvironmentNames.Parse(["GOMEMLIMIT=1GiB"])), StringComparison.Ordinal);
        _systemd.After("restart", ScriptedSystemd.Show(process: 4400, life: "three"));
        await RunAsync(plan.Undo!);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Recovery_and_cores_are_drop_ins()
    {
        ControlPlan plan = await ServicePlans.RecoveryAsync(_service, new RecoveryPolicy(RestartCondition.Always, TimeSpan.FromSeconds(3)), Cancellation);
        Assert.Equal(ControlOutcome.Done, (await RunAsync(plan)).Outcome);
        string folder = Path.Combine(_systemd.DropIns, "orders.service.d");
        Assert.EndsWith("Restart=always\nRestartSec=3000ms\n", await File.ReadAllTextAsync(Path.Combine(folder, "50-gotop-recovery.conf"), Cancellation), StringComparison.Ordinal);
        Assert.Equal("undo: orders.service (systemd): restart on failure after 0.1 s", plan.Undo!.Summary);

        string affinity = Path.Combine(folder, "50-gotop-affinity.conf");
        CoreKeeping keep = _service.KeepCores(CoreSet.Parse("0-2"))!;
        await RunAsync(ControlFixtures.Plan(keep.Step));
        Assert.EndsWith("CPUAffinity=\nCPUAffinity=0-2\n", await File.ReadAllTextAsync(affinity, Cancellation), StringComparison.Ordinal);
        CoreKeeping forget = _service.KeepCores(null)!;
        await RunAsync(ControlFixtures.Plan(forget.Step));
        Assert.False(File.Exists(affinity));
        await RunAsync(ControlFixtures.Plan(forget.Undo));
        Assert.True(File.Exists(affinity));
        await RunAsync(ControlFixtures.Plan(keep.Undo));
        Assert.False(File.Exists(affinity));
    }

    private Task<ControlProgress> RunAsync(ControlPlan plan) =>
        new ControlSession(plan, ControlFixtures.Open(TimeProvider.System), ControlFixtures.Audit(_folder, TimeProvider.System), TimeProvider.System).RunAsync(Cancellation);
}
