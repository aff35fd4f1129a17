using GoTop.Bench.Measure;

namespace GoTop.Bench.Target;

/// <summary>How fast the target worked between two of its reports.</summary>
internal readonly record struct TargetPace(double OperationsPerSecond, double OperationsPerCpuSecond, double SwitchesPerSecond)
{
    public static TargetPace Between(TargetProgress from, TargetProgress to)
    {
        double operations = to.Operations - from.Operations, seconds = (to.Nanoseconds - from.Nanoseconds) / 1e9;
        return new TargetPace(operations / seconds, operations / (to.CpuNanoseconds - from.CpuNanoseconds) * 1e9, (to.Switches - from.Switches) / seconds);
    }
}

/// <param name="LostPercent">Of the work per second: cores taken from the target count.</param>
/// <param name="LostPerCpuPercent">Of the work per second of its own CPU time: pauses, page faults and cold caches count.</param>
/// <param name="CpuPercent">The watcher's own, of one core.</param>
internal sealed record WatcherLoss(string Watcher, MedianInterval LostPercent, MedianInterval LostPerCpuPercent, double CpuPercent)
{
    /// <summary>Of the time of all cores, which the target could have used.</summary>
    public double SharePercent => CpuPercent / Environment.ProcessorCount;
}

internal sealed record LossResult(IReadOnlyList<WatcherLoss> Losses, int Goroutines);
