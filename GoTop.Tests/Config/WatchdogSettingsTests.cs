using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class WatchdogSettingsTests
{
    [Fact]
    public void The_heading_alone_is_enough_and_no_heading_is_none()
    {
        Assert.Null(Load("process = \"shop\"").Config.Targets[0].Watchdog);
        WatchdogSettings settings = Read("process = \"shop\"\n[target.watchdog]");
        Assert.Equal((TimeSpan.FromSeconds(5), 2, true, 3), (settings.Every, settings.Failures, settings.Restart, settings.Restarts));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)), (settings.CoolDown, settings.Grace, settings.Healthy));
        Assert.True(settings.Progress);
        Assert.Null(settings.Http);
    }

    [Fact]
    public void Everything_that_is_written_is_kept()
    {
        WatchdogSettings settings = Read("""
            process = "shop"
            logs = ["shop.log"]
            [target.watchdog]
            every = "2s"
            failures = 4
            restart = false
            restarts = 5
            cool_down = "1m"
            grace = "0s"
            healthy = "1h"
            tcp = ["127.0.0.1:80", "[::1]:81", "shop.example:82"]
            http = "https://shop.example/healthz?deep=1"
            http_status = [200, 204]
            http_body = "ok"
            timeout = "500ms"
            progress = false
            hang_after = "1m"
            log_every = "5m"
            maintenance = ["Tue 00:00-02:00"]
            """);
        Assert.Equal(["127.0.0.1:80", "[::1]:81", "shop.example:82"], settings.Tcp.Select(place => place.ToString()));
        Assert.Equal([200, 204], settings.HttpStatus.AsEnumerable());
        Assert.Equal(("https://shop.example/healthz?deep=1", "ok", "Tue 00:00-02:00"), (settings.Http!.ToString(), settings.HttpBody, settings.Maintenance[0].ToString()));
        Assert.Equal(
            new WatchdogSettings
            {
                Every = TimeSpan.FromSeconds(2),
                Failures = 4,
                Restart = false,
                Restarts = 5,
                CoolDown = TimeSpan.FromMinutes(1),
                Grace = TimeSpan.Zero,
                Healthy = TimeSpan.FromHours(1),
                Tcp = settings.Tcp,
                Http = settings.Http,
                HttpStatus = settings.HttpStatus,
                HttpBody = "ok",
                Timeout = TimeSpan.FromMilliseconds(500),
                Progress = false,
                HangAfter = TimeSpan.FromMinutes(1),
                LogEvery = TimeSpan.FromMinutes(5),
                Maintenance = settings.Maintenance,
            },
            settings);
    }

    [Fact]
    public void Production_and_addresses_are_only_told_of()
    {
        Assert.False(Read("process = \"shop\"\n[target.watchdog]\n[target.rules]\nproduction = true").Restart);
        Assert.True(Read("process = \"shop\"\n[target.watchdog]\nrestart = true\n[target.rules]\nproduction = true").Restart);
        Assert.False(Read("url = \"http://shop.example/\"\n[target.watchdog]\nhttp = \"http://shop.example/\"").Restart);
    }

    [Theory]
    [InlineData("every = \"10ms\"", 5, "must lie between 1s and 1h")]
    [InlineData("failures = 0", 5, "must lie between 1 and 100")]
    [InlineData("tcp = [\"8080\"]", 5, "\"8080\" is no address: write")]
    [InlineData("tcp = [\"a:99999\"]", 5, "is no address")]
    [InlineData("http = \"shop\"", 5, "starts with http")]
    [InlineData("http = \"http://anna:secret@shop/\"", 5, "without a user in it")]
    [InlineData("http_body = \"ok\"", 5, "needs http beside it")]
    [InlineData("http = \"http://shop/\"\nhttp_status = [20]", 6, "from 100 to 599")]
    [InlineData("log_every = \"5m\"", 5, "needs the target's logs")]
    [InlineData("maintenance = [\"Tue\"]", 5, "is no window")]
    [InlineData("restats = 5", 5, "unknown key \"restats\" in \"target.watchdog\"; did you mean \"restarts\"?")]
    public void A_slip_is_told_with_its_place_and_nothing_is_watched_over_by_half(string line, int at, string told)
    {
        LoadedConfig loaded = Load("name = \"shop\"\nprocess = \"shop\"\n[target.watchdog]\n" + line);
        ConfigProblem problem = Assert.Single(loaded.Problems);
        Assert.Contains($":{at}:", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(told, problem.ToString(), StringComparison.Ordinal);
        Assert.Null(loaded.Config.Targets[0].Watchdog);
    }

    [Fact]
    public void An_address_cannot_be_restarted() =>
        Assert.Contains("cannot be restarted from here", Assert.Single(Load("url = \"http://shop.example/\"\n[target.watchdog]\nrestart = true").Problems).ToString(), StringComparison.Ordinal);

    private static WatchdogSettings Read(string text)
    {
        LoadedConfig loaded = Load(text);
        Assert.Empty(loaded.Problems);
        return loaded.Config.Targets[0].Watchdog!;
    }

    /// <summary>The target's heading is line 1.</summary>
    private static LoadedConfig Load(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse("[[target]]\n" + text, "/etc/gotop.toml");
}
