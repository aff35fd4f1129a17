using GoTop.Engine.Config;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class FlightRecorderSettingsTests
{
    [Fact]
    public void Every_setting_is_read() => Assert.Equal(
        new FlightRecorderSettings { Enabled = true, Seconds = 60, Megabytes = 256 },
        Parse("[flight_recorder]\nenabled = true\nseconds = 60\nmegabytes = 256").Config.FlightRecorder);

    [Theory]
    [InlineData("seconds = 0", "\"flight_recorder.seconds\" must lie between 1 and 600, not 0")]
    [InlineData("megabytes = 2048", "\"flight_recorder.megabytes\" must lie between 4 and 1024, not 2048")]
    [InlineData("enable = true", "unknown key \"enable\" in \"flight_recorder\"; did you mean \"enabled\"?")]
    public void What_is_wrong_is_told_and_the_defaults_hold(string line, string problem)
    {
        LoadedConfig loaded = Parse("[flight_recorder]\n" + line);
        Assert.Contains(problem, Assert.Single(loaded.Problems).ToString(), StringComparison.Ordinal);
        Assert.Equal(new FlightRecorderSettings(), loaded.Config.FlightRecorder);
    }

    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, "/etc/gotop/gotop.toml");
}
