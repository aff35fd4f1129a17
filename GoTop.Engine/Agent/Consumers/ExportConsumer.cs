using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>Keeps an exporter for each table of <c>[export]</c>, hands on what is observed, and writes down how they stand.</summary>
internal sealed class ExportConsumer : IObservationConsumer
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(5);

    private readonly AgentServices _services;
    private readonly ImmutableArray<ExporterKind> _catalogue;
    private readonly ExportBoard _board;
    private readonly ExportFile _file;
    private readonly ExportParts _parts;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private ImmutableDictionary<string, (object Settings, IExporter Exporter)> _exporters = ImmutableDictionary<string, (object, IExporter)>.Empty;
    private GoTopConfig? _config;
    private long _written;
    private bool _isWritten;
    private bool _isNothingTold;
    private string? _problem;
    private string? _bug;

    public ExportConsumer(AgentServices services)
        : this(services, ExporterCatalog.All)
    {
    }

    public ExportConsumer(AgentServices services, ImmutableArray<ExporterKind> catalogue)
    {
        (_services, _catalogue) = (services, catalogue);
        _board = new ExportBoard(services);
        _file = new ExportFile(services.Folder);
        _parts = new ExportParts(services.Time, services.Log, services.Folder, services.ToolVersion, _board.View);
        _following = Task.Run(() => new Repeating(services, FollowEvery, "the configuration of exports cannot be followed", FollowAsync).RunAsync(atOnce: true, _stop.Token));
    }

    public string Id => "export";

    public Task ObservedAsync(AgentTarget target, Observation observation, CancellationToken cancellation)
    {
        ExportSettings export = _services.Config().Export;
        // By what is wanted: the first exporter may be in the making. Nobody else looks at what is kept.
        if (_catalogue.Any(kind => kind.SettingsOf(export) is not null)) _board.Observed(target, observation);
        foreach ((object _, IExporter exporter) in Volatile.Read(ref _exporters).Values) exporter.Observed(target, observation);
        // Nobody sends lines: who does later begins after these.
        if (export.Otlp?.Logs is null) _parts.LogPositions.PassOver(target, observation);
        return Task.CompletedTask;
    }

    public Task HappenedAsync(AgentEvent happened, CancellationToken cancellation)
    {
        _board.Happened(happened);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Each comes to an end, whatever another one does; and what they had to leave is written down at last.
        await Task.WhenAll(_exporters.Select(one => EndAsync(one.Key, one.Value.Exporter))).ConfigureAwait(false);
        Write();
        _stop.Dispose();
    }

    private async Task EndAsync(string id, IExporter exporter)
    {
        try
        {
            await exporter.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception bug)
        {
            _services.Log.LogError(bug, "{Exporter} did not end well", id);
        }
    }

    private async Task FollowAsync()
    {
        await FollowConfigAsync().ConfigureAwait(false);
        if (!_isNothingTold && _services.Time.GetElapsedTime(_written) >= WriteEvery) Write();
    }

    /// <summary>Exporters whose settings say what they said before go on.</summary>
    private async Task FollowConfigAsync()
    {
        GoTopConfig config = _services.Config();
        if (ReferenceEquals(config, _config)) return;
        _config = config;
        foreach (ExporterKind kind in _catalogue)
        {
            try
            {
                object? wanted = kind.SettingsOf(config.Export);
                if (_exporters.TryGetValue(kind.Id, out (object Settings, IExporter Exporter) there))
                {
                    if (there.Settings.Equals(wanted)) continue;
                    Volatile.Write(ref _exporters, _exporters.Remove(kind.Id));
                    await there.Exporter.DisposeAsync().ConfigureAwait(false);
                }

                if (wanted is not null) Volatile.Write(ref _exporters, _exporters.Add(kind.Id, (wanted, kind.Create(config.Export, _parts))));
            }
            catch (Exception bug) when (bug is not OperationCanceledException)
            {
                _services.Log.LogError(bug, "{Exporter} cannot be changed", kind.Id);
            }
        }

        Write();
    }

    private void Write()
    {
        _written = _services.Time.GetTimestamp();
        _isNothingTold = false;
        ImmutableArray<ExporterStanding> standings = [.. _catalogue.Where(kind => _exporters.ContainsKey(kind.Id)).Select(kind => StandingOf(_exporters[kind.Id].Exporter)).OfType<ExporterStanding>()];
        // Nothing exported and nothing before: no file.
        if (standings.IsEmpty && !_isWritten && !File.Exists(_file.Path))
        {
            _isNothingTold = _exporters.IsEmpty;
            return;
        }

        try
        {
            _file.Write(new ExportState(_services.Time.GetUtcNow(), standings));
            (_isWritten, _isNothingTold, _problem) = (true, _exporters.IsEmpty, null);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (_problem != refused.Message) _services.Log.LogWarning("{File} cannot be written: {Reason}", _file.Path, refused.Message);
            _problem = refused.Message;
        }
    }

    /// <returns>Null when it fails, which must not keep the others from being told.</returns>
    private ExporterStanding? StandingOf(IExporter exporter)
    {
        try
        {
            return exporter.Standing;
        }
        catch (Exception bug)
        {
            if (_bug != bug.Message) _services.Log.LogError(bug, "how {Exporter} stands is not known", exporter.Id);
            _bug = bug.Message;
            return null;
        }
    }
}
