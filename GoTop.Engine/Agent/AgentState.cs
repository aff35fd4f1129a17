using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace GoTop.Engine.Agent;

/// <summary>What the agent is about.</summary>
public enum AgentPhase : byte
{
    Starting,
    Running,

    /// <summary>Watches nothing until it is told to go on.</summary>
    Paused,

    Stopping,

    /// <summary>It ended in order.</summary>
    Stopped,
}

/// <summary>How one target stands.</summary>
public enum TargetPhase : byte
{
    /// <summary>Not there (yet, or any more); looked for again and again.</summary>
    Looking,

    Watched,
}

/// <summary>All that the agent says of itself, as <see cref="AgentStateFile"/> keeps it. Immutable.</summary>
public sealed record AgentState
{
    public required string ToolVersion { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>With the process id, tells this life from a later one of the same id: see <see cref="Model.ProcessKey"/>.</summary>
    public required ulong StartToken { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this was written; every <see cref="AgentWorker.WriteEvery"/> at least.</summary>
    public DateTimeOffset WrittenAt { get; init; }

    /// <summary>An agent that can writes several times in this: its disk is full, or it hangs.</summary>
    public bool IsOld(DateTimeOffset now) => now - WrittenAt > 4 * AgentWorker.WriteEvery;

    public AgentPhase Phase { get; init; }

    public DateTimeOffset PhaseSince { get; init; }

    /// <summary>Null when defaults hold, which name no target.</summary>
    public string? ConfigFile { get; init; }

    public DateTimeOffset ConfigReadAt { get; init; }

    /// <summary>Of the newest version of the file; each with line and column.</summary>
    public ImmutableArray<string> ConfigProblems { get; init; } = [];

    /// <summary>The agent started with problems, so that what could be read of the file holds; else a version with problems does not hold.</summary>
    public bool ConfigIsPartial { get; init; }

    public required string Folder { get; init; }

    public ImmutableArray<AgentTargetState> Targets { get; init; } = [];

    public ImmutableArray<AgentConsumerState> Consumers { get; init; } = [];
}

/// <summary>One target of the agent.</summary>
/// <param name="What">What the configuration names, e.g. <c>process checkout</c>.</param>
/// <param name="Since">When it was found, or lost.</param>
/// <param name="ProcessId">Null while it is not there, and for one that is known by its address.</param>
/// <param name="Reason">Why it is not there, or why nothing of it can be read; null when all is well.</param>
/// <param name="LastReadingAt">When something was last read of it.</param>
/// <param name="Lives">How many processes of it have been watched so far.</param>
/// <param name="Recording">The file being written; null for none.</param>
/// <param name="RecordingProblem">Why nothing is written; null when it is, or is not to be.</param>
/// <param name="LostTicks">Ticks that came faster than the disk took them.</param>
public sealed record AgentTargetState(
    string Name, string What, TargetPhase Phase, DateTimeOffset Since, int? ProcessId, string? Reason, DateTimeOffset? LastReadingAt, int Lives,
    string? Recording, string? RecordingProblem, long LostTicks);

/// <summary>Something built upon the agent.</summary>
/// <param name="Missed">Observations it was too slow for.</param>
/// <param name="Problem">What went wrong with it last; null when nothing has.</param>
public sealed record AgentConsumerState(string Id, long Missed, string? Problem);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AgentState))]
internal sealed partial class AgentStateJsonContext : JsonSerializerContext;
