using GoTop.Engine.Config;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class CaptureSettingsTests
{
    [Fact]
    public void Every_setting_is_read()
    {
        LoadedConfig loaded = Parse("""
            [capture]
            folder = "incidents"
            seconds = 10
            max_trace_megabytes = 100
            viewer = { trace = "gotraceui {file}", default = "go tool pprof -http=: {file}" }
            """);
        Assert.Empty(loaded.Problems);
        CaptureSettings capture = loaded.Config.Capture;
        Assert.Equal((Path.GetFullPath("/etc/gotop/incidents"), 10, 100), (capture.Folder, capture.Seconds, capture.MaxTraceMegabytes));
        Assert.Equal(("gotraceui {file}", "go tool pprof -http=: {file}"), (capture.ViewerOf("trace"), capture.ViewerOf("heap")));
    }

    [Fact]
    public void One_command_is_for_all() => Assert.Equal("pprof", Parse("[capture]\nviewer = \"pprof\"").Config.Capture.ViewerOf("cpu"));

    [Fact]
    public void Without_a_viewer_there_is_none() => Assert.Null(Parse("[capture]\nviewer = \"\"").Config.Capture.ViewerOf("cpu"));

    [Theory]
    [InlineData("seconds = 0", "\"capture.seconds\" must lie between 1 and 300, not 0")]
    [InlineData("max_trace_megabytes = 4096", "\"capture.max_trace_megabytes\" must lie between 1 and 2047, not 4096")]
    [InlineData("viewer = 3", "\"capture.viewer\" must be a command, or a table of commands, not")]
    [InlineData("viewer = \"'pprof {file}\"", "is no command")]
    [InlineData("viewer = { haep = \"pprof\" }", "there is no capture \"haep\"; did you mean \"heap\"?")]
    [InlineData("viewer = { heap = [] }", "\"capture.viewer\" must be a command")]
    [InlineData("foldr = \"x\"", "unknown key \"foldr\" in \"capture\"; did you mean \"folder\"?")]
    public void What_is_wrong_is_told_and_the_defaults_hold(string line, string problem)
    {
        LoadedConfig loaded = Parse("[capture]\n" + line);
        Assert.Contains(problem, Assert.Single(loaded.Problems).ToString(), StringComparison.Ordinal);
        Assert.Equal(new CaptureSettings(), loaded.Config.Capture);
    }

    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, "/etc/gotop/gotop.toml");
}
