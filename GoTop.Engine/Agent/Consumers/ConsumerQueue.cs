using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>
/// Hands to one consumer what the samplers publish. Bounded: of each target at most one observation waits, the newest; and so
/// many events that only a consumer that hangs loses any.
/// </summary>
internal sealed class ConsumerQueue : IAsyncDisposable
{
    public const int MostEvents = 1000;

    /// <summary>How long a consumer may go on when the agent stops; then it is cancelled.</summary>
    public static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(3);

    private readonly IObservationConsumer _consumer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly LinkedList<Notice> _waiting = [];
    private readonly Dictionary<string, LinkedListNode<Notice>> _newest = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _cancel = new();
    private readonly Task _run;
    private int _events;
    private bool _ending;
    private long _missed;
    private string? _problem;

    public ConsumerQueue(IObservationConsumer consumer, TimeProvider time, ILogger log)
    {
        (_consumer, _time, _log) = (consumer, time, log);
        _run = Task.Run(RunAsync);
    }

    private sealed record Notice(AgentTarget Target, Observation? Observation, AgentEvent? Event);

    public AgentConsumerState State
    {
        get
        {
            lock (_gate) return new AgentConsumerState(_consumer.Id, _missed, _problem);
        }
    }

    /// <summary>Returns at once.</summary>
    public void Add(AgentTarget target, Observation observation)
    {
        lock (_gate)
        {
            if (_ending) return;
            if (_newest.Remove(target.Name, out LinkedListNode<Notice>? older))
            {
                _waiting.Remove(older);
                _missed++;
            }

            _newest[target.Name] = _waiting.AddLast(new Notice(target, observation, null));
        }

        _wake.Release();
    }

    /// <inheritdoc cref="Add(AgentTarget, Observation)"/>
    public void Add(AgentEvent happened)
    {
        lock (_gate)
        {
            if (_ending) return;
            if (_events >= MostEvents)
            {
                _missed++;
                return;
            }

            _events++;
            _waiting.AddLast(new Notice(happened.Target, null, happened));
        }

        _wake.Release();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await _wake.WaitAsync(_cancel.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_cancel.IsCancellationRequested) return;
            Notice? next;
            lock (_gate)
            {
                next = _waiting.First?.Value;
                // One wake-up more than there are notices, where an older observation was replaced, or to end.
                if (next is null && _ending) return;
                if (next is null) continue;
                _waiting.RemoveFirst();
                if (next.Event is not null) _events--;
                else _newest.Remove(next.Target.Name);
            }

            await TellAsync(next).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(Notice notice)
    {
        try
        {
            if (notice.Event is { } happened) await _consumer.HappenedAsync(happened, _cancel.Token).ConfigureAwait(false);
            else await _consumer.ObservedAsync(notice.Target, notice.Observation!, _cancel.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            // The agent stops.
        }
        catch (Exception failure)
        {
            // Somebody else's fault must not end the agent.
            string problem = PlainText.Clean(failure.Message, 300);
            lock (_gate)
            {
                if (_problem == problem) return;
                _problem = problem;
            }

            _log.LogError(failure, "{Consumer} failed at {Target}", _consumer.Id, notice.Target.Name);
        }
    }

    /// <summary>Tells what waits, as long as there is time, and disposes of the consumer.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate) _ending = true;
        _wake.Release();
        try
        {
            await _run.WaitAsync(PatienceAtEnd, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _log.LogWarning("{Consumer} was still busy when the agent stopped", _consumer.Id);
        }

        await _cancel.CancelAsync().ConfigureAwait(false);
        try
        {
            await _run.WaitAsync(PatienceAtEnd, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It does not listen to its token; the process ends soon.
            return;
        }

        await _consumer.DisposeAsync().ConfigureAwait(false);
        _cancel.Dispose();
        _wake.Dispose();
    }
}
