using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>
/// The Go programs that a Prometheus-compatible engine knows, on any machine. A round is three questions whatever the number
/// of targets, and once a minute two more.
/// </summary>
public sealed class PromQlSource : IFleetSource
{
    private const int LongestKey = PromLabels.OfIdentity * (PromAnswerReader.LongestLabel + 1);

    private static readonly TimeSpan InfosEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WereGoEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HistoryLength = TimeSpan.FromHours(1);
    private static readonly TimeSpan HistoryStep = TimeSpan.FromMinutes(1);

    private readonly PrometheusSettings _settings;
    private readonly PromQueries _queries;
    private readonly TimeProvider _time;
    private readonly PromClient? _client;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<string, PromTarget> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _osOfHost = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string?, string?), bool> _goInstances = [];
    private ImmutableDictionary<string, string> _selectors = ImmutableDictionary<string, string>.Empty;
    private FleetPart _current;
    private long? _infosAt, _wereGoAt;

    /// <param name="handler">In place of a connection, for tests; disposed with this.</param>
    internal PromQlSource(PrometheusSettings settings, TimeProvider time, HttpMessageHandler? handler = null)
    {
        (_settings, _time, _queries) = (settings, time, PromQueries.Of(settings));
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
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            PromQueries one = new(selector, _settings.Window);
            DateTimeOffset to = DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds() / 60 * 60), from = to - HistoryLength;
            FleetRaw[] steps = [.. Enumerable.Range(0, (int)(HistoryLength / HistoryStep) + 1).Select(_ => new FleetRaw())];
            await _client.RangeAsync(one.Levels, from, to, HistoryStep, series => Each(series, TakeLevel), cancellation).ConfigureAwait(false);
            await _client.RangeAsync(one.Rates, from, to, HistoryStep, series => Each(series, TakeRate), cancellation).ConfigureAwait(false);
            ImmutableArray<Reading<double>>[] figures = [.. steps.Select(step => step.ToFigures())];
            return Reading.Of(new FleetHistory(row.Id, from, HistoryStep, [.. FleetFigureCatalog.All.Select(info => Run(figures, (int)info.Figure))]));

            void Each(PromSeries series, Action<FleetRaw, PromSeries, double> take)
            {
                foreach ((double seconds, double value) in series.Values)
                {
                    double step = (seconds - from.ToUnixTimeSeconds()) / HistoryStep.TotalSeconds;
                    if (step >= 0 && step < steps.Length) take(steps[(int)step], series, value);
                }
            }
        }
        catch (HttpException failure)
        {
            return Reading.Failed<FleetHistory>(failure.Message);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _oneAtATime.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ImmutableArray<double> Run(ImmutableArray<Reading<double>>[] steps, int figure) =>
        steps.Any(step => step[figure].HasValue) ? [.. steps.Select(step => step[figure].TryGet(out double value) ? value : double.NaN)] : [];

    private static void TakeLevel(FleetRaw raw, PromSeries series, double value)
    {
        // The first of several names of a figure stands.
        if (series[PromLabel.Name] is { } name && RuntimeMetricNames.All.TryGetValue(name, out RuntimeMetric metric) && double.IsNaN(raw[metric])) raw[metric] = value;
    }

    private static void TakeRate(FleetRaw raw, PromSeries series, double value)
    {
        switch (series[PromLabel.Figure])
        {
            case PromQueries.Cpu: raw.CpuPerSecond = value; break;
            case PromQueries.GcCpu: raw.GcCpuPerSecond = value; break;
            case PromQueries.Pause: raw.PausePerSecond = value; break;
            case PromQueries.Allocation: raw.AllocBytesPerSecond = value; break;
            case PromQueries.Latency: raw.SchedulingP99Seconds = value; break;
        }
    }

    private async ValueTask ReadAsync(PromClient client, CancellationToken cancellation)
    {
        foreach (PromTarget target in _targets.Values) target.Begin();
        bool isNew = false;
        await client.QueryAsync(_queries.Levels, TakeLevels, cancellation).ConfigureAwait(false);
        await client.QueryAsync(_queries.Rates, series => Find(series, FleetRawOf(TakeRate)), cancellation).ConfigureAwait(false);
        ILookup<string?, PromTarget> byInstance = _targets.Values.Where(target => target.IsSeen).ToLookup(target => target[PromLabel.Instance]);
        await client.QueryAsync(_queries.Alerts, series => TakeAlert(series, byInstance), cancellation).ConfigureAwait(false);
        if (isNew || IsDue(_infosAt, InfosEvery))
        {
            _infosAt = _time.GetTimestamp();
            await client.QueryAsync(_queries.Infos, series => Find(series, TakeInfo), cancellation).ConfigureAwait(false);
            await TakeHostsAsync(client, cancellation).ConfigureAwait(false);
        }

        await LookForGoAsync(client, cancellation).ConfigureAwait(false);
        foreach (string gone in _targets.Values.Where(target => !target.IsSeen).Select(target => target.Key).ToArray()) _targets.Remove(gone);

        void TakeLevels(PromSeries series)
        {
            PromTarget? target = Known(series);
            if (target is null)
            {
                // Twice as many, since what is no Go program is not yet known to be none.
                if (_targets.Count >= 2 * FleetSnapshot.MostRows) return;
                string key = KeyOf(series);
                _targets[key] = target = new PromTarget(key, series);
                isNew = true;
            }

            target.IsSeen = true;
            target.Describe(series);
            switch (series[PromLabel.Name])
            {
                case PromQueries.Up:
                    target.Up = series.Value;
                    break;
                case PromQueries.AgentTargetUp:
                    (target.Up, target.IsOfAgent) = (series.Value, true);
                    break;
                default:
                    TakeLevel(target.Raw, series, series.Value);
                    break;
            }
        }
    }

    private static Action<PromTarget, PromSeries> FleetRawOf(Action<FleetRaw, PromSeries, double> take) => (target, series) => take(target.Raw, series, series.Value);

    private void Find(PromSeries series, Action<PromTarget, PromSeries> take)
    {
        PromTarget? target = Known(series);
        if (target is null && series[PromLabel.ServiceInstance] is not null)
        {
            // Who a target is is told with its instance, its figures are not.
            series[PromLabel.ServiceInstance] = null;
            target = Known(series);
        }

        if (target is not null) take(target, series);
    }

    private static void TakeInfo(PromTarget target, PromSeries series)
    {
        target.Describe(series);
        switch (series[PromLabel.Name])
        {
            case PromQueries.GoInfo: target.GoVersion = series[PromLabel.Version] ?? target.GoVersion; break;
            case PromQueries.BuildInfo: target.Version = series[PromLabel.Version] ?? target.Version; break;
            default:
                target.Version = series[PromLabel.ServiceVersion] ?? target.Version;
                target.GoVersion = series[PromLabel.RuntimeVersion] ?? series[PromLabel.GoVersion] ?? target.GoVersion;
                break;
        }
    }

    /// <summary>Alerts have the labels of what they are about, and more or fewer than its figures.</summary>
    private static void TakeAlert(PromSeries series, ILookup<string?, PromTarget> byInstance)
    {
        if (series[PromLabel.Instance] is not { } instance || (series[PromLabel.AlertName] ?? series[PromLabel.Rule]) is not { } name) return;
        FleetAlert alert = new(name, PromTarget.SeverityOf(series[PromLabel.Severity]));
        foreach (PromTarget target in byInstance[instance])
        {
            bool isAbout = true;
            for (int i = 0; i < PromLabels.OfIdentity && isAbout; i++) isAbout = series[(PromLabel)i] is not { } told || target[(PromLabel)i] == told;
            if (isAbout) target.Add(alert);
        }
    }

    private async ValueTask TakeHostsAsync(PromClient client, CancellationToken cancellation)
    {
        const int Most = 20_000;
        try
        {
            _osOfHost.Clear();
            await client.QueryAsync(
                PromQueries.Hosts,
                series =>
                {
                    string os = series[PromLabel.Name] == "windows_os_info" ? "windows" : series[PromLabel.Sysname]?.ToLowerInvariant() ?? "linux";
                    if (_osOfHost.Count >= Most) return;
                    if (series[PromLabel.Instance] is { } instance) _osOfHost[PromTarget.HostOf(instance)] = os;
                    if (series[PromLabel.Nodename] is { } node) _osOfHost[node] = os;
                },
                cancellation).ConfigureAwait(false);
        }
        catch (HttpException)
        {
            // Who may not ask for machines sees the targets all the same.
        }
    }

    /// <summary>A target that is down tells nothing: only the past says whether it is a Go program.</summary>
    private async ValueTask LookForGoAsync(PromClient client, CancellationToken cancellation)
    {
        foreach (PromTarget target in _targets.Values)
        {
            if (target.Raw.HasRuntime) _goInstances[(target[PromLabel.Job], target[PromLabel.Instance])] = true;
        }

        if (IsDue(_wereGoAt, WereGoEvery) && _targets.Values.Any(target => target.Up == 0 && !target.IsOfAgent && !_goInstances.ContainsKey((target[PromLabel.Job], target[PromLabel.Instance]))))
        {
            _wereGoAt = _time.GetTimestamp();
            await client.QueryAsync(_queries.WereGo, series => _goInstances[(series[PromLabel.Job], series[PromLabel.Instance])] = true, cancellation).ConfigureAwait(false);
        }

        foreach (PromTarget target in _targets.Values) target.WasGo = target.IsOfAgent || _goInstances.ContainsKey((target[PromLabel.Job], target[PromLabel.Instance]));
    }

    private FleetPart ToPart(TimeSpan took)
    {
        ImmutableArray<FleetRow>.Builder rows = ImmutableArray.CreateBuilder<FleetRow>();
        ImmutableDictionary<string, string>.Builder selectors = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (PromTarget target in _targets.Values)
        {
            if (!target.Raw.HasRuntime && !(target.Up == 0 && target.WasGo)) continue;
            FleetRow row = target.ToRow(Name, _osOfHost);
            rows.Add(row);
            selectors[row.Id] = target.ToSelector();
        }

        Volatile.Write(ref _selectors, selectors.ToImmutable());
        return new FleetPart(Name, rows.ToImmutable(), SourceState.Ok, rows.Count == 0 ? "it knows no Go program that the selector passes" : null, took);
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

    private PromTarget? Known(PromSeries series)
    {
        Span<char> key = stackalloc char[LongestKey];
        int length = WriteKey(series, key);
        return _targets.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..length], out PromTarget? target) ? target : null;
    }

    private static string KeyOf(PromSeries series)
    {
        Span<char> key = stackalloc char[LongestKey];
        int length = WriteKey(series, key);
        return key[..length].ToString();
    }

    /// <summary>The values of the labels that make up the identity.</summary>
    /// <returns>The length.</returns>
    private static int WriteKey(PromSeries series, Span<char> key)
    {
        int length = 0;
        for (int i = 0; i < PromLabels.OfIdentity; i++)
        {
            string? value = series[(PromLabel)i];
            value?.CopyTo(key[length..]);
            length += value?.Length ?? 0;
            // No clean label holds it.
            key[length++] = '\u001f';
        }

        return length;
    }

    private bool IsDue(long? last, TimeSpan every) => last is not { } at || _time.GetElapsedTime(at) >= every;
}
