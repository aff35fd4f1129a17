using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using Xunit;

namespace GoTop.Tests.Agent;

public sealed class WatchSettingsTests
{
    private const string Text = """
        interval = "2s"
        [[target]]
        name = "shop"
        url = "http://localhost:6060"
        logs = ["a.log", "b.log"]
        labels = { team = "shop" }
        user = "anna"
        password = "secret"
        [target.rules]
        allow = ["pin"]
        by = ["root"]
        windows = ["Tue 00:00-02:00"]
        """;

    [Fact]
    public void A_file_that_is_read_again_unchanged_is_the_same()
    {
        Assert.Equal(Read(Text), Read(Text));
        Assert.Equal(Read(Text), Read("theme = \"gotop-light\"\n" + Text));
        Assert.Single(new HashSet<WatchSettings> { Read(Text), Read(Text) });
    }

    [Theory]
    [InlineData("2s", "3s")]
    [InlineData("\"shop\"\n", "\"store\"\n")]
    [InlineData("6060", "6061")]
    [InlineData("b.log", "c.log")]
    [InlineData("team = \"shop\"", "team = \"web\"")]
    [InlineData("secret", "other")]
    [InlineData("[\"pin\"]", "[\"restart\"]")]
    [InlineData("by = [\"root\"]", "by = [\"anna\"]")]
    [InlineData("00:00-02:00", "00:00-03:00")]
    [InlineData("[[target]]", "[agent]\nrecord = false\n[[target]]")]
    public void Whatever_a_watch_depends_on_makes_another_one(string old, string changed)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        Assert.NotEqual(Read(Text), Read(Text.Replace(old, changed, StringComparison.Ordinal)));
    }

    private static WatchSettings Read(string text)
    {
        LoadedConfig loaded = new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, "/etc/gotop.toml");
        Assert.Empty(loaded.Problems);
        return new WatchSettings(Assert.Single(loaded.Config.Targets), loaded.Config);
    }
}
