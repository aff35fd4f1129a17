using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;

namespace GoTop.App.Acting;

/// <summary>What the host knows of acting on the target that is shown: what it reads, the plan that waits for a yes, and what came of the last one.</summary>
public sealed record ActingStatus
{
    public static ActingStatus None { get; } = new();

    /// <summary>The service that starts and stops it; not yet while it is being read.</summary>
    public Reading<ServiceStatus> Service { get; init; }

    /// <summary>The cores of its threads and its priority, in words.</summary>
    public Reading<string> Cores { get; init; }

    public Reading<string> Priority { get; init; }

    /// <summary>The plans that were asked for last, in their order; null while they are made, and before.</summary>
    public ImmutableArray<ControlPlan>? Planned { get; init; }

    /// <summary>Why there is no plan, or why it would be refused.</summary>
    public string? Refusal { get; init; }

    /// <summary>The target is production: a yes is asked for twice.</summary>
    public bool Production { get; init; }

    /// <summary>What is being done, or was done last; null before the first.</summary>
    public ControlProgress? Progress { get; init; }

    /// <summary>What was done before it for the same yes, a line each.</summary>
    public ImmutableArray<string> Earlier { get; init; } = [];

    /// <summary>What was done last can be taken back.</summary>
    public bool CanUndo { get; init; }

    public bool IsRunning => Progress is { IsOver: false };
}

/// <summary>What a person wants done.</summary>
public abstract record ActingRequest
{
    /// <summary>Cores and priority.</summary>
    /// <param name="Cores">Null to leave them.</param>
    /// <param name="Priority">A word of <c>PriorityText</c>; null to leave it.</param>
    public sealed record Schedule(CoreSet? Cores, string? Priority) : ActingRequest;

    /// <param name="Capture">Evidence first.</param>
    /// <param name="Environment">Assignments to restart with; empty for none.</param>
    public sealed record Restart(bool Capture, ImmutableArray<string> Environment) : ActingRequest;

    /// <summary>Start, stop, pause or continue.</summary>
    public sealed record Simple(ControlKind Kind) : ActingRequest;

    public sealed record Recovery(RecoveryPolicy Policy) : ActingRequest;

    /// <summary>Take back what was done last.</summary>
    public sealed record Undo : ActingRequest;
}
