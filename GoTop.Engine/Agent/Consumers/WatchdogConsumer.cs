using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>Keeps a watchdog for each target that the configuration wants one for, hands on what happens to it, and writes down how they stand.</summary>
internal sealed class WatchdogConsumer : IObservationConsumer
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(1);

    /// <summary>Figures and times change at each look; what counts is written at once.</summary>
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(5);

    private readonly AgentServices _services;
    private readonly WatchdogParts _parts;
    private readonly WatchdogFile _file;

    /// <summary>How they stood when the last agent ended, until it is made use of.</summary>
    private readonly Dictionary<string, WatchdogStanding> _before;
    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<string, TargetWatchdog> _watchdogs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AgentEvent> _seen = new(StringComparer.Ordinal);

    /// <summary>No longer wanted, and not yet ended.</summary>
    private readonly Queue<TargetWatchdog> _gone = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private GoTopConfig? _config;
    private long _written;
    private bool _isUnwritten;
    private bool _hasFile;
    private string? _problem;

    public WatchdogConsumer(AgentServices services)
    {
        _services = services;
        _parts = new WatchdogParts(services.Platform, services.Time, services.Log, services.ToolVersion, services.Config, services.Audit, Changed);
        _file = new WatchdogFile(services.Folder);
        _before = (_file.Read().ValueOr(null)?.Targets ?? []).DistinctBy(standing => standing.Target).ToDictionary(standing => standing.Target, StringComparer.Ordinal);
        _hasFile = _before.Count > 0;
        Follow();
        _following = Task.Run(() => new Repeating(services, FollowEvery, "following the configuration failed; watchdogs go on as they are", FollowAsync).RunAsync(atOnce: false, _stop.Token));
    }

    public string Id => "watchdog";

    public Task ObservedAsync(AgentTarget target, Observation observation, CancellationToken cancellation)
    {
        lock (_gate) _watchdogs.GetValueOrDefault(target.Name)?.Observed(observation);
        return Task.CompletedTask;
    }

    public Task HappenedAsync(AgentEvent happened, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (happened.Kind == AgentEventKind.Unwatched) _seen.Remove(happened.Target.Name);
            else _seen[happened.Target.Name] = happened;
            if (_watchdogs.TryGetValue(happened.Target.Name, out TargetWatchdog? watchdog)) Tell(watchdog, happened);
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_watchdogs.Values.Select(watchdog => watchdog.DisposeAsync().AsTask())).ConfigureAwait(false);
        Write();
        _stop.Dispose();
    }

    private static void Tell(TargetWatchdog watchdog, AgentEvent happened)
    {
        switch (happened.Kind)
        {
            case AgentEventKind.Lost:
                watchdog.Ended(happened.Target.Context, happened.Reason, happened.By);
                break;
            case AgentEventKind.Unwatched:
                watchdog.Left(happened.Reason);
                break;
            default:
                watchdog.Appeared(happened.Target.Context, happened.By);
                break;
        }
    }

    private async Task FollowAsync()
    {
        Follow();
        while (_gone.TryDequeue(out TargetWatchdog? gone)) await gone.DisposeAsync().ConfigureAwait(false);
        if (Volatile.Read(ref _isUnwritten) && _services.Time.GetElapsedTime(Interlocked.Read(ref _written)) >= WriteEvery) Write();
    }

    /// <summary>A watchdog for each target that is to have one; those of before go on, with their settings as they are now.</summary>
    private void Follow()
    {
        GoTopConfig config = _services.Config();
        if (ReferenceEquals(config, _config)) return;
        Dictionary<string, WatchdogSettings> wanted = new(StringComparer.Ordinal);
        foreach (TargetSettings target in config.Targets)
        {
            if (target.Watchdog is { } settings) wanted[TargetNaming.NameOf(target)] = settings;
        }

        lock (_gate)
        {
            foreach (string name in _watchdogs.Keys.Where(name => !wanted.ContainsKey(name)).ToArray())
            {
                _watchdogs.Remove(name, out TargetWatchdog? watchdog);
                _gone.Enqueue(watchdog!);
                // It may be in the middle of a look or a restart, and must not say afterwards how it stands.
                watchdog!.Retire();
                _services.Watchdogs.Remove(name);
                Volatile.Write(ref _isUnwritten, true);
            }

            foreach ((string name, WatchdogSettings settings) in wanted)
            {
                if (_watchdogs.TryGetValue(name, out TargetWatchdog? there))
                {
                    there.Use(settings);
                    continue;
                }

                _before.Remove(name, out WatchdogStanding? before);
                TargetWatchdog watchdog = new(name, settings, _parts, before);
                _watchdogs.Add(name, watchdog);
                if (_seen.TryGetValue(name, out AgentEvent? happened)) Tell(watchdog, happened);
            }
        }

        // Only now: what failed is done again.
        _config = config;
    }

    private void Changed(WatchdogStanding standing)
    {
        WatchdogStanding? before = _services.Watchdogs.Of(standing.Target);
        _services.Watchdogs.Set(standing);
        if (before?.Phase != standing.Phase)
        {
            LogLevel level = standing.Phase is WatchdogPhase.Failing or WatchdogPhase.Restarting or WatchdogPhase.GivenUp ? LogLevel.Warning : LogLevel.Information;
            _services.Log.Log(level, "watchdog of {Target}: {Standing}", standing.Target, standing);
        }

        Volatile.Write(ref _isUnwritten, true);
        if (before is null || before.Phase != standing.Phase || before.Restarts != standing.Restarts || before.Failures != standing.Failures || before.LastRestart != standing.LastRestart) Write();
    }

    private void Write()
    {
        lock (_writing)
        {
            Volatile.Write(ref _isUnwritten, false);
            Interlocked.Exchange(ref _written, _services.Time.GetTimestamp());
            try
            {
                // No watchdog and none before: no file.
                if (_services.Watchdogs.All.IsEmpty && !_hasFile) return;
                _file.Write(new WatchdogBook(_services.Time.GetUtcNow(), _services.Watchdogs.All));
                (_hasFile, _problem) = (true, null);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                if (_problem != refused.Message) _services.Log.LogError("{File} cannot be written, so that the next agent would not know what was given up: {Reason}", _file.Path, refused.Message);
                _problem = refused.Message;
            }
        }
    }
}
