using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using GoTop.Bench.Measure;
using GoTop.Bench.Target;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;

namespace GoTop.Bench.Logs;

/// <summary>
/// A log of 100,000 lines a second through rotations, followed in this process by the source alone and the derivation behind it,
/// once a second as on the screen.
/// </summary>
internal sealed class LogBenchmark(BenchOptions options)
{
    public const int LinesPerSecond = 100_000;
    public const int Seconds = 30;
    public const int Rotations = 3;

    private const int WarmUpSeconds = 15;

    public async Task<IReadOnlyList<LogResult>> RunAsync(CancellationToken cancellation)
    {
        string program = Path.Combine(options.WorkFolder, "logwriter");
        options.Say("building the program that writes the log");
        await Cli.Wrap(GoCommand.Find()).WithArguments(["build", "-o", program, "."]).WithWorkingDirectory(Path.Combine(RepositoryRoot.Find(), "eng", "bench", "reference", "logwriter"))
            .WithEnvironmentVariables(variables => variables.Set("GOTOOLCHAIN", "local").Set("GOPROXY", "off").Set("GOFLAGS", "-mod=mod")).ExecuteAsync(cancellation);
        // The compiler and the garbage collector need some seconds to settle.
        await FollowAsync(program, "rename", WarmUpSeconds, cancellation);
        return [await FollowAsync(program, "rename", Seconds, cancellation), await FollowAsync(program, "copytruncate", Seconds, cancellation)];
    }

    private async Task<LogResult> FollowAsync(string program, string rotation, int length, CancellationToken cancellation)
    {
        string log = Path.Combine(Directory.CreateDirectory(Path.Combine(options.WorkFolder, rotation)).FullName, "app.log");
        TargetContext context = new(new TargetIdentity { Name = "logwriter" }, HostPlatform.Detect(options.Time), new TargetSettings { Logs = [log] }, options.Time);
        await using ISource source = LogSource.Create(context)!;
        Derivation derivation = new();
        Observation last = await TickAsync(source, derivation, context, cancellation);
        options.Say($"{LinesPerSecond:#,0} lines a second for {length} s, {rotation}");
        Task<BufferedCommandResult> writer = Cli.Wrap(program)
            .WithArguments([log, $"{LinesPerSecond}", $"{length}", $"{Rotations}", rotation]).ExecuteBufferedAsync(cancellation).Task;
        ProcessUse before = ProcessMeter.Read(Environment.ProcessId, options.Time);
        long allocated = GC.GetTotalAllocatedBytes();
        List<long> resident = [];
        using (PeriodicTimer timer = new(TimeSpan.FromSeconds(1), options.Time))
        {
            while (!writer.IsCompleted && await timer.WaitForNextTickAsync(cancellation))
            {
                last = await TickAsync(source, derivation, context, cancellation);
                resident.Add(ProcessMeter.Read(Environment.ProcessId, options.Time).ResidentBytes);
            }
        }

        ProcessUse after = ProcessMeter.Read(Environment.ProcessId, options.Time);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        string output = (await writer).StandardOutput;
        last = await TickAsync(source, derivation, context, cancellation);
        double seconds = options.Time.GetElapsedTime(before.Timestamp, after.Timestamp).TotalSeconds;
        File.Delete(log);
        foreach (string aside in Directory.GetFiles(Path.GetDirectoryName(log)!)) File.Delete(aside);
        return new LogResult(
            rotation, Number(output, "written "), Number(output, "unreadable "), last.Now.Facts.Logs.Value.Lines, seconds,
            (after.CpuNanoseconds - before.CpuNanoseconds) / 1e7 / seconds, resident, allocated);
    }

    private async Task<Observation> TickAsync(ISource source, Derivation derivation, TargetContext context, CancellationToken cancellation)
    {
        SampleFacts facts = (await source.ReadAsync(Interest.None, cancellation)).Facts;
        long now = options.Time.GetTimestamp();
        return derivation.Next(new Sample { Time = options.Time.GetUtcNow(), MonotonicNanoseconds = now, Target = context.Target, Facts = facts.ReadAt(now), Sources = [] }, tickMilliseconds: 0);
    }

    private static long Number(string output, string key) =>
        long.Parse(output.Split('\n').First(line => line.StartsWith(key, StringComparison.Ordinal)).AsSpan(key.Length), CultureInfo.InvariantCulture);
}
