using CliWrap;
using CliWrap.Buffered;
using Xunit;
using CommandLine = CliWrap.Cli;

namespace GoTop.Tests.Support;

/// <summary><c>go tool pprof</c> of one of the toolchains at hand.</summary>
internal static class GoPprof
{
    /// <summary>Its output and whether it succeeded; skips the test, saying why, where that version of Go is not at hand.</summary>
    /// <param name="version">e.g. <c>1.25</c>; null for the oldest at hand, which starts fastest: since 1.24 the tool is built when first used.</param>
    public static async Task<(bool Succeeded, string Output)> RunAsync(string? version, params string[] arguments)
    {
        BufferedCommandResult result = await CommandLine.Wrap(GoToolchain.RequireGo(version))
            .WithArguments(["tool", "pprof", .. arguments])
            .WithEnvironmentVariables(v => v.Set("GOTOOLCHAIN", "local").Set("GOPROXY", "off").Set("TZ", "UTC"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return (result.ExitCode == 0, result.IsSuccess ? result.StandardOutput : result.StandardError);
    }

    /// <summary>The whole <c>-top</c> of a sample type, in the profile's own units.</summary>
    public static async Task<PprofTop> TopAsync(string? version, string file, string type, params string[] arguments)
    {
        (bool succeeded, string output) = await RunAsync(version, ["-top", "-nodefraction=0", "-edgefraction=0", $"-sample_index={type}", .. arguments, file]);
        Assert.True(succeeded, output);
        return PprofTop.Parse(output.Split('\n'));
    }
}
