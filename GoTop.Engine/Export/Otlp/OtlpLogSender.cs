using System.Threading.Channels;
using GoTop.Engine.Agent;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;
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

    /// <summary>Up to which line a life of a target has been queued.</summary>
    private sealed record Follower(ProcessKey? Process, Resource Resource, long Seen);

    public long Waiting => _queue.Reader.Count + Volatile.Read(ref _inHand);

    /// <summary>Called by one task at a time. Observations may be left out: how many lines there were is told by each.</summary>
    public void Observed(AgentTarget target, Observation observation)
    {
        ProcessKey? process = observation.Now.Target.Process;
        if (!_followers.TryGetValue(target.Name, out Follower? follower) || follower.Process != process || observation.LogLinesSeen < follower.Seen)
        {
            // Another life, whose lines are counted anew. What stood in the log before it was followed, the agent of before has sent.
            ExportedTarget exported = new(target.Name, target.Context.Settings.Labels, observation);
            long since = observation.Now.Facts.Logs.TryGet(out LogCounters? logs) ? logs.Lines : 0;
            follower = new Follower(process, OtlpResources.OfProcess(exported, ExportedHost.OfThisMachine()), Math.Max(0, observation.LogLinesSeen - since));
        }

        long unseen = observation.LogLinesSeen - follower.Seen;
        foreach (LogEntry entry in observation.LogLines.Skip((int)Math.Max(0, observation.LogLines.Length - unseen)))
        {
            if (_settings.Logs!.Matches(entry)) _queue.Writer.TryWrite(new OtlpLogLine(follower.Resource, entry));
        }

        if (unseen > observation.LogLines.Length) _tally.Dropped(unseen - observation.LogLines.Length);
        _followers[target.Name] = follower with { Seen = observation.LogLinesSeen };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        List<OtlpLogLine> batch = [];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false);
                batch.Clear();
                while (batch.Count < MostInBatch && _queue.Reader.TryRead(out OtlpLogLine? line)) batch.Add(line);
                Volatile.Write(ref _inHand, batch.Count);
                await _retry.ExecuteAsync(
                    async cancellation => Took(batch.Count, await _transport.SendAsync(OtlpLogs.Of(batch, _parts.ToolVersion), cancellation).ConfigureAwait(false)), _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                _tally.Dropped(batch.Count);
                Failed(problem);
            }
            finally
            {
                Volatile.Write(ref _inHand, 0);
            }
        }
    }

    private void Took(long lines, OtlpPartial? partial)
    {
        if (partial is not null)
        {
            _tally.Dropped(partial.Rejected);
            if (_tally.Noted(FormattableString.Invariant($"taken in part, {partial.Rejected} lines not: {partial.Message}")))
                _parts.Log.LogWarning("{Where} took log lines in part, {Rejected} not: {Problem}", _settings.Http.Where, partial.Rejected, PlainText.Clean(partial.Message, 300));
        }

        _tally.Sent(lines - (partial?.Rejected ?? 0));
    }

    private void Failed(Exception problem)
    {
        string what = problem is ExportException ? problem.Message : $"{problem.GetType().Name}: {problem.Message}";
        if (_tally.Failed(what)) _parts.Log.LogWarning("{Where} did not take log lines: {Problem}", _settings.Http.Where, PlainText.Clean(what, 300));
    }
}
