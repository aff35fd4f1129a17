using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>
/// The Go programs that a Prometheus-compatible engine knows, on any machine. A round is three questions whatever the number
/// of targets, and once a minute two more.
/// </summary>
public sealed class PromQlSource : IFleetSource
{
    private const string Closed = "the fleet is closed";

    private static readonly TimeSpan InfosEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WereGoEvery = TimeSpan.FromMinutes(10);

    private readonly PrometheusSettings _settings;
    private readonly PromQueries _queries;
    private readonly TimeProvider _time;
    private readonly PromClient? _client;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly CancellationTokenSource _close = new();
    private readonly CancellationToken _closing;
    private readonly PromTable _targets = new();
    private readonly PromHosts _hosts = new();
    private readonly GoInstances _goInstances;
    private ImmutableDictionary<string, string> _selectors = ImmutableDictionary<string, string>.Empty;
    private FleetPart _current;
    private long? _infosAt, _wereGoAt;
    private string? _alertsProblem, _infosProblem, _wereGoProblem, _leftOut;

    /// <param name="handler">In place of a connection, for tests; disposed with this.</param>
    internal PromQlSource(PrometheusSettings settings, TimeProvider time, HttpMessageHandler? handler = null)
    {
        (_settings, _time, _queries, _closing, _goInstances) = (settings, time, PromQueries.Of(settings), _close.Token, new GoInstances(time));
        Name = PlainText.Clean(settings.Name, 60);
        _current = FleetPart.NotYet(Name);
        try
        {
            _client = new PromClient(settings, time, handler);
        }
        catch (HttpException failure)
        {
            _current = Failed(failure.Message);
        }
    }

    public string Name { get; }

    public bool NeedsTwoRounds => false;

    public FleetPart Current => Volatile.Read(ref _current);

    public async ValueTask ReadAsync(TimeSpan spread, CancellationToken cancellation)
    {
        if (_client is null) return;
        long start = _time.GetTimestamp();
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ReadAsync(_client, cancellation).ConfigureAwait(false);
            Volatile.Write(ref _current, ToPart(_time.GetElapsedTime(start)));
        }
        catch (HttpException failure)
        {
            Volatile.Write(ref _current, Failed(failure.Message));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async ValueTask<Reading<FleetHistory>> HistoryAsync(FleetRow row, CancellationToken cancellation)
    {
        if (_client is null || !Volatile.Read(ref _selectors).TryGetValue(row.Id, out string? selector)) return Reading.Failed<FleetHistory>("the engine no longer knows the target");
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing);
        try
        {
            await _oneAtATime.WaitAsync(any.Token).ConfigureAwait(false);
            try
            {
                return Reading.Of(await PromHistory.ReadAsync(_client, new PromQueries(selector, _settings.Window), row.Id, _time.GetUtcNow(), any.Token).ConfigureAwait(false));
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
        catch (HttpException failure)
        {
            return Reading.Failed<FleetHistory>(_closing.IsCancellationRequested ? Closed : failure.Message);
        }
        catch (Exception late) when (late is OperationCanceledException or ObjectDisposedException && _closing.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Reading.Failed<FleetHistory>(Closed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _close.CancelAsync().ConfigureAwait(false);
        // Who reads a target's past ends now, and gives its place back.
        await _oneAtATime.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _client?.Dispose();
        _oneAtATime.Dispose();
        _close.Dispose();
    }

    private async ValueTask ReadAsync(PromClient client, CancellationToken cancellation)
    {
        _targets.Begin();
        bool isNew = false;
        await client.QueryAsync(_queries.Levels, series => isNew |= _targets.TakeLevel(series), cancellation).ConfigureAwait(false);
        _leftOut = client.LeftOut == 0 ? null : $"{Counted.Of(client.LeftOut, "series", "series")} left out: labels that name a target are longer than {PromAnswerReader.LongestLabel} characters";
        await client.QueryAsync(_queries.Rates, TakeRate, cancellation).ConfigureAwait(false);

        // Levels and rates make a row. What cannot be had beside them must not take them away.
        _alertsProblem = await TryAsync("alerts cannot be read", ReadAlertsAsync(client, cancellation)).ConfigureAwait(false);
        if (isNew || IsDue(_infosAt, InfosEvery))
        {
            _infosAt = _time.GetTimestamp();
            _infosProblem = await TryAsync("versions cannot be read", ReadInfosAsync(client, cancellation)).ConfigureAwait(false);
            await _hosts.ReadAsync(client, cancellation).ConfigureAwait(false);
        }

        await LookForGoAsync(client, cancellation).ConfigureAwait(false);
        _targets.End();

        void TakeRate(PromSeries series)
        {
            if (_targets.Find(series) is { } target) PromFigures.TakeRate(target.Raw, series, series.Value);
        }
    }

    /// <returns>What went wrong; null where nothing did.</returns>
    private static async ValueTask<string?> TryAsync(string what, ValueTask asking)
    {
        try
        {
            await asking.ConfigureAwait(false);
            return null;
        }
        catch (HttpException failure)
        {
            return $"{what}: {failure.Message}";
        }
    }

    private async ValueTask ReadAlertsAsync(PromClient client, CancellationToken cancellation)
    {
        ILookup<string?, PromTarget> byInstance = _targets.ByInstance();
        await client.QueryAsync(_queries.Alerts, series => PromTable.TakeAlert(series, byInstance), cancellation).ConfigureAwait(false);
        _targets.EndAlerts();
    }

    private async ValueTask ReadInfosAsync(PromClient client, CancellationToken cancellation) =>
        await client.QueryAsync(_queries.Infos, series => _targets.Find(series)?.TakeInfo(series), cancellation).ConfigureAwait(false);

    /// <summary>A target that is down tells nothing: only the past says whether it is a Go program.</summary>
    private async ValueTask LookForGoAsync(PromClient client, CancellationToken cancellation)
    {
        _goInstances.ForgetOld();
        foreach (PromTarget target in _targets.Targets)
        {
            if (target.Raw.HasRuntime) _goInstances.See(target[PromLabel.Job], target[PromLabel.Instance]);
        }

        HashSet<(string?, string?)> unknown = [.. _targets.Targets
            .Where(target => target.Up == 0 && !target.IsOfAgent && !IsKnownAsGo(target))
            .Select(target => (target[PromLabel.Job], target[PromLabel.Instance]))];
        // What it refused may go well when it is less busy, but is too dear to be asked in every round.
        if (unknown.Count > 0 && IsDue(_wereGoAt, _wereGoProblem is null ? WereGoEvery : InfosEvery))
        {
            _wereGoAt = _time.GetTimestamp();
            _wereGoProblem = await TryAsync("whether those that are down are Go programs cannot be read", ReadWereGoAsync(client, unknown, cancellation)).ConfigureAwait(false);
        }
        else if (unknown.Count == 0)
        {
            _wereGoProblem = null;
        }

        foreach (PromTarget target in _targets.Targets) target.WasGo = target.IsOfAgent || IsKnownAsGo(target);
    }

    private async ValueTask ReadWereGoAsync(PromClient client, HashSet<(string?, string?)> unknown, CancellationToken cancellation) =>
        await client.QueryAsync(
            _queries.WereGo,
            series =>
            {
                // Of a day's many that came and went only those count that are still there.
                if (unknown.Contains((series[PromLabel.Job], series[PromLabel.Instance]))) _goInstances.See(series[PromLabel.Job], series[PromLabel.Instance]);
            },
            cancellation).ConfigureAwait(false);

    private bool IsKnownAsGo(PromTarget target) => _goInstances.Knows(target[PromLabel.Job], target[PromLabel.Instance]);

    private string? Problems() => string.Join("; ", new[] { _alertsProblem, _infosProblem, _wereGoProblem, _leftOut }.OfType<string>()) is { Length: > 0 } problems ? problems : null;

    private FleetPart ToPart(TimeSpan took)
    {
        ImmutableArray<FleetRow>.Builder rows = ImmutableArray.CreateBuilder<FleetRow>();
        ImmutableDictionary<string, string>.Builder selectors = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (PromTarget target in _targets.Targets)
        {
            if (!target.Raw.HasRuntime && !(target.Up == 0 && target.WasGo)) continue;
            FleetRow row = target.ToRow(Name, _hosts.OsOfHost, _infosProblem);
            rows.Add(row);
            selectors[row.Id] = target.ToSelector();
        }

        Volatile.Write(ref _selectors, selectors.ToImmutable());
        return new FleetPart(Name, rows.ToImmutable(), SourceState.Ok, Problems() ?? (rows.Count == 0 ? "it knows no Go program that the selector passes" : null), took);
    }

    /// <summary>What was read before stays, marked as old: an engine that restarts must not empty the screen.</summary>
    private FleetPart Failed(string reason)
    {
        FleetPart before = Current ?? FleetPart.NotYet(Name);
        return before.Rows.IsEmpty
            ? before with { State = SourceState.Failed, Reason = reason }
            : before with
            {
                State = SourceState.Stale,
                Reason = reason,
                Rows = before.State == SourceState.Stale ? before.Rows : [.. before.Rows.Select(row => row with { Figures = [.. row.Figures.Select(figure => figure.AsStale("the engine does not answer"))] })],
            };
    }

    private bool IsDue(long? last, TimeSpan every) => last is not { } at || _time.GetElapsedTime(at) >= every;
}
