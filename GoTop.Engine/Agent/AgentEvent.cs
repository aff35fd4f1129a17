using GoTop.Engine.Sources;

namespace GoTop.Engine.Agent;

/// <summary>A target that the agent watches, in one of its lives.</summary>
/// <param name="Name">As <see cref="TargetNaming"/> has it: the same in all lives.</param>
/// <param name="Context">Who it is, its settings, and the gate for dear requests.</param>
public sealed record AgentTarget(string Name, TargetContext Context);

public enum AgentEventKind : byte
{
    /// <summary>Found for the first time since the agent began to watch it.</summary>
    Found,

    /// <summary>Found again after it was lost: another process.</summary>
    CameBack,

    /// <summary>Its process ended.</summary>
    Lost,

    /// <summary>It is not watched any more, whether it runs or not: the agent pauses or stops, or the configuration changed.</summary>
    Unwatched,
}

/// <summary>Something that happened to a target.</summary>
/// <param name="Reason">In words, e.g. how the process ended.</param>
/// <param name="By">What a person did to it shortly before, by the audit log; null when nobody did anything.</param>
public sealed record AgentEvent(AgentEventKind Kind, DateTimeOffset Time, AgentTarget Target, string Reason, OperatorAction? By);
