using System.Collections.Immutable;
using CliWrap;
using CliWrap.Buffered;
using Xunit;
using CommandLine = CliWrap.Cli;

namespace GoTop.Tests.Support;

/// <summary>
/// Go toolchains for the live tests: <c>$GOTOP_GO_ROOTS/VERSION</c> (default <c>/opt/go</c>, as eng/get-go.sh unpacks
/// them), or else the <c>go</c> on the path. Programs are built once per run into a temporary folder.
/// </summary>
internal static class GoToolchain
{
    private static readonly Dictionary<string, Task<string>> Built = [];

    /// <summary>Builds <c>Targets/NAME</c>; skips the test, saying why, where that version of Go is not at hand.</summary>
    /// <param name="version">e.g. <c>1.25</c>; null for the newest at hand.</param>
    public static Task<string> RequireAsync(string target, string? version = null, string goos = "linux", params string[] buildArguments)
    {
        string? go = version is null ? Versions().Select(Find).LastOrDefault(found => found is not null) ?? OnPath() : Find(version);
        Assert.SkipWhen(go is null, $"Go {version ?? "(any version)"} is not on this machine; eng/get-go.sh unpacks it");
        string key = $"{target}|{go}|{goos}|{string.Join(' ', buildArguments)}";
        lock (Built)
        {
            if (!Built.TryGetValue(key, out Task<string>? build)) Built[key] = build = BuildAsync(go!, target, goos, buildArguments);
            return build;
        }
    }

    /// <summary>The <c>go</c> command of a version, null for the oldest at hand; skips the test where there is none.</summary>
    public static string RequireGo(string? version)
    {
        string? go = version is null ? Versions().Select(Find).FirstOrDefault(found => found is not null) ?? OnPath() : Find(version);
        Assert.SkipWhen(go is null, $"Go {version ?? "(any version)"} is not on this machine; eng/get-go.sh unpacks it");
        return go!;
    }

    /// <summary>
    /// The same for a program that needs the libraries which eng/get-go-libs.sh unpacks to <c>$GOTOP_GO_LIBS</c> (default
    /// <c>/opt/go-libs</c>); built in GOPATH mode.
    /// </summary>
    public static Task<string> RequireWithLibrariesAsync(string target, string? version = null)
    {
        string libraries = Path.Combine(Environment.GetEnvironmentVariable("GOTOP_GO_LIBS") ?? "/opt/go-libs", "usr", "share", "gocode");
        Assert.SkipUnless(Directory.Exists(Path.Combine(libraries, "src", "github.com", "prometheus")), "Go's Prometheus library is not on this machine; eng/get-go-libs.sh unpacks it");
        string? go = version is null ? Versions().Select(Find).LastOrDefault(found => found is not null) : Find(version);
        Assert.SkipWhen(go is null, $"Go {version ?? "(any version)"} is not on this machine; eng/get-go.sh unpacks it");
        string key = $"{target}|{go}|libraries";
        lock (Built)
        {
            if (!Built.TryGetValue(key, out Task<string>? build)) Built[key] = build = BuildAsync(go!, target, "linux", [], libraries);
            return build;
        }
    }

    /// <summary>Where this run's programs are built; gone when it ends.</summary>
    private static readonly Lazy<string> Outputs = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("gotop-targets-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // One that still runs keeps its file, on Windows.
            }
        };
        return folder;
    });

    public static ImmutableArray<string> Versions()
    {
        string roots = Roots();
        if (!Directory.Exists(roots)) return [];
        return [.. Directory.GetDirectories(roots).Select(Path.GetFileName).OfType<string>().OrderBy(v => Version.TryParse(v, out Version? parsed) ? parsed : new Version(0, 0))];
    }

    private static string Roots() => Environment.GetEnvironmentVariable("GOTOP_GO_ROOTS") ?? "/opt/go";

    private static string? Find(string version)
    {
        string go = Path.Combine(Roots(), version, "usr", "lib", $"go-{version}", "bin", "go");
        return File.Exists(go) ? go : null;
    }

    private static string? OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "go.exe" : "go"))
            .FirstOrDefault(File.Exists);

    private static async Task<string> BuildAsync(string go, string target, string goos, string[] arguments, string? goPath = null)
    {
        string source = Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Targets", target);
        string output = Path.Combine(Directory.CreateDirectory(Path.Combine(Outputs.Value, Guid.NewGuid().ToString("N"))).FullName, goos == "windows" ? target + ".exe" : target);
        BufferedCommandResult result = await CommandLine.Wrap(go)
            .WithArguments(["build", "-trimpath", "-ldflags=-s -w", .. arguments, "-o", output, "."])
            .WithWorkingDirectory(source)
            .WithEnvironmentVariables(v => v.Set("GOOS", goos).Set("GOFLAGS", goPath is null ? "-mod=mod" : "").Set("GOPROXY", "off").Set("GOTOOLCHAIN", "local")
                .Set("GO111MODULE", goPath is null ? "on" : "off").Set("GOPATH", goPath ?? Environment.GetEnvironmentVariable("GOPATH")))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return result.ExitCode == 0 ? output : throw new InvalidOperationException($"go build {target}: {result.StandardError}");
    }
}
