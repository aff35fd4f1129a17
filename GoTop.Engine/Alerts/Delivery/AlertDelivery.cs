using System.Collections.Immutable;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Config;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>
/// All of telling: what the engine says goes in, messages go out over the channels. <see cref="Look"/> writes to the outbox and returns;
/// it waits for no channel. One task at a time calls it.
/// </summary>
public sealed class AlertDelivery : IAsyncDisposable
{
    /// <summary>Repeats, silences and what is over without a word are looked for so often.</summary>
    private static readonly TimeSpan CompareEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly DeliveryParts _parts;
    private readonly Outbox _outbox;
    private readonly SilenceFile _silences;
    private readonly AlertDispatcher _dispatcher;
    private readonly Func<ChannelSettings, IAlertChannel> _create;
    private readonly long _opened;
    private ImmutableArray<(ChannelSettings Settings, DeliveryWorker Worker)> _workers = [];
    private ImmutableArray<Dispatch> _unwritten = [];

    /// <summary>Null before the first time.</summary>
    private long? _compared;
    private string? _silenceProblem;

    private AlertDelivery(string folder, AlertSettings settings, DeliveryParts parts, bool isWhole, Func<string, AlertEvidence> evidenceOf, Func<ChannelSettings, IAlertChannel>? create)
    {
        _parts = parts;
        _opened = parts.Time.GetTimestamp();
        _create = create ?? (channel => channel.Create(new ChannelParts(parts.Time, parts.Log)));
        _outbox = Outbox.Open(folder, parts.Log, parts.Time);
        _silences = new SilenceFile(folder, parts.Time);
        ImmutableArray<OpenAlert> open;
        try
        {
            open = _outbox.ReadOpen();
        }
        catch (OutboxException unread)
        {
            parts.Log.LogError("it is not known what fired when the agent last ran: {Problem}", unread.Message);
            open = [];
        }

        _dispatcher = new AlertDispatcher(settings, open, parts.Time.LocalTimeZone, evidenceOf);
        Begin(isWhole);
    }

    /// <summary>Begins where the last agent of this folder ended: what fired then keeps its id, what was not told is told.</summary>
    /// <param name="folder">The agent's.</param>
    /// <param name="isWhole">
    /// False where the settings are only what could be read of a file with problems: what waits for channels that they lack is kept then.
    /// </param>
    /// <param name="evidenceOf">Files that say more of a target; null for none.</param>
    /// <param name="create">Makes channels in place of their own settings, for tests.</param>
    public static AlertDelivery Open(string folder, AlertSettings settings, DeliveryParts parts, bool isWhole = true, Func<string, AlertEvidence>? evidenceOf = null, Func<ChannelSettings, IAlertChannel>? create = null) =>
        new(folder, settings, parts, isWhole, evidenceOf ?? (_ => AlertEvidence.None), create);

    private TimeSpan Uptime => _parts.Time.GetElapsedTime(_opened);

    /// <summary>After every <see cref="AlertEngine.Look"/>, also when it gave no change; at least every few seconds.</summary>
    /// <param name="statuses">How all rules stand: <see cref="AlertEngine.Status"/>. Asked for once a second at most.</param>
    public void Look(ImmutableArray<AlertChange> changes, Func<ImmutableArray<RuleStatus>> statuses)
    {
        DateTimeOffset now = _parts.Time.GetUtcNow();
        bool compare = _compared is not { } last || _parts.Time.GetElapsedTime(last) >= CompareEvery;
        if (!compare && changes.IsEmpty) return;
        if (compare) _compared = _parts.Time.GetTimestamp();
        lock (_lock)
        {
            Dispatch dispatch = _dispatcher.Look(changes, compare ? statuses() : null, Silences(), now, Uptime);
            if (!dispatch.IsEmpty) _unwritten = _unwritten.Add(dispatch);
            if (!_unwritten.IsEmpty) Write(now);
        }
    }

    /// <summary>
    /// Another configuration, without problems. Channels of which it says the same go on, with what they know of their last failures; the others
    /// are made anew. Alerts and what waits stay.
    /// </summary>
    public async Task ApplyAsync(AlertSettings settings)
    {
        ImmutableArray<(ChannelSettings Settings, DeliveryWorker Worker)> before = _workers;
        _workers = [.. before.Where(worker => settings.Channels.Any(worker.Settings.SaysTheSame))];
        foreach ((_, DeliveryWorker worker) in before.Except(_workers)) await worker.DisposeAsync().ConfigureAwait(false);
        lock (_lock) _dispatcher.Settings = settings;
        Begin(isWhole: true);
    }

    /// <summary>What fires, oldest first, and who was told of it or why nobody is. Any task.</summary>
    public ImmutableArray<AlertStanding> Standing()
    {
        lock (_lock)
        {
            DateTimeOffset now = _parts.Time.GetUtcNow();
            ImmutableArray<Silence> silences = Silences();
            return [.. _dispatcher.Open.Select(alert => StandingOf(alert, silences, now))];
        }
    }

    /// <summary>How the channels are. Any task.</summary>
    public ImmutableArray<ChannelStanding> Channels()
    {
        try
        {
            return [.. _workers.Select(worker => _outbox.Standing(worker.Settings))];
        }
        catch (OutboxException unread)
        {
            return [.. _workers.Select(worker => new ChannelStanding(worker.Settings.Name, worker.Settings.Kind, worker.Settings.Where, 0, 0, 0, 0, null, unread.Message, _parts.Time.GetUtcNow()))];
        }
    }

    /// <summary>What has not been told stays in the outbox.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach ((_, DeliveryWorker worker) in _workers) await worker.DisposeAsync().ConfigureAwait(false);
        _outbox.Dispose();
    }

    private void Begin(bool isWhole)
    {
        AlertSettings settings = _dispatcher.Settings;
        if (isWhole) ForgetOthers(settings);
        _workers =
        [
            .. settings.Channels.Select(channel =>
            {
                (ChannelSettings Settings, DeliveryWorker Worker) before = _workers.FirstOrDefault(worker => worker.Settings.Name == channel.Name);
                return before.Worker is null ? (channel, new DeliveryWorker(channel, _create(channel), _outbox, () => _dispatcher.Settings.StormTargets, _parts)) : before;
            }),
        ];
    }

    /// <summary>What waits for channels that a person took out of the configuration.</summary>
    private void ForgetOthers(AlertSettings settings)
    {
        try
        {
            int forgotten = _outbox.Forget([.. settings.Channels.Select(channel => channel.Name)]);
            if (forgotten > 0) _parts.Log.LogWarning("{Alerts} not told: the configuration no longer has the channels", Figures.Counted(forgotten, "alert"));
        }
        catch (OutboxException unwritten)
        {
            _parts.Log.LogError("{Problem}", unwritten.Message);
        }
    }

    private void Write(DateTimeOffset now)
    {
        try
        {
            while (!_unwritten.IsEmpty)
            {
                foreach ((string channel, int dropped) in _outbox.Write(_unwritten[0], now)) _parts.Log.LogError("the queue of {Channel} is full: {Alerts} dropped untold, the oldest", channel, Figures.Counted(dropped, "alert"));
                _unwritten = _unwritten.RemoveAt(0);
            }
        }
        catch (OutboxException unwritten)
        {
            // Tried again at the next look.
            if (_unwritten.Length > Outbox.MostOfChannel) _unwritten = _unwritten.RemoveAt(0);
            _parts.Log.LogError("alerts wait to be written down: {Problem}", unwritten.Message);
        }
    }

    private ImmutableArray<Silence> Silences()
    {
        ImmutableArray<Silence> silences = _silences.Read();
        if (_silences.Problem != _silenceProblem && _silences.Problem is { } problem) _parts.Log.LogWarning("silences: {Problem}", problem);
        _silenceProblem = _silences.Problem;
        return silences;
    }

    private AlertStanding StandingOf(OpenAlert alert, ImmutableArray<Silence> silences, DateTimeOffset now)
    {
        (TellingState state, string words, DateTimeOffset? repeatsAt) = _dispatcher.Explain(alert, silences, now, Uptime);
        ImmutableArray<ChannelTelling> tellings;
        try
        {
            tellings = _outbox.Tellings(alert);
        }
        catch (OutboxException unread)
        {
            tellings = [];
            words = $"{words}; {unread.Message}";
        }

        string told = string.Join("; ", tellings.Select(Words));
        return new AlertStanding(
            alert.Item.Id, alert.Rule, alert.Target, alert.Item.Severity, alert.Item.FiredAt, state, told.Length > 0 ? $"{told}; {words}" : words, state == TellingState.Told ? repeatsAt : null, tellings);
    }

    private static string Words(ChannelTelling telling) => telling switch
    {
        { Waiting: true, Problem: { } problem } => $"not yet told by {telling.Channel}: {problem}; tried again at {MessageText.Time(telling.NextTry!.Value)}",
        { Waiting: true, DeliveredAt: null } => $"about to be told by {telling.Channel}",
        { DeliveredAt: { } at } => $"told at {MessageText.Time(at)} by {telling.Channel}",
        _ => $"not told by {telling.Channel}: dropped or given up",
    };
}
