using GoTop.Engine.Config;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class ProfileSettingsTests
{
    [Fact]
    public void Every_setting_is_read()
    {
        LoadedConfig loaded = Parse("""
            [profiles]
            cpu_seconds = 10
            cpu_every = "1m"
            heap_every = "20s"
            goroutine_every = "15s"
            trace_seconds = 3
            trace_every = "30s"
            """);
        Assert.Empty(loaded.Problems);
        Assert.Equal(
            new ProfileSettings
            {
                CpuSeconds = 10,
                CpuEvery = TimeSpan.FromMinutes(1),
                HeapEvery = TimeSpan.FromSeconds(20),
                GoroutineEvery = TimeSpan.FromSeconds(15),
                TraceSeconds = 3,
                TraceEvery = TimeSpan.FromSeconds(30),
            }, loaded.Config.Profiles);
    }

    [Theory]
    [InlineData("cpu_seconds = 0", "\"profiles.cpu_seconds\" must lie between 1 and 60, not 0")]
    [InlineData("cpu_seconds = \"2s\"", "\"profiles.cpu_seconds\" must be an integer")]
    [InlineData("cpu_seconds = 5", "\"profiles.cpu_every\" must be longer than \"profiles.cpu_seconds\"")]
    [InlineData("cpu_every = \"1s\"", "\"profiles.cpu_every\" must lie between 2s and 1h, not 1s")]
    [InlineData("trace_seconds = 11", "\"profiles.trace_seconds\" must lie between 1 and 10, not 11")]
    [InlineData("trace_every = \"1s\"", "\"profiles.trace_every\" is \"0s\" for never, or at least \"2s\"")]
    [InlineData("trace_evry = \"1s\"", "unknown key \"trace_evry\" in \"profiles\"; did you mean \"trace_every\"?")]
    public void What_is_wrong_is_told_and_the_defaults_hold(string line, string problem)
    {
        LoadedConfig loaded = Parse("[profiles]\n" + line);
        Assert.Contains(problem, Assert.Single(loaded.Problems).ToString(), StringComparison.Ordinal);
        Assert.Equal(new ProfileSettings(), loaded.Config.Profiles);
    }

    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, "/etc/gotop/gotop.toml");
}
