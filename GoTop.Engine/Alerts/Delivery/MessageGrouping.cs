using System.Collections.Immutable;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>A message that is due.</summary>
/// <param name="Rows">All that it tells or takes the place of.</param>
/// <param name="Items">One for each alert: that it is over takes the place of that it fires.</param>
internal sealed record PlannedMessage(ImmutableArray<OutboxRow> Rows, ImmutableArray<AlertItem> Items);

/// <summary>Makes messages of a channel's queue: one for each target, or one for all of them when they are many. Pure.</summary>
internal static class MessageGrouping
{
    /// <summary>Nothing is ever put off for longer: what seems to be was written down before the clock was set back, and is due.</summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(15);

    /// <param name="stormTargets">Alerts of more targets than these are one message.</param>
    /// <returns>What is due, and when the next is; null for nothing.</returns>
    public static (ImmutableArray<PlannedMessage> Due, DateTimeOffset? Next) Plan(ImmutableArray<OutboxRow> queue, int stormTargets, DateTimeOffset now)
    {
        // A target's alerts stay together and in order, so whatever of it is due takes the others along.
        ImmutableArray<IGrouping<string, OutboxRow>> targets = [.. queue.GroupBy(row => row.Item.Target, StringComparer.Ordinal)];
        ImmutableArray<IGrouping<string, OutboxRow>> due = [.. targets.Where(target => target.Any(row => row.DueAt <= now || row.DueAt - now > MostAhead))];
        if (due.IsEmpty) return ([], queue.IsEmpty ? null : queue.Min(row => row.DueAt));
        // Those that have not been tried yet belong to the same storm, though they came a moment later.
        ImmutableArray<IGrouping<string, OutboxRow>> storm = [.. targets.Where(target => due.Contains(target) || target.All(row => row.Attempts == 0))];
        return storm.Length > stormTargets ? ([Message(storm.SelectMany(target => target))], null) : ([.. due.Select(Message)], null);
    }

    private static PlannedMessage Message(IEnumerable<OutboxRow> rows)
    {
        ImmutableArray<OutboxRow> all = [.. rows.OrderBy(row => row.Id)];
        return new PlannedMessage(all, [.. all.GroupBy(row => row.Item.Id, StringComparer.Ordinal).Select(alert => alert.MaxBy(row => row.Item.State)!.Item)]);
    }
}
