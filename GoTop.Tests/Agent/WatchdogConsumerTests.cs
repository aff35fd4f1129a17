using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Alerts.Delivery;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>How watchdogs follow the configuration, and what does not end that.</summary>
public sealed class WatchdogConsumerTests : IAsyncDisposable
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-watchdogs-").FullName;
    private readonly AwaitableTime _time = new();
    private readonly FakePlatform _platform = new();
    private readonly KeptLog _log = new();
    private readonly AgentServices _services;
    private readonly WatchdogConsumer _consumer;
    private GoTopConfig _config = Config("shop");
    private int _asked;
    private bool _fails;

    public WatchdogConsumerTests()
    {
        _services = new AgentServices(_platform, new GoProcessFinder(_platform, _time), _time, _log, "test", _folder, () =>
        {
            Interlocked.Increment(ref _asked);
            return Volatile.Read(ref _fails) ? throw new InvalidOperationException("nobody foresaw this") : Volatile.Read(ref _config);
        });
        _consumer = new WatchdogConsumer(_services);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _fails = false;
        await _consumer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_fault_while_the_configuration_is_followed_does_not_end_that()
    {
        Assert.NotNull(_services.Watchdogs.Of("shop"));
        await _time.TimerOfAsync(FollowEvery);
        Volatile.Write(ref _fails, true);
        for (int turn = 0; turn < 3; turn++)
        {
            int before = Volatile.Read(ref _asked);
            _time.Advance(FollowEvery);
            await Until.TrueAsync(() => Volatile.Read(ref _asked) > before);
        }

        Volatile.Write(ref _config, Config("shop", "billing"));
        Volatile.Write(ref _fails, false);
        _time.Advance(FollowEvery);
        await Until.TrueAsync(() => _services.Watchdogs.Of("billing") is not null);
        Assert.Single(_log.All.Split('\n'), line => line.Contains("following the configuration failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_whose_start_cannot_be_remembered_is_watched_over_all_the_same()
    {
        // It has ended meanwhile, and the platform does not know it at all.
        await _consumer.HappenedAsync(Found("shop", 7), Cancellation);
        Assert.Equal((WatchdogPhase.Waiting, "it was found"), (_services.Watchdogs.Of("shop")!.Phase, _services.Watchdogs.Of("shop")!.Reason));
        Assert.Contains("shop cannot be started again when it ends by itself: ", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_taken_out_of_the_configuration_says_nothing_any_more()
    {
        await _time.TimerOfAsync(FollowEvery);
        Volatile.Write(ref _config, Config("billing"));
        _time.Advance(FollowEvery);
        await Until.TrueAsync(() => _services.Watchdogs.Of("billing") is not null);
        await Until.TrueAsync(() => _services.Watchdogs.Of("shop") is null);
        Volatile.Write(ref _config, Config("shop"));
        _time.Advance(FollowEvery);
        await Until.TrueAsync(() => _services.Watchdogs.Of("shop") is { Restarts: 0 } && _services.Watchdogs.Of("billing") is null);
    }

    [Fact]
    public async Task Other_settings_leave_how_it_stands_and_its_restarts_as_they_are()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "next")).FullName;
        DateTimeOffset now = _time.GetUtcNow();
        new WatchdogFile(folder).Write(new WatchdogBook(now, [new WatchdogStanding("shop", WatchdogPhase.GivenUp, now, "it fails again", "nothing") { Restarts = 3, MostRestarts = 3 }]));
        AwaitableTime time = new();
        await using WatchdogConsumer next = new(new AgentServices(_platform, new GoProcessFinder(_platform, time), time, _log, "test", folder, () => Volatile.Read(ref _config)));
        await next.HappenedAsync(Found("shop", 7), Cancellation);
        await time.TimerOfAsync(FollowEvery);
        Volatile.Write(ref _config, Config("shop", "billing"));
        time.Advance(FollowEvery);
        await Until.TrueAsync(() => new WatchdogFile(folder).Read().ValueOr(null)?.Targets.Length == 2);
        WatchdogStanding shop = new WatchdogFile(folder).Read().Value.Targets.Single(standing => standing.Target == "shop");
        Assert.Equal((WatchdogPhase.GivenUp, 3), (shop.Phase, shop.Restarts));
    }

    private AgentEvent Found(string name, int process) => new(
        AgentEventKind.Found, _time.GetUtcNow(), new AgentTarget(name, new TargetContext(new TargetIdentity { Name = name, Process = new ProcessKey(process, 1) }, _platform, TargetSettings.Default, _time)), "process 7", null);

    private static GoTopConfig Config(params string[] names) =>
        GoTopConfig.Default with { Targets = [.. names.Select(name => new TargetSettings { Name = name, ProcessName = name, Watchdog = new WatchdogSettings() })] };
}
