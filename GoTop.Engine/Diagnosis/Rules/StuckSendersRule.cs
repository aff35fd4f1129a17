using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>
/// Goroutines that pile up in a channel send, or have been in one for minutes: their receiver is slow, stuck or gone.
/// Receivers and selects may wait for ever by design, senders hardly.
/// </summary>
public sealed class StuckSendersRule : IFindingRule
{
    private const int PileUp = 100;
    private const int Fewest = 5;
    private const double LongSeconds = 300;

    public string Name => "stuck-senders";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return null;
        GoroutineGroup? stuck = groups.FirstOrDefault(group =>
            group.Key.State is GoroutineState.Waiting or GoroutineState.Leaked
            && group.Key.WaitReason.StartsWith("chan send", StringComparison.Ordinal)
            && (group.Count >= PileUp || (group.Count >= Fewest && Oldest(group) >= LongSeconds)));
        if (stuck is null) return null;
        // Those that the runtime has found leaked and those that it has not been asked about are stuck alike.
        GoroutineGroup[] all = [.. groups.Where(group => group.Key.WhetherLeakedOrNot == stuck.Key.WhetherLeakedOrNot)];
        string age = all.Max(Oldest) is var seconds and > 0
            ? string.Create(CultureInfo.InvariantCulture, $", the oldest for {(seconds >= 120 ? $"{seconds / 60:0} min" : $"{seconds:0} s")} at least")
            : "";
        return new Finding(
            Name, Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(all.Sum(group => (long)group.Count), "goroutine")} stuck in a channel send: {stuck.Key.StartFunction}"),
            $"made in {Places.Of(stuck.Key.CreatedBy)}{age}",
            "Look at who should receive: gone (give the channel room, or select on the context as well), or stuck itself.");
    }

    private static double Oldest(GoroutineGroup group) => group.OldestSeconds.ValueOr(0);
}
