using System.Text;
using CliWrap;
using CliWrap.Buffered;
using GoTop.Bench.Target;

namespace GoTop.Bench.Dump;

/// <summary>Texts to read, printed by GoTop.Tests/Targets/crash with the newest Go at hand.</summary>
internal sealed class DumpFiles(BenchOptions options)
{
    private const int Goroutines = 100_000;

    public async Task<IReadOnlyList<(string Name, string Path)>> MakeAsync(CancellationToken cancellation)
    {
        string program = Path.Combine(options.WorkFolder, "crash");
        options.Say("building the program that prints the dumps");
        await RunAsync(
            Cli.Wrap(GoCommand.Find()).WithArguments(["build", "-o", program, "."]).WithWorkingDirectory(Path.Combine(RepositoryRoot.Find(), "GoTop.Tests", "Targets", "crash"))
                .WithEnvironmentVariables(variables => variables.Set("GO111MODULE", "on").Set("GOFLAGS", "-mod=mod").Set("GOPROXY", "off").Set("GOTOOLCHAIN", "local")),
            cancellation);
        string dump = Path.Combine(options.WorkFolder, "dump.txt"), shuffled = Path.Combine(options.WorkFolder, "shuffled.txt");
        await File.WriteAllTextAsync(dump, await RunAsync(Cli.Wrap(program).WithArguments(["many", $"{Goroutines}"]), cancellation), cancellation);
        await File.WriteAllTextAsync(shuffled, Shuffled(await File.ReadAllTextAsync(dump, cancellation)), cancellation);
        return [($"debug=2 of {Goroutines:#,0} goroutines", dump), ("the same in another order, at random", shuffled)];
    }

    /// <summary>Where nothing tells which stack comes next.</summary>
    private static string Shuffled(string dump)
    {
        string[] goroutines = dump.TrimEnd().Split("\n\n");
        new Random(1).Shuffle(goroutines);
        return new StringBuilder().AppendJoin("\n\n", goroutines).Append('\n').ToString();
    }

    private static async Task<string> RunAsync(Command command, CancellationToken cancellation)
    {
        BufferedCommandResult result = await command.WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellation);
        return result.ExitCode == 0 ? result.StandardOutput : throw new InvalidOperationException($"{Path.GetFileName(command.TargetFilePath)}: {result.StandardError.Trim()}");
    }
}
