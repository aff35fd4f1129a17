using System.Collections.Immutable;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>All consumers of an agent.</summary>
internal sealed class ConsumerHub(ImmutableArray<ConsumerQueue> queues) : IAsyncDisposable
{
    public ImmutableArray<AgentConsumerState> States => [.. queues.Select(queue => queue.State)];

    public static ConsumerHub Start(ImmutableArray<Func<AgentServices, IObservationConsumer?>> catalogue, AgentServices services) =>
        new([.. catalogue.Select(make => make(services)).OfType<IObservationConsumer>().Select(consumer => new ConsumerQueue(consumer, services.Time, services.Log))]);

    public void Observed(AgentTarget target, Observation observation)
    {
        foreach (ConsumerQueue queue in queues) queue.Add(target, observation);
    }

    public void Happened(AgentEvent happened)
    {
        foreach (ConsumerQueue queue in queues) queue.Add(happened);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(queues.Select(queue => queue.DisposeAsync().AsTask())).ConfigureAwait(false);
}
