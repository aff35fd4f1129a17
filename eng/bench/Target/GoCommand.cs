using CliWrap;
using CliWrap.Buffered;

namespace GoTop.Bench.Target;

/// <summary>The Go toolchain: the newest below <c>$GOTOP_GO_ROOTS</c> (as eng/get-go.sh unpacks them), else the one on the path.</summary>
internal static class GoCommand
{
    public static string Find()
    {
        string roots = Environment.GetEnvironmentVariable("GOTOP_GO_ROOTS") ?? "/opt/go";
        string? unpacked = !Directory.Exists(roots) ? null : Directory.GetDirectories(roots).Select(Path.GetFileName).OfType<string>()
            .Where(name => Version.TryParse(name, out _)).OrderByDescending(Version.Parse)
            .Select(version => Path.Combine(roots, version, "usr", "lib", $"go-{version}", "bin", "go")).FirstOrDefault(File.Exists);
        return unpacked
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "go")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"no Go toolchain in {roots} or on the path: eng/get-go.sh unpacks one");
    }

    /// <summary>The program behind <c>go tool NAME</c>, which newer toolchains build when it is first asked for.</summary>
    public static async Task<string> BuiltToolAsync(string name, CancellationToken cancellation)
    {
        Command go = Cli.Wrap(Find()).WithEnvironmentVariables(variables => variables.Set("GOTOOLCHAIN", "local").Set("GOPROXY", "off"));
        await go.WithArguments(["tool", name, "-help"]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellation);
        BufferedCommandResult path = await go.WithArguments(["tool", "-n", name]).ExecuteBufferedAsync(cancellation);
        return path.StandardOutput.Trim();
    }
}
