using GoTop.Engine.Config;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class FleetSettingsTests
{
    [Fact]
    public void Every_setting_is_read()
    {
        LoadedConfig loaded = Parse("""
            [fleet]
            interval = "30s"
            at_once = 64
            [[fleet.prometheus]]
            url = "https://mimir.example/prometheus"
            selector = ' job=~"shop|mail", stage!="test}" ,'
            window = "5m"
            tenant = "blue"
            user = "gotop"
            password = "env:SECRET"
            timeout = "20s"
            [[fleet.prometheus]]
            name = "here"
            url = "http://localhost:9090"
            """);
        Assert.Empty(loaded.Problems);
        FleetSettings fleet = loaded.Config.Fleet;
        Assert.Equal((TimeSpan.FromSeconds(30), 64), (fleet.Interval, fleet.AtOnce));
        PrometheusSettings engine = fleet.Engines[0];
        Assert.Equal(("mimir.example", "job=~\"shop|mail\", stage!=\"test}\"", TimeSpan.FromMinutes(5), "blue"), (engine.Name, engine.Selector.TrimEnd(), engine.Window, engine.Tenant));
        Assert.Equal(("gotop", "of-the-environment", TimeSpan.FromSeconds(20)), (engine.Http.User, engine.Http.Password, engine.Http.Timeout));
        Assert.Equal(("here", TimeSpan.FromSeconds(10)), (fleet.Engines[1].Name, fleet.Engines[1].Http.Timeout));
    }

    [Fact]
    public void An_address_alone_is_an_engine()
    {
        LoadedConfig loaded = Parse("[fleet]\nprometheus = \"http://prometheus:9090\"");
        Assert.Empty(loaded.Problems);
        Assert.Equal([PrometheusSettings.Of(new Uri("http://prometheus:9090"))], loaded.Config.Fleet.Engines);
    }

    [Theory]
    [InlineData("[fleet]\ninterval = \"100ms\"", "\"fleet.interval\" must lie between 1s and 10m, not 100ms")]
    [InlineData("[fleet]\nprometheus = \"prometheus:9090\"", "\"fleet.prometheus\" must be an address that starts with http:// or https://")]
    [InlineData("[[fleet.prometheus]]\nselector = 'a=\"b\"'", "\"fleet.prometheus\" needs a url")]
    [InlineData("[[fleet.prometheus]]\nurl = \"http://u:p@h\"", "\"fleet.prometheus.url\" must not hold a user or password; use the keys user and password")]
    [InlineData("[[fleet.prometheus]]\nurl = \"http://h\"\nuser = \"x\"", "\"fleet.prometheus.user\" needs a password or password_file beside it")]
    [InlineData("[[fleet.prometheus]]\nurl = \"http://h\"\ntenant = \"a b\"", "\"fleet.prometheus.tenant\" holds blanks or other characters that a header cannot")]
    [InlineData("[[fleet.prometheus]]\nurl = \"http://h\"\n[[fleet.prometheus]]\nurl = \"http://h\"", "there is already an engine \"h\" in \"fleet.prometheus\": give each a name")]
    [InlineData("[[fleet.prometheus]]\nurl = \"http://h\"\nselector = 'a=\"b\"} or up{'", "\"fleet.prometheus.selector\" holds } outside of quotation marks: it is what stands between the braces")]
    [InlineData("[[fleet.prometheus]]\nurl = \"http://h\"\nselector = 'a=\"b'", "\"fleet.prometheus.selector\" has a quotation mark that does not end")]
    public void What_is_wrong_is_told(string text, string problem) => Assert.Equal(problem, Assert.Single(Parse(text).Problems).Message);

    [Fact]
    public void An_engine_with_a_slip_in_its_selector_is_not_asked() =>
        Assert.Equal(["sound"], Parse("[[fleet.prometheus]]\nurl = \"http://h\"\nselector = '{'\n[[fleet.prometheus]]\nname = \"sound\"\nurl = \"http://h\"").Config.Fleet.Engines.Select(engine => engine.Name));

    private static LoadedConfig Parse(string text) =>
        new ConfigLoader(ConfigVocabulary.Unchecked, name => name == "SECRET" ? "of-the-environment" : null).Parse(text, "/etc/gotop/gotop.toml");
}
