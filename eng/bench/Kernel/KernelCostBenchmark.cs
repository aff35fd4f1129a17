using System.Diagnostics;
using GoTop.Bench.Measure;
using GoTop.Bench.Target;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Recording;

namespace GoTop.Bench.Kernel;

/// <summary>
/// What the kernel's events cost, GoTop and the watched service: the same service is recorded with and without them, in pairs
/// whose order alternates. A recording tells how many events there were.
/// </summary>
internal sealed class KernelCostBenchmark(BenchOptions options)
{
    public const int Goroutines = 10_000;

    /// <summary>Longer than GoTop endures events that are too many: what is measured is where it settles.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(6);

    public static TimeSpan Window { get; } = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyList<KernelCost>> RunAsync(CancellationToken cancellation)
    {
        options.RequireGoTop();
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) throw new InvalidOperationException("this part needs root on Linux: for tracepoints, and to be another user where that is measured");
        // The other user reads the target there, and writes recordings.
        File.SetUnixFileMode(options.WorkFolder, (UnixFileMode)0b111_111_111);
        List<KernelCost> costs = [];
        foreach (KernelCase one in KernelCase.All)
        {
            await using LoadTarget target = await LoadTarget.StartAsync(options, ["-goroutines", $"{Goroutines}", "-switches", $"{one.Switches}"], cancellation, KernelCase.OrdinaryUser);
            costs.Add(await MeasureAsync(one, target, cancellation));
        }

        return costs;
    }

    private async Task<KernelCost> MeasureAsync(KernelCase one, LoadTarget target, CancellationToken cancellation)
    {
        List<KernelRun> with = [], without = [];
        for (int pair = 1; pair <= options.Pairs; pair++)
        {
            options.Say($"{one.Name}: pair {pair} of {options.Pairs}");
            foreach (bool collects in (bool[])(pair % 2 == 0 ? [true, false] : [false, true]))
                (collects ? with : without).Add(await RunAsync(one, collects, target, cancellation));
        }

        return new KernelCost(one, with, without);
    }

    private async Task<KernelRun> RunAsync(KernelCase one, bool collects, LoadTarget target, CancellationToken cancellation)
    {
        string recording = Path.Combine(options.WorkFolder, "kernel.gotop"), settings = Path.Combine(options.WorkFolder, "kernel.toml");
        foreach (string old in Directory.GetFiles(options.WorkFolder, "kernel.gotop*")) File.Delete(old);
        await File.WriteAllTextAsync(settings, $"[kernel]\nevents = \"{(collects ? "always" : "never")}\"\n", cancellation);
        string[] command = [.. one.Prefix, options.RequireGoTop(), "record", $"{target.ProcessId}", "-o", recording, "-d", "1s", "--config", settings];
        using Process watching = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{command[0]} did not start");
        try
        {
            await Task.Delay(Settle, options.Time, cancellation);
            ProcessUse from = ProcessMeter.Read(watching.Id, options.Time);
            int first = target.Progress.Length - 1;
            await Task.Delay(Window, options.Time, cancellation);
            TargetPace pace = TargetPace.Between(target.Progress[first], target.Progress[^1]);
            ProcessUse to = ProcessMeter.Read(watching.Id, options.Time);
            double percent = (to.CpuNanoseconds - from.CpuNanoseconds) / options.Time.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds / 1e7;
            return new KernelRun(pace, percent, collects ? Reports(recording) : []);
        }
        finally
        {
            watching.Kill();
            await watching.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Those of the window: the last ones.</summary>
    private static KernelReport[] Reports(string recording)
    {
        using RecordingReader reader = RecordingReader.Open(recording);
        List<KernelReport> reports = [];
        for (int i = 0; i < reader.Count; i++)
        {
            if (reader.Read(i).Facts.Kernel.TryGet(out KernelReport? report)) reports.Add(report);
        }

        return [.. reports.TakeLast((int)Window.TotalSeconds)];
    }
}

/// <param name="Switches">How often the target's threads give up a core, a second.</param>
/// <param name="Prefix">With whose rights GoTop runs.</param>
internal sealed record KernelCase(string Name, int Switches, string[] Prefix)
{
    /// <summary>nobody's number: the target's user too.</summary>
    public static readonly string[] OrdinaryUser = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/tmp"];

    public static KernelCase[] All =>
    [
        new("everything, as root", 20_000, []),
        new("own user's set", 20_000, OrdinaryUser),
        new("own user's set, few switches", 1_000, OrdinaryUser),
    ];
}

/// <param name="CpuPercent">GoTop's own, of one core.</param>
internal sealed record KernelRun(TargetPace Pace, double CpuPercent, IReadOnlyList<KernelReport> Reports)
{
    public double EventsPerSecond => Reports.Sum(report => report.Events) * 1e9 / Reports.Sum(report => report.DurationNanoseconds);
}

internal sealed record KernelCost(KernelCase Case, IReadOnlyList<KernelRun> With, IReadOnlyList<KernelRun> Without)
{
    public MedianInterval CpuPercent => Statistics.MedianWithInterval(With.Select(run => run.CpuPercent));

    public MedianInterval CpuPercentWithout => Statistics.MedianWithInterval(Without.Select(run => run.CpuPercent));

    public MedianInterval LostPercent => Lost(run => run.Pace.OperationsPerSecond);

    public MedianInterval LostPerCpuPercent => Lost(run => run.Pace.OperationsPerCpuSecond);

    public double EventsPerSecond => Statistics.Median(With.Select(run => run.EventsPerSecond));

    public double SwitchesPerSecond => Statistics.Median(With.Select(run => run.Pace.SwitchesPerSecond));

    public long LostEvents => With.Sum(run => run.Reports.Sum(report => report.LostEvents));

    /// <summary>NaN while there are too few events to divide by.</summary>
    public double MicrosecondsPerEvent => EventsPerSecond < 100 ? double.NaN : (CpuPercent.Median - CpuPercentWithout.Median) * 1e4 / EventsPerSecond;

    /// <summary>What it collected in the windows, in words.</summary>
    public string Tier => string.Join(" / ", With.SelectMany(run => run.Reports).Select(report => TierOf(report.Coverage)).Distinct());

    private static string TierOf(KernelCoverage coverage) => coverage.Tells(KernelFacts.AllSwitches) ? "whole machine"
        : coverage.Tells(KernelFacts.Switches) ? "own switches"
        : coverage.Tells(KernelFacts.Samples) ? "samples alone"
        : "ended";

    private MedianInterval Lost(Func<KernelRun, double> work) =>
        Statistics.MedianWithInterval(With.Zip(Without, (with, without) => 100 * (1 - (work(with) / work(without)))));
}
