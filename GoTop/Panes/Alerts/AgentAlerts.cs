using System.Collections.Immutable;
using GoTop.Engine.Agent;
using GoTop.Engine.Alerts;
using GoTop.Engine.Sampling;

namespace GoTop.Panes.Alerts;

/// <summary>What the agent of this machine says of its alerts.</summary>
/// <param name="Names">What it calls its targets, by process.</param>
/// <param name="ReadAt">When its file was read.</param>
public sealed record AgentAlerts(AlertsState State, ImmutableDictionary<int, string> Names, DateTimeOffset ReadAt)
{
    public static AgentAlerts Of(AgentState agent, AlertsState alerts, DateTimeOffset readAt) => new(alerts, NamesOf(agent), readAt);

    /// <summary>Whether something began or ended; figures change at every look.</summary>
    public bool IsNewsAfter(AgentAlerts before) =>
        !State.Rules.Select(rule => (rule.Rule, rule.Target, rule.Phase)).SequenceEqual(before.State.Rules.Select(rule => (rule.Rule, rule.Target, rule.Phase)));

    /// <summary>Null when the agent does not watch it.</summary>
    public string? NameOf(Observation? observation)
    {
        if (observation is null) return null;
        if (observation.Now.Target.Process is { } process && Names.TryGetValue(process.ProcessId, out string? name)) return name;
        return State.Rules.Any(rule => rule.Target == observation.Now.Target.Name) ? observation.Now.Target.Name : null;
    }

    private static ImmutableDictionary<int, string> NamesOf(AgentState state)
    {
        ImmutableDictionary<int, string>.Builder names = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (AgentTargetState target in state.Targets)
        {
            if (target.ProcessId is { } id) names[id] = target.Name;
        }

        return names.ToImmutable();
    }
}
