using System.Collections.Immutable;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>Everything that is built upon the agent. A new one is a line here; null leaves it out, as it is not configured.</summary>
public static class ConsumerCatalog
{
    public static ImmutableArray<Func<AgentServices, IObservationConsumer?>> All { get; } =
    [
        services => new KeptPinsConsumer(services),
        services => new WatchdogConsumer(services),
        services => new AlertsConsumer(services),
        services => new ExportConsumer(services),
    ];
}
