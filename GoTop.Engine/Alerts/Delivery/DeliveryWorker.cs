using System.Collections.Immutable;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>What the workers have in common.</summary>
/// <param name="Host">This machine, for messages.</param>
public sealed record DeliveryParts(TimeProvider Time, ILogger Log, string Host, string ToolVersion);

/// <summary>
/// Sends what waits for one channel, on a task of its own: no other channel and nobody who queues ever waits for it. What is not taken
/// stays in the outbox and is tried again, after ever longer pauses, for a day.
/// </summary>
internal sealed class DeliveryWorker : IAsyncDisposable
{
    /// <summary>Who was not told for so long is not told any more.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(1);

    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly ChannelSettings _settings;
    private readonly IAlertChannel _channel;
    private readonly Outbox _outbox;
    private readonly Func<int> _stormTargets;
    private readonly DeliveryParts _parts;
    private readonly DeliveryPipeline _pipeline;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <summary>Taken by the channel, and not yet out of the outbox: the disk may be full. They must not be sent again and again.</summary>
    private ImmutableArray<OutboxRow> _taken = [];

    public DeliveryWorker(ChannelSettings settings, IAlertChannel channel, Outbox outbox, Func<int> stormTargets, DeliveryParts parts)
    {
        _settings = settings;
        _channel = channel;
        _outbox = outbox;
        _stormTargets = stormTargets;
        _parts = parts;
        _pipeline = new DeliveryPipeline(parts.Time);
        _running = Task.Run(RunAsync);
    }

    /// <summary>What is being sent is given up, and stays in the outbox.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _channel.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TimeSpan pause;
            Task? written = null;
            try
            {
                (pause, written) = await RoundAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                _parts.Log.LogError("alerts for {Channel} wait: {Problem}", _settings.Name, problem is OutboxException ? problem.Message : problem.ToString());
                pause = LookAgain;
            }

            if (pause <= TimeSpan.Zero) continue;
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Task paused = Task.Delay(pause, _parts.Time, over.Token);
            await Task.WhenAny(written ?? paused, paused).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <returns>How long there is nothing to do, unless something is queued.</returns>
    private async Task<(TimeSpan Pause, Task Written)> RoundAsync()
    {
        WriteTaken();
        DateTimeOffset now = _parts.Time.GetUtcNow();
        if (_outbox.GiveUp(_settings.Name, now - Oldest) is > 0 and int old) _parts.Log.LogError("{Alerts} for {Channel} given up: nobody took them within a day", Figures.Counted(old, "alert"), _settings.Name);
        (ImmutableArray<OutboxRow> queue, Task written) = _outbox.Read(_settings.Name);
        (ImmutableArray<PlannedMessage> due, DateTimeOffset? next) = MessageGrouping.Plan(queue, _stormTargets(), now);
        if (due.IsEmpty) return (next is { } at && at - now < LookAgain ? Max(at - now, TimeSpan.FromMilliseconds(1)) : LookAgain, written);
        foreach (PlannedMessage message in due) await SendAsync(message).ConfigureAwait(false);
        return (TimeSpan.Zero, written);
    }

    private async Task SendAsync(PlannedMessage planned)
    {
        TimeProvider time = _parts.Time;
        AlertMessage message = AlertMessage.Of(planned.Items, _parts.Host, _parts.ToolVersion, time.GetUtcNow());
        string told = "";
        try
        {
            await _pipeline.ExecuteAsync(
                async cancellation => told = await ChannelAttempt.SendAsync(_channel, message, _settings.Common.Deadline, time, cancellation).ConfigureAwait(false), _stop.Token).ConfigureAwait(false);
            _taken = planned.Rows;
            _parts.Log.LogInformation("told {Channel}: {Subject}: {Answer}", _settings.Name, MessageText.Subject(message), told);
            WriteTaken();
        }
        catch (ChannelException failure)
        {
            DateTimeOffset now = time.GetUtcNow(), again = now + Max(PauseAfter(planned.Rows.Max(row => row.Attempts)), failure.RetryAfter ?? TimeSpan.Zero);
            _outbox.Failed(_settings.Name, planned.Rows, failure.Message, attempted: true, again, now);
            _parts.Log.LogWarning("{Channel} did not take \"{Subject}\", tried again at {Next}: {Problem}", _settings.Name, MessageText.Subject(message), MessageText.Time(again), failure.Message);
        }
        catch (ChannelRestsException rests)
        {
            DateTimeOffset now = time.GetUtcNow();
            _outbox.Failed(_settings.Name, planned.Rows, rests.Message, attempted: false, now + Max(rests.Left, TimeSpan.FromSeconds(1)), now);
        }
    }

    private void WriteTaken()
    {
        if (_taken.IsEmpty) return;
        _outbox.Sent(_settings.Name, _taken, _parts.Time.GetUtcNow());
        _taken = [];
    }

    private static TimeSpan PauseAfter(int attempts)
    {
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(attempts, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
