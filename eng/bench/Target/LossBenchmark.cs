using System.Diagnostics;
using GoTop.Bench.Measure;

namespace GoTop.Bench.Target;

/// <summary>
/// What watching costs the watched: a service that keeps every core busy runs for a while with and without a watcher,
/// in pairs whose order alternates, and tells how much it got done.
/// </summary>
internal sealed class LossBenchmark(BenchOptions options)
{
    private const int Goroutines = 10_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1), Window = TimeSpan.FromSeconds(3);

    public async Task<LossResult> RunAsync(CancellationToken cancellation)
    {
        string gotop = options.RequireGoTop();
        List<WatcherLoss> losses = [];
        foreach (Watcher watcher in Watcher.All(gotop))
        {
            string[] arguments = ["-goroutines", $"{Goroutines}", .. watcher.TargetArguments];
            await using LoadTarget target = await LoadTarget.StartAsync(options, arguments, cancellation);
            losses.Add(await MeasureAsync(watcher, target, cancellation));
        }

        return new LossResult(losses, Goroutines);
    }

    private async Task<WatcherLoss> MeasureAsync(Watcher watcher, LoadTarget target, CancellationToken cancellation)
    {
        List<double> lost = [], lostPerCpu = [], cpuPercent = [];
        for (int pair = 1; pair <= options.Pairs; pair++)
        {
            options.Say($"{watcher.Name}: pair {pair} of {options.Pairs}");
            bool watchedFirst = pair % 2 == 0;
            TargetPace first = await PaceAsync(watchedFirst ? watcher : null, target, cpuPercent, cancellation);
            TargetPace second = await PaceAsync(watchedFirst ? null : watcher, target, cpuPercent, cancellation);
            (TargetPace watched, TargetPace alone) = watchedFirst ? (first, second) : (second, first);
            lost.Add(100 * (1 - (watched.OperationsPerSecond / alone.OperationsPerSecond)));
            lostPerCpu.Add(100 * (1 - (watched.OperationsPerCpuSecond / alone.OperationsPerCpuSecond)));
        }

        return new WatcherLoss(watcher.Name, Statistics.MedianWithInterval(lost), Statistics.MedianWithInterval(lostPerCpu), Statistics.Median(cpuPercent));
    }

    private async Task<TargetPace> PaceAsync(Watcher? watcher, LoadTarget target, List<double> cpuPercent, CancellationToken cancellation)
    {
        using Process? watching = watcher?.Start(target.ProcessId);
        try
        {
            await Task.Delay(Settle, options.Time, cancellation);
            ProcessUse? before = watching is null ? null : ProcessMeter.Read(watching.Id, options.Time);
            int first = target.Progress.Length - 1;
            await Task.Delay(Window, options.Time, cancellation);
            TargetPace pace = TargetPace.Between(target.Progress[first], target.Progress[^1]);
            if (before is { } from)
            {
                ProcessUse to = ProcessMeter.Read(watching!.Id, options.Time);
                cpuPercent.Add((to.CpuNanoseconds - from.CpuNanoseconds) / options.Time.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds / 1e7);
            }

            return pace;
        }
        finally
        {
            watching?.Kill(entireProcessTree: true);
            if (watching is not null) await watching.WaitForExitAsync(CancellationToken.None);
        }
    }
}
