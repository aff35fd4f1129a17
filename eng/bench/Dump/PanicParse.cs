using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using GoTop.Bench.Measure;
using GoTop.Bench.Target;

namespace GoTop.Bench.Dump;

/// <summary>eng/bench/reference/dump: github.com/maruel/panicparse as Debian packages it.</summary>
internal sealed class PanicParse
{
    private const string Package = "golang-github-maruel-panicparse-dev";

    private readonly string _program;

    private PanicParse(string program, string version)
    {
        _program = program;
        Version = version;
    }

    public string Version { get; }

    /// <exception cref="InvalidOperationException">It cannot be had; says why.</exception>
    public static async Task<PanicParse> BuildAsync(BenchOptions options, CancellationToken cancellation)
    {
        string root = RepositoryRoot.Find(), library = Path.Combine(options.WorkFolder, "panicparse"), program = Path.Combine(options.WorkFolder, "peer-dump");
        options.Say($"getting {Package}");
        string version = await RunAsync(Cli.Wrap(Path.Combine(root, "eng", "get-go-library.sh")).WithArguments([Package, library]), cancellation);
        await RunAsync(
            Cli.Wrap(GoCommand.Find()).WithArguments(["build", "-o", program, "main.go"]).WithWorkingDirectory(Path.Combine(root, "eng", "bench", "reference", "dump"))
                .WithEnvironmentVariables(variables => variables.Set("GO111MODULE", "off").Set("GOPATH", Path.Combine(library, "usr", "share", "gocode")).Set("GOTOOLCHAIN", "local").Set("GOFLAGS", "")),
            cancellation);
        return new PanicParse(program, $"{Package} {version.Trim()}");
    }

    public async Task<(PassResult Passes, long Goroutines)> ReadAsync(string path, int passes, CancellationToken cancellation)
    {
        string output = await RunAsync(Cli.Wrap(_program).WithArguments([path, $"{passes}"]).WithEnvironmentVariables(variables => variables.Set("GOMAXPROCS", "1")), cancellation);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        double[] milliseconds = [.. lines.Take(passes).Select(line => long.Parse(line, CultureInfo.InvariantCulture) / 1e6)];
        return (new PassResult(Statistics.MedianWithInterval(milliseconds), double.NaN, Number("peakKiB ") * 1024.0), Number("goroutines "));

        long Number(string key) => long.Parse(lines.First(line => line.StartsWith(key, StringComparison.Ordinal)).AsSpan(key.Length), CultureInfo.InvariantCulture);
    }

    private static async Task<string> RunAsync(Command command, CancellationToken cancellation)
    {
        BufferedCommandResult result = await command.WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellation);
        return result.ExitCode == 0 ? result.StandardOutput : throw new InvalidOperationException($"{Path.GetFileName(command.TargetFilePath)}: {result.StandardError.Trim()}");
    }
}
