using System.Collections.Immutable;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Config;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>An alert for the queue of a channel.</summary>
/// <param name="DueAt">Until then it waits for others to go with.</param>
public sealed record QueuedAlert(string Channel, AlertItem Item, DateTimeOffset DueAt);

/// <summary>What a look at the alerts led to; to be written down in one step.</summary>
public sealed record Dispatch(ImmutableArray<QueuedAlert> Queued, ImmutableArray<OpenAlert> Saved, ImmutableArray<OpenAlert> Closed)
{
    public bool IsEmpty => Queued.IsEmpty && Saved.IsEmpty && Closed.IsEmpty;
}

/// <summary>
/// Decides who is told of what and when: silences, what mutes what, repeats, channels. Pure: it is given the time and what was known
/// before, and gives back what is to be queued and remembered. One task at a time. How long something lasts is told by a clock that
/// nobody sets (<c>uptime</c>, of which only differences count): a step of the other must neither repeat an alert, nor end or withhold it.
/// </summary>
/// <param name="open">Alerts that fired when the agent last ran.</param>
/// <param name="evidenceOf">Files that say more, by target.</param>
public sealed class AlertDispatcher(AlertSettings settings, IEnumerable<OpenAlert> open, TimeZoneInfo zone, Func<string, AlertEvidence> evidenceOf)
{
    /// <summary>A rule that says that all is well for so long has no alert any more, though nobody said that it is resolved: the agent started again.</summary>
    private static readonly TimeSpan LeastQuiet = TimeSpan.FromMinutes(1);

    /// <summary>A rule that cannot fire yet, for lack of history, is not waited for longer than this.</summary>
    private static readonly TimeSpan MostUncertain = TimeSpan.FromHours(2);

    /// <summary>A rule or target that nobody looks at is gone from the configuration.</summary>
    private static readonly TimeSpan MostUnseen = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string Rule, string Target), Tracked> _open = open.ToDictionary(alert => (alert.Rule, alert.Target), alert => new Tracked(alert));

    /// <summary>May be another from one look to the next.</summary>
    public AlertSettings Settings { get; set; } = settings;

    /// <summary>What fires, oldest first.</summary>
    public ImmutableArray<OpenAlert> Open => [.. _open.Values.Select(tracked => tracked.Alert).OrderBy(alert => alert.Item.FiredAt)];

    /// <param name="changes">What the engine said since the last look.</param>
    /// <param name="statuses">How all rules stand; null when only changes are looked at.</param>
    public Dispatch Look(ImmutableArray<AlertChange> changes, ImmutableArray<RuleStatus>? statuses, ImmutableArray<Silence> silences, DateTimeOffset now, TimeSpan uptime)
    {
        Work work = new();
        foreach (AlertChange change in changes) Take(change, work, now);
        if (statuses is { } all) Compare(all, work, now, uptime);
        // Only now: what mutes others may have come after them.
        foreach (Tracked tracked in _open.Values) Tell(tracked, silences, work, now, uptime);
        return new Dispatch([.. work.Queued], [.. work.Saved.Select(tracked => tracked.Alert)], [.. work.Closed]);
    }

    /// <summary>What is done about an alert, and why. When it was delivered the outbox knows.</summary>
    public (TellingState State, string Words, DateTimeOffset? RepeatsAt) Explain(OpenAlert alert, ImmutableArray<Silence> silences, DateTimeOffset now, TimeSpan uptime)
    {
        if (!_open.TryGetValue((alert.Rule, alert.Target), out Tracked? tracked)) return (TellingState.Told, "it is over", null);
        DateTimeOffset? repeatsAt = tracked.SinceTold(now, uptime) is { } since && RepeatOf(tracked) is var repeat && repeat > TimeSpan.Zero ? now + (repeat - since) : null;
        if (tracked.Rule is null) return (TellingState.Unconfirmed, "it fired before the agent started again; not known yet whether it still does", null);
        if (SilencedBy(alert, silences, now) is { } silenced) return (TellingState.Silenced, silenced, null);
        if (MutedBy(alert) is { } mute) return (TellingState.Muted, $"muted by {mute}", null);
        ImmutableArray<ChannelSettings> channels = ChannelsOf(tracked);
        if (channels.IsEmpty) return (TellingState.NoChannel, NoChannel(tracked.Rule), null);
        string unknown = Unknown(tracked.Rule) is { } names ? $"; {names}" : "";
        return (TellingState.Told, repeatsAt is { } at ? $"repeats at {MessageText.Time(at)}{unknown}" : $"not repeated{unknown}", repeatsAt);
    }

    private void Take(AlertChange change, Work work, DateTimeOffset now)
    {
        RuleStatus status = change.Status;
        (string, string) key = KeyOf(status);
        _open.TryGetValue(key, out Tracked? tracked);
        if (change.IsFiring)
        {
            // It has fired since before the agent started again: the same alert, with its id.
            AlertItem item = AlertItem.Of(
                tracked?.Alert.Item.Id ?? change.Id, tracked?.Alert.Item.FiredAt ?? status.FiredAt ?? now, status, change.Build, AlertState.Firing, evidenceOf(status.Target), now);
            if (tracked is null) _open.Add(key, tracked = new Tracked(new OpenAlert { Item = item }));
            else tracked.Alert = tracked.Alert with { Item = item };
            tracked.Rule = status.Rule;
            tracked.QuietSince = null;
            work.Saved.Add(tracked);
        }
        else if (tracked is not null)
        {
            tracked.Rule = status.Rule;
            Close(key, tracked, AlertItem.Of(tracked.Alert.Item.Id, tracked.Alert.Item.FiredAt, status, change.Build, AlertState.Resolved, evidenceOf(status.Target), now), work, now);
        }
    }

    /// <summary>Open alerts against how their rules stand: what still fires is confirmed, what does not is over.</summary>
    private void Compare(ImmutableArray<RuleStatus> statuses, Work work, DateTimeOffset now, TimeSpan uptime)
    {
        Dictionary<(string, string), RuleStatus> by = [];
        foreach (RuleStatus status in statuses)
        {
            if (_open.ContainsKey(KeyOf(status))) by[KeyOf(status)] = status;
        }

        foreach (((string Rule, string Target) key, Tracked tracked) in _open.ToArray())
        {
            if (!by.TryGetValue(key, out RuleStatus? status))
            {
                tracked.UnseenSince ??= uptime;
                if (uptime - tracked.UnseenSince >= MostUnseen) Close(key, tracked, Over(tracked, "no rule watches it any more", now), work, now);
                continue;
            }

            tracked.UnseenSince = null;
            if (status.Phase == AlertPhase.Firing)
            {
                tracked.Rule = status.Rule;
                tracked.QuietSince = null;
                // For the next time it is told; not worth a write by itself.
                tracked.Alert = tracked.Alert with { Item = AlertItem.Of(tracked.Alert.Item.Id, tracked.Alert.Item.FiredAt, status, tracked.Alert.Item.Build, AlertState.Firing, evidenceOf(status.Target), now) };
            }
            else if (status.Phase == AlertPhase.Pending || status.At == default)
            {
                tracked.QuietSince = null;
            }
            else
            {
                tracked.QuietSince ??= uptime;
                TimeSpan quiet = uptime - tracked.QuietSince.Value, needed = status.Rule.ClearFor > LeastQuiet ? status.Rule.ClearFor : LeastQuiet;
                bool canTell = status.NextChance is null || status.NextChance <= now || quiet >= MostUncertain;
                if (quiet >= needed && canTell) Close(key, tracked, AlertItem.Of(tracked.Alert.Item.Id, tracked.Alert.Item.FiredAt, status, tracked.Alert.Item.Build, AlertState.Resolved, evidenceOf(status.Target), now), work, now);
            }
        }
    }

    private void Tell(Tracked tracked, ImmutableArray<Silence> silences, Work work, DateTimeOffset now, TimeSpan uptime)
    {
        OpenAlert alert = tracked.Alert;
        if (tracked.Rule is null) return;
        TimeSpan repeat = RepeatOf(tracked);
        if (tracked.SinceTold(now, uptime) is { } since && (repeat <= TimeSpan.Zero || since < repeat)) return;
        if (SilencedBy(alert, silences, now) is not null || MutedBy(alert) is not null) return;
        ImmutableArray<ChannelSettings> channels = ChannelsOf(tracked);
        if (channels.IsEmpty) return;
        AlertItem item = alert.Item with { Telling = alert.Tellings + 1, At = now };
        foreach (ChannelSettings channel in channels) work.Queued.Add(new QueuedAlert(channel.Name, item, now + Settings.GroupWait));
        tracked.Alert = alert with { Item = item, LastToldAt = now, Tellings = item.Telling, ToldTo = [.. alert.ToldTo.Union(channels.Select(channel => channel.Name))] };
        tracked.ToldAt = uptime;
        work.Saved.Add(tracked);
    }

    /// <summary>Those who were told that it fires are told that it is over, also during a silence: it is good news, and the last.</summary>
    private void Close((string, string) key, Tracked tracked, AlertItem resolved, Work work, DateTimeOffset now)
    {
        _open.Remove(key);
        work.Saved.Remove(tracked);
        work.Closed.Add(tracked.Alert);
        foreach (ChannelSettings channel in Settings.Channels.Where(channel => channel.Common.TellsResolved && tracked.Alert.ToldTo.Contains(channel.Name)))
            work.Queued.Add(new QueuedAlert(channel.Name, resolved, now + Settings.GroupWait));
    }

    private static AlertItem Over(Tracked tracked, string why, DateTimeOffset now) => tracked.Alert.Item with { State = AlertState.Resolved, At = now, Why = why, Value = null };

    private TimeSpan RepeatOf(Tracked tracked) => tracked.Rule?.Repeat ?? Settings.Repeat;

    private ImmutableArray<ChannelSettings> ChannelsOf(Tracked tracked) =>
        [.. Settings.Channels.Where(channel => channel.Common.Least <= tracked.Alert.Item.Severity && (tracked.Rule!.Channels.IsEmpty || tracked.Rule.Channels.Contains(channel.Name)))];

    private string NoChannel(AlertRule rule) =>
        Settings.Channels.IsEmpty ? "told to nobody: gotop.toml has no [[alerts.channel]]"
        : Unknown(rule) is { } names ? $"told to nobody: {names}"
        : "told to nobody: no channel takes its severity";

    private string? Unknown(AlertRule rule)
    {
        string[] unknown = [.. rule.Channels.Where(name => Settings.Channels.All(channel => channel.Name != name))];
        return unknown.Length == 0 ? null : $"there is no channel {string.Join(", ", unknown)}";
    }

    private string? SilencedBy(OpenAlert alert, ImmutableArray<Silence> silences, DateTimeOffset now)
    {
        if (silences.Where(silence => silence.Covers(alert.Rule, alert.Target, now)).MaxBy(silence => silence.Until) is { } silence)
            return $"silenced by {silence.By} until {MessageText.Time(silence.Until)}{(silence.Comment.Length > 0 ? $": {silence.Comment}" : "")}";
        DateTimeOffset local = TimeZoneInfo.ConvertTime(now, zone);
        foreach (PlannedSilence planned in Settings.Silences)
        {
            if (planned.Covering(alert.Rule, alert.Target, local) is { } window) return $"silenced by gotop.toml, {window}{(planned.Comment.Length > 0 ? $": {planned.Comment}" : "")}";
        }

        return null;
    }

    /// <summary>The rule that mutes it; null when none does.</summary>
    private string? MutedBy(OpenAlert alert) => Settings.Inhibits
        .FirstOrDefault(inhibit => inhibit.Mutes(alert.Rule) && _open.TryGetValue((inhibit.When, alert.Target), out Tracked? source) && source.QuietSince is null)?.When;

    private static (string Rule, string Target) KeyOf(RuleStatus status) =>
        (Model.PlainText.Clean(status.Rule.Name, AlertItem.LongestName), Model.PlainText.Clean(status.Target, AlertItem.LongestName));

    private sealed class Tracked(OpenAlert alert)
    {
        public OpenAlert Alert { get; set; } = alert;

        /// <summary>As the engine that runs has it; null while that has not said that it fires.</summary>
        public AlertRule? Rule { get; set; }

        public TimeSpan? QuietSince { get; set; }

        public TimeSpan? UnseenSince { get; set; }

        public TimeSpan? ToldAt { get; set; }

        /// <summary>Null when it was never told. Of what an earlier agent told only the clock on the wall knows when that was.</summary>
        public TimeSpan? SinceTold(DateTimeOffset now, TimeSpan uptime)
        {
            if (Alert.LastToldAt is not { } last) return null;
            ToldAt ??= uptime - (now > last ? now - last : TimeSpan.Zero);
            return uptime - ToldAt;
        }
    }

    private sealed class Work
    {
        public List<QueuedAlert> Queued { get; } = [];

        public HashSet<Tracked> Saved { get; } = [];

        public List<OpenAlert> Closed { get; } = [];
    }
}
