using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Systemd;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Tests.Control.Services;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Control.Watchdog;

public sealed class HoldsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-holds-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task In_a_window_of_maintenance_it_is_let_be_whether_it_fails_or_not()
    {
        Assert.True(MaintenanceWindow.TryParse("Tue 00:00-02:00", out MaintenanceWindow? window, out _));
        Assert.Equal("maintenance: Tue 00:00-02:00", (await OfAsync(fails: false, windows: window))!.Reason);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await OfAsync(windows: window));
    }

    [Fact]
    public async Task Whoever_stopped_it_is_respected_for_good_and_a_restart_for_two_minutes()
    {
        WatchdogHold? hold = await OfAsync(by: new OperatorAction("stop", "anna", _time.GetUtcNow().AddDays(-3)));
        Assert.Equal(new WatchdogHold("stop by anna", "until it runs again", "stop by anna"), hold);
        OperatorAction restart = new("restart", "anna", _time.GetUtcNow());
        Assert.Equal(new WatchdogHold("restart by anna", "until 01:02:00Z", "restart by anna"), await OfAsync(by: restart));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await OfAsync(by: restart));
    }

    [Fact]
    public async Task A_restart_by_a_person_that_has_only_begun_counts_and_its_own_does_not()
    {
        AuditLog audit = ControlFixtures.Audit(_folder, _time);
        await audit.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna with { Part = WatchdogRestart.Part }, Cancellation);
        Assert.Null(await OfAsync(hasEnded: false));
        await audit.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna, Cancellation);
        Assert.Equal("restart by root", (await OfAsync(hasEnded: false))!.Reason);
        Assert.Null(await OfAsync(hasEnded: false, fails: false));
        Assert.Contains("\"part\":\"watchdog\"", await File.ReadAllTextAsync(audit.Path, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inactive", "dead", "", "systemd says that it was stopped in order: inactive (dead)")]
    [InlineData("activating", "auto-restart", "", "systemd starts it again by itself: activating (auto-restart)")]
    [InlineData("activating", "start-pre", "", "systemd is at it: activating (start-pre)")]
    [InlineData("failed", "failed", "Result=signal\nExecMainCode=2\nExecMainStatus=9", null)]
    public async Task What_its_service_manager_says_of_one_that_has_ended_counts(string active, string sub, string more, string? expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "runs scripts in place of systemd's programs");
        using ScriptedSystemd systemd = new(ScriptedSystemd.Show(active, sub, process: 0, more: more));
        Assert.Equal(expected, (await OfAsync(systemd: systemd))?.Reason);
        Assert.Null(await OfAsync(systemd: systemd, hasEnded: false));
    }

    [Fact]
    public async Task A_plain_process_that_was_started_again_is_waited_for_as_long_as_it_runs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        await using StartedProgram program = await StartedProgram.StartAsync(await GoToolchain.RequireAsync("threads"), ["-threads", "3", "-no-stdin"]);
        IPlatform platform = HostPlatform.Detect(_time);
        TargetIdentity identity = new() { Name = "shop", Process = platform.FindProcess(program.Id).Value };
        TargetContext target = new(identity, platform, TargetSettings.Default, _time);
        // Its programs run for real, so their patience is real.
        IService service = new ServiceFinder(platform, new ControlSettings(), TimeProvider.System).Remember(target, out string? problem);
        Assert.Null(problem);
        StartedProgram.KillIfThere(program.Id);
        await Until.TrueAsync(() => program.HasExited);
        Assert.Null(await OfAsync(service: service));

        ControlPlan plan = await ServicePlans.StartAgainAsync(service, target, null, Cancellation);
        ControlProgress progress = await new ControlSession(plan, ControlFixtures.Open(_time), ControlFixtures.Audit(Path.Combine(_folder, "elsewhere"), _time), TimeProvider.System).RunAsync(Cancellation);
        int again = int.Parse(progress.After!.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
        WatchdogHold? hold = await OfAsync(service: service);
        Assert.Null(await OfAsync(service: service, hasEnded: false));
        StartedProgram.KillIfThere(again);
        Assert.Equal(new WatchdogHold($"it was started again as process {again}", "until the agent has found that", IsOwn: true), hold);
        await Until.TrueAsync(async () => await OfAsync(service: service) is null);
    }

    private Task<WatchdogHold?> OfAsync(
        bool fails = true, bool hasEnded = true, OperatorAction? by = null, MaintenanceWindow? windows = null, ScriptedSystemd? systemd = null, IService? service = null)
    {
        FakePlatform platform = new();
        // Its programs run for real, so their patience is real.
        if (systemd is not null) service = new SystemdService("orders.service", new ControlSettings(), systemd.Programs, TimeProvider.System);
        TargetIdentity identity = new() { Name = "shop", Process = new ProcessKey(7, 70) };
        WatchdogSettings settings = new() { Maintenance = windows is null ? [] : [windows] };
        return new WatchdogHolds(new AuditSettings { File = Path.Combine(_folder, "audit.jsonl") }, _time)
            .OfAsync(settings, new TargetContext(identity, platform, TargetSettings.Default, _time), service, hasEnded, by, fails, Cancellation);
    }
}
