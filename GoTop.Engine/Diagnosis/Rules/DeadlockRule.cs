using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>
/// Alive but going nowhere: many goroutines wait for locks or to send, hardly a time slice was started on any P for half a minute,
/// and next to no CPU was used. A merely idle service waits for the network and timers instead.
/// </summary>
public sealed class DeadlockRule : IFindingRule
{
    private const int Ticks = 30;
    private const int FewestBlocked = 10;
    private const double StillPerSecond = 20;
    private const double StillPercent = 3;

    public string Name => "no-progress";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return null;
        ReadOnlySpan<double> schedules = history[SeriesCatalog.Schedules];
        if (schedules.Length < Ticks) return null;
        foreach (double perSecond in schedules[^Ticks..])
        {
            if (double.IsNaN(perSecond) || perSecond > StillPerSecond) return null;
        }

        // A goroutine readied by the one before inherits its slice and is not counted, so a busy ping-pong looks still by slices alone.
        if (now.Process.CpuPercent.TryGet(out double cpu) && cpu > StillPercent) return null;
        long stuck = groups.Where(g => WaitReasons.IsStuck(g.Key.WaitReason)).Sum(g => (long)g.Count);
        if (stuck < FewestBlocked) return null;
        GoroutineGroup largest = groups.First(g => WaitReasons.IsStuck(g.Key.WaitReason));
        return new Finding(
            Name, Severity.Critical,
            string.Create(CultureInfo.InvariantCulture, $"No progress: {Counted.Of(stuck, "goroutine waits", "goroutines wait")} for locks or receivers and nothing runs"),
            $"under {StillPerSecond:0} time slices a second were started for {Ticks} ticks; largest group: {largest.Key.StartFunction} [{largest.Key.WaitReason}]",
            "Open the group in Goroutines: its stack shows the lock; the goroutine that holds it is one that waits for something else.");
    }
}
