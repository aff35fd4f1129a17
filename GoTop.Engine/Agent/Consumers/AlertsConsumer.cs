using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>Hands to the <see cref="AlertsJudge"/> what happens, one thing at a time, and looks at targets that are not there each second.</summary>
internal sealed class AlertsConsumer : IObservationConsumer
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly AgentServices _services;
    private readonly AlertsJudge _judge;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ticks;

    public AlertsConsumer(AgentServices services)
    {
        _services = services;
        _judge = new AlertsJudge(services);
        _ticks = Task.Run(TickAsync);
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
        using PeriodicTimer timer = new(LookEvery, _services.Time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            await _gate.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                await _judge.TickAsync().ConfigureAwait(false);
            }
            catch (Exception bug) when (bug is not OperationCanceledException)
            {
                _services.Log.LogError(bug, "judging alerts failed");
            }
            finally
            {
                _gate.Release();
            }
        }
    }
}
