using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>Many goroutines queue for the same lock, and did so in the previous reading.</summary>
public sealed class LockConvoyRule : IFindingRule
{
    private const int Queue = 20;

    public string Name => "lock-convoy";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return null;
        GoroutineGroup? largest = groups.FirstOrDefault(group => WaitReasons.IsLock(group.Key.WaitReason));
        if (largest is null || largest.Count < Queue) return null;
        // Queued a moment ago as well: a passing burst is no convoy.
        if ((largest.CountBefore ?? largest.Count) < Queue / 2) return null;
        long waiting = groups.Where(group => WaitReasons.IsLock(group.Key.WaitReason)).Sum(group => (long)group.Count);
        return new Finding(
            Name, largest.Count >= 200 ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"Lock convoy: {Counted.Of(waiting, "goroutine waits", "goroutines wait")} for a lock, {largest.Count:N0} of them in one group"),
            $"{largest.Key.StartFunction} [{largest.Key.WaitReason}], at {Places.OfFirstOwnFrame(largest.Stack)}",
            "Open the group in Goroutines: the frame above sync.(*Mutex).Lock is the lock; shorten what is done under it.");
    }
}
