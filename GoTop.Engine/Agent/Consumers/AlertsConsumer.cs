using GoTop.Engine.Sampling;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>Hands to the <see cref="AlertsJudge"/> what happens, one thing at a time, and looks at targets that are not there each second.</summary>
internal sealed class AlertsConsumer : IObservationConsumer
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly AlertsJudge _judge;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ticks;

    public AlertsConsumer(AgentServices services)
    {
        _judge = new AlertsJudge(services);
        _ticks = Task.Run(() => new Repeating(services, LookEvery, "judging alerts failed", TickAsync).RunAsync(atOnce: false, _stop.Token));
    }

    public string Id => "alerts";

    public async Task ObservedAsync(AgentTarget target, Observation observation, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _judge.Observed(target, observation);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task HappenedAsync(AgentEvent happened, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _judge.Happened(happened);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ticks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _judge.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
        _stop.Dispose();
    }

    private async Task TickAsync()
    {
        await _gate.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            await _judge.TickAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }
}
