using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Fleet;
using GoTop.Engine.Fleet.Urls;
using GoTop.Engine.Model;
using GoTop.Panes.Fleet;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli;

/// <summary>The fleet behind the screen: read from when it is first looked at until the screen closes, with the past of the target that is shown.</summary>
/// <param name="publish">Takes the fleet, on any thread.</param>
/// <param name="publishDetail">Takes the past of the target shown, or null.</param>
internal sealed class FleetHolder(CliContext context, ILogger log, Action<Reading<FleetSnapshot>> publish, Action<FleetDetail?> publishDetail) : IDisposable
{
    /// <summary>The past grows by a step a minute.</summary>
    private static readonly TimeSpan ReadPastEvery = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private FleetWatch? _watch;
    private FleetRow? _shown;
    private CancellationTokenSource? _reading;
    private long _pastAt;

    public bool IsRunning => Volatile.Read(ref _watch) is not null;

    /// <summary>Begins to read; nothing when it has begun.</summary>
    public void Start(GoTopConfig config)
    {
        if (IsRunning) return;
        ImmutableArray<IFleetSource> sources = FleetWatch.SourcesOf(config, context.Time, log);
        if (sources.IsEmpty)
        {
            publish(Reading.NotSupported<FleetSnapshot>("gotop.toml names neither a target with an address nor an engine"));
            return;
        }

        publish(Reading.NotYet<FleetSnapshot>($"{config.Targets.Count(UrlTargets.IsOne)} by address, {Counted.Of(config.Fleet.Engines.Length, "engine")}"));
        FleetWatch watch = new(sources, config.Fleet.Interval, context.Time, log);
        watch.Published += () => OnPublished(watch);
        Volatile.Write(ref _watch, watch);
        watch.Start();
    }

    /// <param name="row">Null: no target's past is wanted any more.</param>
    public void Show(FleetRow? row)
    {
        publishDetail(null);
        lock (_gate) _shown = row;
        ReadPast();
    }

    /// <summary>The process of this machine that the row is about: at a port that it listens on.</summary>
    /// <returns>Null where it is none, or there are several.</returns>
    public async Task<TargetIdentity?> FindLocalAsync(FleetRow row, CancellationToken cancellation)
    {
        if (row.Authority is not { } authority || !Uri.TryCreate("http://" + authority, UriKind.Absolute, out Uri? url)) return null;
        if (!url.IsLoopback && !url.Host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)) return null;
        GoProcessList found = await Task.Run(() => context.Finder.Find(cancellation), cancellation).ConfigureAwait(false);
        GoProcess[] meant = [.. found.Processes.Where(process => process.Identity.Ports.TryGet(out ImmutableArray<int> ports) && ports.Contains(url.Port))];
        return meant.Length == 1 ? meant[0].Identity : null;
    }

    public void Dispose()
    {
        lock (_gate) _shown = null;
        _reading?.Cancel();
        // Sources end within their own deadlines; nobody waits for them at the end of the program.
        if (Interlocked.Exchange(ref _watch, null) is { } watch) _ = watch.DisposeAsync().AsTask();
    }

    private void OnPublished(FleetWatch watch)
    {
        if (watch.Latest is { } latest) publish(Reading.Of(latest));
        if (context.Time.GetElapsedTime(Volatile.Read(ref _pastAt)) >= ReadPastEvery) ReadPast();
    }

    private void ReadPast()
    {
        CancellationTokenSource reading = new();
        FleetRow? row;
        lock (_gate)
        {
            _reading?.Cancel();
            _reading = reading;
            row = _shown;
        }

        Volatile.Write(ref _pastAt, context.Time.GetTimestamp());
        if (row is null || Volatile.Read(ref _watch) is not { } watch) return;
        _ = Task.Run(async () =>
        {
            try
            {
                Reading<FleetHistory> history = await watch.HistoryAsync(row, reading.Token).ConfigureAwait(false);
                lock (_gate)
                {
                    if (_reading != reading) return;
                }

                publishDetail(new FleetDetail(row.Id, history));
            }
            catch (OperationCanceledException)
            {
                // Another one is looked at now.
            }
            catch (Exception bug)
            {
                log.LogError(bug, "the past of {Target} cannot be read", row.Name);
            }
        });
    }
}
