using System.Diagnostics;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace GoTop.Bench.Target;

/// <summary>A running <c>eng/bench/target</c>: the service that is watched.</summary>
internal sealed class LoadTarget : IAsyncDisposable
{
    public const string Name = "benchtarget";
    private readonly Process _process;
    private readonly List<TargetProgress> _progress = [];
    private readonly Lock _lock = new();

    private LoadTarget(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
    }

    public int ProcessId => _process.Id;

    /// <summary>What it has reported so far, oldest first.</summary>
    public TargetProgress[] Progress
    {
        get
        {
            lock (_lock) return [.. _progress];
        }
    }

    /// <summary>Builds it if need be, starts it and waits until it has reported twice: all goroutines are parked then.</summary>
    /// <param name="prefix">A command that starts the rest of its line in its own place, with another user's rights for instance.</param>
    public static async Task<LoadTarget> StartAsync(BenchOptions options, string[] arguments, CancellationToken cancellation, params string[] prefix)
    {
        string program = await BuildAsync(options, cancellation);
        string[] command = [.. prefix, program, .. arguments];
        Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true })
            ?? throw new InvalidOperationException($"{program} did not start");
        LoadTarget target = new(process);
        for (int i = 0; target.Progress.Length < 2; i++)
        {
            if (i > 200 || process.HasExited) throw new InvalidOperationException($"{Name} {string.Join(' ', arguments)} reports nothing");
            await Task.Delay(TimeSpan.FromMilliseconds(100), options.Time, cancellation);
        }

        return target;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> BuildAsync(BenchOptions options, CancellationToken cancellation)
    {
        string output = Path.Combine(options.WorkFolder, Name);
        if (File.Exists(output)) return output;
        BufferedCommandResult result = await Cli.Wrap(GoCommand.Find())
            .WithArguments(["build", "-trimpath", "-ldflags=-s -w", "-o", output, "."])
            .WithWorkingDirectory(Path.Combine(RepositoryRoot.Find(), "eng", "bench", "target"))
            .WithEnvironmentVariables(v => v.Set("GOFLAGS", "-mod=mod").Set("GOPROXY", "off").Set("GOTOOLCHAIN", "local"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellation);
        return result.ExitCode == 0 ? output : throw new InvalidOperationException($"go build {Name}: {result.StandardError}");
    }

    private void Keep(string? line)
    {
        string[] fields = line?.Split(' ') ?? [];
        if (fields.Length != 4) return;
        long[] numbers = [.. fields.Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        TargetProgress progress = new(numbers[0], numbers[1], numbers[2], numbers[3]);
        lock (_lock) _progress.Add(progress);
    }
}

/// <summary>One line of the target: time, work done, CPU time used and how often its threads gave up a core, since its start.</summary>
internal readonly record struct TargetProgress(long Nanoseconds, long Operations, long CpuNanoseconds, long Switches);
