using System.Threading.Channels;
using GoTop.Engine.Agent;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using Polly;

namespace GoTop.Engine.Export.Otlp;

/// <summary>
/// Sends log lines that pass the filter, in batches, tried again until they are taken or refused for good. When the queue is full the oldest
/// lines are dropped and counted.
/// </summary>
internal sealed class OtlpLogSender : IAsyncDisposable
{
    public const int MostWaiting = 4096;
    public const int MostInBatch = 512;

    private readonly OtlpSettings _settings;
    private readonly ExportParts _parts;
    private readonly IOtlpTransport _transport;
    private readonly ExporterTally _tally;
    private readonly ResiliencePipeline _retry;
    private readonly Channel<OtlpLogLine> _queue;
    private readonly Dictionary<string, Follower> _followers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private int _inHand;

    public OtlpLogSender(OtlpSettings settings, ExportParts parts, IOtlpTransport transport, ExporterTally tally, TimeSpan firstPause)
    {
        (_settings, _parts, _transport, _tally) = (settings, parts, transport, tally);
        _retry = ExportRetry.Create(parts.Time, int.MaxValue, firstPause, (failure, _) => Failed(failure));
        _queue = Channel.CreateBounded<OtlpLogLine>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => _tally.Dropped(1));
        _sending = Task.Run(SendAsync);
    }

    /// <summary>A life of a target.</summary>
    private sealed record Follower(ProcessKey? Process, Resource Resource);

    public long Waiting => _queue.Reader.Count + Volatile.Read(ref _inHand);

    /// <summary>Called by one task at a time. Observations may be left out: how many lines there were is told by each.</summary>
    public void Observed(AgentTarget target, Observation observation)
    {
        long seen = _parts.LogPositions.Of(target, observation);
        long unseen = observation.LogLinesSeen - seen;
        int kept = (int)Math.Min(unseen, observation.LogLines.Length);
        Resource resource = ResourceOf(target, observation);
        long taken = observation.LogLinesSeen - kept;
        foreach (LogEntry entry in observation.LogLines.AsSpan(observation.LogLines.Length - kept, kept))
        {
            // It ends meanwhile: the next one goes on from here.
            if (_settings.Logs!.Matches(entry) && !_queue.Writer.TryWrite(new OtlpLogLine(resource, entry))) break;
            taken++;
        }

        if (unseen > kept) _tally.Dropped(unseen - kept);
        _parts.LogPositions.Took(target, observation, taken);
    }

    /// <summary>What is still waiting is lost, and counted.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        int left = 0;
        while (_queue.Reader.TryRead(out _)) left++;
        left += Interlocked.Exchange(ref _inHand, 0);
        _tally.Dropped(left);
        if (left > 0) _parts.Log.LogWarning("{Where}: {Lines} log lines had not been taken when it ended", _settings.Http.Where, left);
        _stop.Dispose();
    }

    private Resource ResourceOf(AgentTarget target, Observation observation)
    {
        ProcessKey? process = observation.Now.Target.Process;
        if (!_followers.TryGetValue(target.Name, out Follower? follower) || follower.Process != process)
        {
            ExportedTarget exported = new(target.Name, target.Context.Settings.Labels, observation);
            follower = new Follower(process, OtlpResources.OfProcess(exported, ExportedHost.OfThisMachine()));
            _followers[target.Name] = follower;
        }

        return follower.Resource;
    }

    private async Task SendAsync()
    {
        List<OtlpLogLine> batch = [];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                batch.Clear();
                if (!await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false)) return;
                while (batch.Count < MostInBatch && _queue.Reader.TryRead(out OtlpLogLine? line)) batch.Add(line);
                Volatile.Write(ref _inHand, batch.Count);
                ExportLogsServiceRequest request = OtlpLogs.Of(batch, _parts.ToolVersion);
                await _retry.ExecuteAsync(
                    async cancellation => Took(batch.Count, await _transport.SendAsync(request, cancellation).ConfigureAwait(false)), _stop.Token).ConfigureAwait(false);
                Volatile.Write(ref _inHand, 0);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                Volatile.Write(ref _inHand, 0);
                _tally.Dropped(batch.Count);
                Failed(problem);
            }
        }
    }

    private void Took(long lines, OtlpPartial? partial)
    {
        long rejected = Math.Min(lines, partial?.Rejected ?? 0);
        _tally.Sent(lines - rejected, ExportMatter.LogLines);
        if (partial is null) return;
        _tally.Dropped(rejected);
        if (_tally.Noted(FormattableString.Invariant($"taken in part, {partial.Rejected} lines not: {partial.Message}"), partial.Message))
            _parts.Log.LogWarning("{Where} took log lines in part, {Rejected} not: {Problem}", _settings.Http.Where, partial.Rejected, partial.Message);
    }

    private void Failed(Exception problem)
    {
        string what = problem is ExportException ? problem.Message : $"{problem.GetType().Name}: {problem.Message}";
        if (_tally.Failed(what, ExportMatter.LogLines)) _parts.Log.LogWarning("{Where} did not take log lines: {Problem}", _settings.Http.Where, PlainText.Clean(what, 300));
    }
}
