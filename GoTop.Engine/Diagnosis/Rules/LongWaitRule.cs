using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>
/// Goroutines that have sent to a channel for minutes: a receiver that gave up. Receivers and selects may wait for
/// ever by design, senders hardly.
/// </summary>
public sealed class LongWaitRule : IFindingRule
{
    private const double Seconds = 300;
    private const int Fewest = 5;

    public string Name => "stuck-senders";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return null;
        GoroutineGroup? stuck = groups.FirstOrDefault(group =>
            group.Count >= Fewest
            && group.Key.State == GoroutineState.Waiting
            && group.Key.WaitReason.StartsWith("chan send", StringComparison.Ordinal)
            && group.OldestSeconds.TryGet(out double oldest) && oldest >= Seconds);
        return stuck is null ? null : new Finding(
            Name, Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{stuck.Count:N0} goroutines stuck in a channel send, oldest {stuck.OldestSeconds.Value / 60:0} min"),
            $"{stuck.Key.StartFunction}, made in {stuck.Key.CreatedBy.Function}",
            "Their receiver is gone: give the channel room for one value, or select on the context as well.");
    }
}
