using GoTop.Engine.Export.Exporters;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Export.Prometheus;

/// <summary>Keeps the endpoint open; where it cannot listen it tries again.</summary>
internal sealed class PrometheusExporter : IExporter
{
    public static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    /// <summary>A page is no older than this.</summary>
    public static readonly TimeSpan PageAge = TimeSpan.FromSeconds(1);

    private readonly PrometheusEndpointSettings _settings;
    private readonly ExportParts _parts;
    private readonly ExporterTally _tally;
    private readonly Lock _gate = new();
    private readonly Dictionary<PrometheusFormat, (long MadeAt, byte[] Page)> _pages = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _run;

    public PrometheusExporter(PrometheusEndpointSettings settings, ExportParts parts)
    {
        (_settings, _parts) = (settings, parts);
        _tally = new ExporterTally(Id, settings.Where, parts.Time);
        _run = Task.Run(RunAsync);
    }

    public string Id => ExporterCatalog.Prometheus;

    public ExporterStanding Standing => _tally.Standing(waiting: 0);

    /// <summary>Ends when it listens.</summary>
    public Task<Uri> Listening => _listening.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using PrometheusEndpoint endpoint = await PrometheusEndpoint.StartAsync(_settings, Page, Answered, Problem, _stop.Token).ConfigureAwait(false);
                _parts.Log.LogInformation("metrics for Prometheus at {Where}", _settings.Where);
                _listening.TrySetResult(endpoint.Address);
                await Task.Delay(Timeout.InfiniteTimeSpan, _parts.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                if (_tally.Failed(problem is ExportException ? problem.Message : $"{problem.GetType().Name}: {problem.Message}")) _parts.Log.LogError("no metrics for Prometheus: {Problem}; tried again every {Seconds} s", problem.Message, TryAgain.TotalSeconds);
                await Task.Delay(TryAgain, _parts.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private byte[] Page(PrometheusFormat format)
    {
        // One at a time: who comes second finds it made.
        lock (_gate)
        {
            if (_pages.TryGetValue(format, out (long MadeAt, byte[] Page) made) && _parts.Time.GetElapsedTime(made.MadeAt) < PageAge) return made.Page;
            try
            {
                byte[] page = PrometheusText.Write(_parts.View(), format);
                _pages[format] = (_parts.Time.GetTimestamp(), page);
                return page;
            }
            catch (Exception bug)
            {
                if (_tally.Failed($"no page can be made: {bug.GetType().Name}: {bug.Message}", ExportMatter.Making)) _parts.Log.LogError(bug, "no page for Prometheus can be made");
                throw;
            }
        }
    }

    /// <summary>What is refused may be anybody's: that a stranger knocks does not make the export a failing one.</summary>
    private void Answered(int status)
    {
        if (status == 200) _tally.Sent(1, ExportMatter.Making);
        else if (status != 500) _tally.Noted(FormattableString.Invariant($"a request was refused: HTTP {status}"));
    }

    private void Problem(string problem)
    {
        if (_tally.Noted(problem)) _parts.Log.LogWarning("metrics for Prometheus at {Where}: {Problem}", _settings.Where, problem);
    }
}
