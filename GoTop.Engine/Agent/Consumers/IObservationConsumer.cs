using GoTop.Engine.Sampling;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>
/// What is built upon the agent (alerts, a watchdog, exporters, …): it is told of every observation of every target and of what
/// happens to them, one call at a time, in order, on a task of its own. It may take its time: sampling never waits for it. One that
/// is slower than the ticks gets the newest observation of each target; what it missed is counted, and events are never left out for that.
/// </summary>
/// <remarks>What it throws is logged and shown in the agent's state; it goes on being told.</remarks>
public interface IObservationConsumer : IAsyncDisposable
{
    /// <summary>Short and stable, for the log and the agent's state.</summary>
    string Id { get; }

    Task ObservedAsync(AgentTarget target, Observation observation, CancellationToken cancellation) => Task.CompletedTask;

    Task HappenedAsync(AgentEvent happened, CancellationToken cancellation) => Task.CompletedTask;
}
