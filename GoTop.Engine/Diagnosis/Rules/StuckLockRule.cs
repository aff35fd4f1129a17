using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>
/// A goroutine has waited for one lock for a minute or more. Go's mutexes hand over to the longest waiter within
/// milliseconds, so its holder is stuck: a deadlock, or a call made under the lock that does not return.
/// </summary>
public sealed class StuckLockRule : IFindingRule
{
    private const double WarningSeconds = 60;
    private const double CriticalSeconds = 180;

    public string Name => "stuck-lock";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return null;
        ImmutableArray<GoroutineGroup> stuck =
        [
            .. groups
                .Where(group => group.Key.WaitReason is "sync.Mutex.Lock" or "sync.RWMutex.Lock" or "sync.RWMutex.RLock" && Oldest(group) >= WarningSeconds)
                .OrderByDescending(Oldest),
        ];
        if (stuck.IsEmpty) return null;
        GoroutineGroup oldest = stuck[0];
        return new Finding(
            Name, Oldest(oldest) >= CriticalSeconds ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{oldest.Key.StartFunction} has waited {Oldest(oldest) / 60:0.#} min for a lock at least: deadlock?"),
            string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(stuck.Sum(group => group.Count), "such goroutine")} in {Counted.Of(stuck.Length, "group")}; at {Places.OfFirstOwnFrame(oldest.Stack)}"),
            "Open the groups in Goroutines and compare their stacks: in a deadlock each holds the lock that the other waits for.");
    }

    private static double Oldest(GoroutineGroup group) => group.OldestSeconds.ValueOr(0);
}
