using GoTop.Engine.Agent;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using Polly;

namespace GoTop.Engine.Export.Otlp;

/// <summary>
/// Sends metrics and log lines, each on a task of its own. Metrics are cumulative: of those that are not taken only the newest are tried again,
/// since they tell what the others told. Log lines wait in a queue of bounded length.
/// </summary>
internal sealed class OtlpExporter : IExporter
{
    /// <summary>Tries of one moment's metrics: then the next moment's are newer.</summary>
    private const int MostRetries = 2;

    private readonly OtlpSettings _settings;
    private readonly ExportParts _parts;
    private readonly ExporterTally _tally;
    private readonly IOtlpTransport _transport;
    private readonly OtlpLogSender? _logs;
    private readonly ResiliencePipeline _retry;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _metrics;

    /// <param name="firstPause">Usually <see cref="ExportRetry.FirstPause"/>.</param>
    public OtlpExporter(OtlpSettings settings, ExportParts parts, TimeSpan firstPause)
    {
        (_settings, _parts) = (settings, parts);
        _tally = new ExporterTally(Id, settings.Http.Where, parts.Time);
        _transport = Transport(settings, parts.Time);
        _retry = ExportRetry.Create(parts.Time, MostRetries, firstPause, Failed);
        _logs = settings.Logs is null ? null : new OtlpLogSender(settings, parts, _transport, _tally, firstPause);
        _metrics = settings.SendsMetrics ? Task.Run(SendMetricsAsync) : Task.CompletedTask;
    }

    public string Id => ExporterCatalog.Otlp;

    public ExporterStanding Standing => _tally.Standing(_logs?.Waiting ?? 0);

    public static IOtlpTransport Transport(OtlpSettings settings, TimeProvider time) => settings.Protocol == OtlpProtocol.Grpc ? new OtlpGrpc(settings, time) : new OtlpHttp(settings, time);

    public void Observed(AgentTarget target, Observation observation) => _logs?.Observed(target, observation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _metrics.ConfigureAwait(false);
        if (_logs is not null) await _logs.DisposeAsync().ConfigureAwait(false);
        _transport.Dispose();
        _stop.Dispose();
    }

    private async Task SendMetricsAsync()
    {
        using PeriodicTimer timer = new(_settings.Every, _parts.Time);
        while (!_stop.IsCancellationRequested)
        {
            long points = 0;
            try
            {
                if (!await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false)) return;
                ExportView view = _parts.View();
                if (view.Targets.IsEmpty) continue;
                ExportMetricsServiceRequest request = OtlpMetrics.Of(view);
                points = OtlpMetrics.PointsOf(request);
                await _retry.ExecuteAsync(async cancellation => Took(points, await _transport.SendAsync(request, cancellation).ConfigureAwait(false)), _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                _tally.Dropped(points);
                Failed(problem);
            }
        }
    }

    private void Took(long points, OtlpPartial? partial)
    {
        long rejected = Math.Min(points, partial?.Rejected ?? 0);
        _tally.Sent(points - rejected);
        if (partial is null) return;
        _tally.Dropped(rejected);
        if (_tally.Noted(FormattableString.Invariant($"taken in part, {partial.Rejected} points not: {partial.Message}"), partial.Message))
            _parts.Log.LogWarning("{Where} took metrics in part, {Rejected} not: {Problem}", _settings.Http.Where, partial.Rejected, partial.Message);
    }

    private void Failed(ExportException failure, TimeSpan pause) => Failed(failure);

    private void Failed(Exception problem)
    {
        string what = problem is ExportException ? problem.Message : $"{problem.GetType().Name}: {problem.Message}";
        if (_tally.Failed(what)) _parts.Log.LogWarning("{Where} did not take metrics: {Problem}", _settings.Http.Where, PlainText.Clean(what, 300));
    }
}
