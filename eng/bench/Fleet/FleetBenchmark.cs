using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using CliWrap;
using GoTop.Bench.Screen;
using GoTop.Bench.Target;

namespace GoTop.Bench.Fleet;

/// <summary>The fleet's screen with many targets, each at a port of its own, served by one program.</summary>
internal sealed class FleetBenchmark(BenchOptions options)
{
    private static readonly int[] Counts = [100, 500, 2000];
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Six rounds, so that where the window begins within one does not matter.</summary>
    private static readonly TimeSpan Window = 6 * Interval;

    public async Task<IReadOnlyList<FleetResult>> RunAsync(CancellationToken cancellation)
    {
        string root = RepositoryRoot.Find(), program = Path.Combine(options.WorkFolder, "fleetpages"), page = Path.Combine(options.WorkFolder, "page.txt");
        options.Say("building the program that serves the pages");
        await Cli.Wrap(GoCommand.Find()).WithArguments(["build", "-o", program, "."]).WithWorkingDirectory(Path.Combine(root, "eng", "bench", "reference", "fleetpages"))
            .WithEnvironmentVariables(variables => variables.Set("GOTOOLCHAIN", "local").Set("GOPROXY", "off").Set("GOFLAGS", "-mod=mod")).ExecuteAsync(cancellation);
        await using (FileStream plain = File.Create(page))
        await using (GZipStream packed = new(File.OpenRead(Path.Combine(root, "GoTop.Tests", "Fixtures", "Metrics", "client_golang-go1.27.txt.gz")), CompressionMode.Decompress))
        {
            await packed.CopyToAsync(plain, cancellation);
        }

        List<FleetResult> results = [];
        foreach (int count in Counts) results.Add(await MeasureAsync(program, page, count, cancellation));
        return results;
    }

    private async Task<FleetResult> MeasureAsync(string program, string page, int count, CancellationToken cancellation)
    {
        using Process server = Process.Start(new ProcessStartInfo(program, [page, $"{count}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            StringBuilder config = new($"[fleet]\ninterval = \"{Interval.TotalSeconds}s\"\n");
            int targets = 0;
            while (await server.StandardOutput.ReadLineAsync(cancellation) is { } line && line != "ready")
                config.Append($"[[target]]\nname = \"shop-{targets++:0000}\"\nurl = \"http://127.0.0.1:{line}\"\nlabels = {{ service = \"shop\" }}\n");
            string file = Path.Combine(options.WorkFolder, $"fleet-{count}.toml");
            await File.WriteAllTextAsync(file, config.ToString(), cancellation);
            ScreenProgram screen = new("gotop fleet", [options.RequireGoTop(), "fleet", "--config", file], [$"{count:#,0} targets", "90,210"], [])
            {
                RefreshesPerSecond = 1 / Interval.TotalSeconds,
                Variables = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = options.WorkFolder },
            };
            options.Say($"{count} targets");
            await using ScreenRun run = new(screen, 120, 40, options.Time);
            StartTime start = await run.WaitForFirstFrameAsync(TimeSpan.FromSeconds(60));
            SteadyUse use = await run.MeasureSteadyAsync(2 * Interval, Window);
            if (options.ShowScreens) Console.WriteLine(run.Shown());
            return new FleetResult(count, Interval, (int)new FileInfo(page).Length, use.CpuPercent, use.ResidentMebibytes, start.FirstFrameMilliseconds / 1000, Window);
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }
}
