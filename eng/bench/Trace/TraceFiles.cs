using System.IO.Compression;
using CliWrap;
using CliWrap.Buffered;
using GoTop.Bench.Target;

namespace GoTop.Bench.Trace;

/// <summary>What is read: captures that lie beside the repository, where they do, and one that is made for it.</summary>
internal sealed class TraceFiles(BenchOptions options)
{
    private const int Seconds = 8;

    private static readonly (string Name, string Path)[] Captures =
    [
        ("5 s of a busy service, Go 1.21", "go1.21-linux/trace.heavy.5s.gz"),
        ("5 s of a busy service, Go 1.24", "go1.24-linux/trace.heavy.5s.gz"),
        ("5 s of a busy service, Go 1.27", "go1.27-linux/trace.heavy.5s.gz"),
    ];

    /// <summary>Reasons why files are missing.</summary>
    public List<string> Without { get; } = [];

    public async Task<IReadOnlyList<(string Name, string Path)>> GetAsync(CancellationToken cancellation)
    {
        List<(string, string)> files = [];
        foreach ((string name, string path) in Captures)
        {
            string packed = Path.Combine(RepositoryRoot.Find(), "..", "shared", "go-fixtures", path);
            string? found = File.Exists(packed) ? packed : InWorktree(path);
            if (found is null) Without.Add($"no capture of {name}: shared/go-fixtures is not beside the repository");
            else files.Add((name, await UnpackAsync(found, cancellation)));
        }

        files.Add(($"{Seconds} s of goroutines that do little else than switch", await MakeAsync(cancellation)));
        return files;
    }

    /// <summary>Worktrees lie one folder deeper.</summary>
    private static string? InWorktree(string path)
    {
        string packed = Path.Combine(RepositoryRoot.Find(), "..", "..", "shared", "go-fixtures", path);
        return File.Exists(packed) ? packed : null;
    }

    private async Task<string> UnpackAsync(string packed, CancellationToken cancellation)
    {
        string path = Path.Combine(options.WorkFolder, Path.GetFileName(Path.GetDirectoryName(packed)) + ".trace");
        await using GZipStream stream = new(File.OpenRead(packed), CompressionMode.Decompress);
        await using FileStream file = File.Create(path);
        await stream.CopyToAsync(file, cancellation);
        return path;
    }

    private async Task<string> MakeAsync(CancellationToken cancellation)
    {
        string program = Path.Combine(options.WorkFolder, "traceload"), path = Path.Combine(options.WorkFolder, "made.trace");
        await RunAsync(Cli.Wrap(GoCommand.Find()).WithArguments(["build", "-o", program, "."])
            .WithWorkingDirectory(Path.Combine(RepositoryRoot.Find(), "eng", "bench", "reference", "traceload"))
            .WithEnvironmentVariables(variables => variables.Set("GOFLAGS", "-mod=mod").Set("GOPROXY", "off").Set("GOTOOLCHAIN", "local")), cancellation);
        options.Say($"making a trace of {Seconds} s");
        await RunAsync(Cli.Wrap(program).WithArguments([path, $"{Seconds}"]), cancellation);
        return path;
    }

    private static async Task RunAsync(Command command, CancellationToken cancellation)
    {
        BufferedCommandResult result = await command.WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellation);
        if (result.ExitCode != 0) throw new InvalidOperationException($"{command}: {result.StandardError.Trim()}");
    }
}
