using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Fleet.PromQl;
using GoTop.Engine.Fleet.Urls;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Fleet;

/// <summary>Reads all sources again and again, each at its own pace, and publishes what they tell together.</summary>
public sealed class FleetWatch : IAsyncDisposable
{
    /// <summary>While the first round goes on, what is there already is shown so often.</summary>
    private static readonly TimeSpan ShowProgressEvery = TimeSpan.FromSeconds(1);

    /// <summary>From the first round to the second, which makes rates.</summary>
    private static readonly TimeSpan UntilRates = TimeSpan.FromSeconds(1);

    /// <summary>The rest of the interval is for the last answers of a round.</summary>
    private const double SpreadShare = 0.9;

    private readonly ImmutableArray<IFleetSource> _sources;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private FleetSnapshot? _latest;

    /// <param name="sources">Disposed with this.</param>
    public FleetWatch(ImmutableArray<IFleetSource> sources, TimeSpan interval, TimeProvider time, ILogger log) =>
        (_sources, _interval, _time, _log) = (sources, interval, time, log);

    /// <summary>Raised on any thread.</summary>
    public event Action? Published;

    /// <summary>Null before the first answers.</summary>
    public FleetSnapshot? Latest => Volatile.Read(ref _latest);

    /// <summary>Whether the configuration names any source.</summary>
    public static bool IsAny(GoTopConfig config) => !config.Fleet.Engines.IsEmpty || config.Targets.Any(UrlTargets.IsOne);

    /// <summary>The sources that the configuration names; empty when it has no target with an address and no engine.</summary>
    public static ImmutableArray<IFleetSource> SourcesOf(GoTopConfig config, TimeProvider time, ILogger log) =>
    [
        .. config.Targets.Any(UrlTargets.IsOne) ? [new UrlTargets(config.Targets, config.Fleet, time, log)] : (IFleetSource[])[],
        .. config.Fleet.Engines.Select(engine => new PromQlSource(engine, time)),
    ];

    /// <summary>Reads on and on until this is disposed of.</summary>
    public void Start() => _running = Task.WhenAll(_sources.Select(source => Task.Run(() => RunAsync(source, _stop.Token))));

    /// <summary>Reads everything once, in place of <see cref="Start"/>.</summary>
    /// <param name="first">Rates need two readings a second apart where no earlier ones are there.</param>
    /// <exception cref="OperationCanceledException"></exception>
    public async Task<FleetSnapshot> ReadOnceAsync(bool first, CancellationToken cancellation)
    {
        await Task.WhenAll(_sources.Select(async source =>
        {
            await source.ReadAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false);
            if (!first || !source.NeedsTwoRounds) return;
            await Task.Delay(UntilRates, _time, cancellation).ConfigureAwait(false);
            await source.ReadAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false);
        })).ConfigureAwait(false);
        return Publish();
    }

    /// <summary>The past of a target.</summary>
    /// <exception cref="OperationCanceledException"></exception>
    public ValueTask<Reading<FleetHistory>> HistoryAsync(FleetRow row, CancellationToken cancellation) =>
        _sources.FirstOrDefault(source => source.Name == row.Source) is { } source
            ? source.HistoryAsync(row, cancellation)
            : ValueTask.FromResult(Reading.Failed<FleetHistory>("its source is gone"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (IFleetSource source in _sources) await source.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(IFleetSource source, CancellationToken stopped)
    {
        for (int round = 0; ; round++)
        {
            long start = _time.GetTimestamp();
            bool atOnce = round == 0 || (round == 1 && source.NeedsTwoRounds);
            try
            {
                Task reading = source.ReadAsync(atOnce ? TimeSpan.Zero : _interval * SpreadShare, stopped).AsTask();
                if (round == 0) await ShowProgressAsync(reading, stopped).ConfigureAwait(false);
                await reading.ConfigureAwait(false);
                Publish();
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                // One source's slip must not end the others; the next round may go better.
                _log.LogError(bug, "reading the fleet from {Source} failed", source.Name);
            }

            TimeSpan wait = (round == 0 && source.NeedsTwoRounds ? Shorter(UntilRates, _interval) : _interval) - _time.GetElapsedTime(start);
            if (wait <= TimeSpan.Zero) continue;
            try
            {
                await Task.Delay(wait, _time, stopped).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ShowProgressAsync(Task reading, CancellationToken stopped)
    {
        while (!reading.IsCompleted)
        {
            using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(stopped);
            Task pause = Task.Delay(ShowProgressEvery, _time, done.Token);
            await Task.WhenAny(reading, pause).ConfigureAwait(false);
            await done.CancelAsync().ConfigureAwait(false);
            if (!reading.IsCompleted) Publish();
        }
    }

    private FleetSnapshot Publish()
    {
        FleetSnapshot snapshot;
        lock (_gate)
        {
            snapshot = FleetSnapshot.Of([.. _sources.Select(source => source.Current)], _time.GetUtcNow());
            Volatile.Write(ref _latest, snapshot);
        }

        Published?.Invoke();
        return snapshot;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
