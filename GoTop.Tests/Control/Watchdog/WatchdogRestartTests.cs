using GoTop.Engine.Config;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Systemd;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Control.Services;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Control.Watchdog;

public sealed class WatchdogRestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-restart-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private bool _readOnly;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rules_say_whether_it_may_at_all_and_not_by_whom_and_when()
    {
        Assert.True(MaintenanceWindow.TryParse("Sun 00:00-01:00", out MaintenanceWindow? window, out _));
        Assert.Null(WhyNot(new ActionRules { By = ["anna"], Windows = [window] }));
        Assert.Contains("do not allow restart", WhyNot(new ActionRules { Allow = ["pin"] }), StringComparison.Ordinal);
        Assert.Contains("cannot be read", WhyNot(ActionRules.None with { IsBroken = true }), StringComparison.Ordinal);
        Assert.Equal("restart = false", WhyNot(ActionRules.None, restart: false));
        Assert.Equal("restart is not set for this target of production", WhyNot(new ActionRules { Production = true }, restart: false));
        Assert.Equal("it is known by its address only", Restart().WhyNot(new WatchdogSettings(), Target(ActionRules.None) with { Target = new TargetIdentity { Name = "shop" } }));
        _readOnly = true;
        Assert.Contains("readonly", WhyNot(ActionRules.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_failed_is_started_by_its_manager_with_its_last_words_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "runs scripts in place of systemd's programs");
        using ScriptedSystemd systemd = new(ScriptedSystemd.Show("failed", "failed", 0, more: "Result=exit-code\nExecMainCode=1\nExecMainStatus=2"));
        systemd.After("start", ScriptedSystemd.Show(process: 4300, life: "two"));
        SystemdService service = new("orders.service", new ControlSettings(), systemd.Programs, TimeProvider.System);
        (bool isDone, string words, string? told) = await Restart().RunAsync("shop", Target(ActionRules.None), hasEnded: true, service, "process: 7 has ended", Cancellation);
        Assert.True(isDone, words);
        Assert.Equal(["start --no-block orders.service"], systemd.Calls);
        string captured = Assert.Single(Directory.GetDirectories(Path.Combine(_folder, "captures")));
        Assert.Equal($"active (running), process 4300; evidence: log in {captured}", words);
        Assert.Equal(captured, told);
        Assert.Contains("panic: no database", await File.ReadAllTextAsync(Path.Combine(captured, "log.txt"), Cancellation), StringComparison.Ordinal);
        string audit = await File.ReadAllTextAsync(Path.Combine(_folder, "audit.jsonl"), Cancellation);
        Assert.Contains("\"part\":\"watchdog\"", audit, StringComparison.Ordinal);
        Assert.Contains("start orders.service (systemd) again, since process: 7 has ended", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_nobody_remembers_cannot_be_started() => Assert.Equal(
        (false, "nothing tells how it is started", null), await Restart().RunAsync("shop", Target(ActionRules.None), hasEnded: true, null, "process: 7 has ended", Cancellation));

    private string? WhyNot(ActionRules rules, bool restart = true) => Restart().WhyNot(new WatchdogSettings { Restart = restart }, Target(rules));

    private WatchdogRestart Restart()
    {
        GoTopConfig config = new()
        {
            ReadOnly = _readOnly,
            Audit = new AuditSettings { File = Path.Combine(_folder, "audit.jsonl") },
            Capture = new CaptureSettings { Folder = Path.Combine(_folder, "captures") },
        };
        return new WatchdogRestart(config, new ServiceFinder(new FakePlatform(), config.Control, _time), _time, "test", new AuditBacklog(NullLogger.Instance));
    }

    private TargetContext Target(ActionRules rules) => new(
        new TargetIdentity { Name = "shop", Process = new ProcessKey(7, 70) }, new FakePlatform(), TargetSettings.Default with { Rules = rules }, _time);
}
