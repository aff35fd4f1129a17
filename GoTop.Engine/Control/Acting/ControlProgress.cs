using System.Collections.Immutable;

namespace GoTop.Engine.Control.Acting;

public enum StepState : byte
{
    Waiting,
    Running,
    Done,
    Failed,

    /// <summary>Not begun, since one before it failed or it was cancelled.</summary>
    Skipped,
}

public enum ControlOutcome : byte
{
    Running,
    Done,

    /// <summary>A rule, the audit log or <c>--readonly</c> stood in the way; nothing was done.</summary>
    Refused,

    Failed,
    Cancelled,
}

/// <summary>How far an action is. Immutable.</summary>
public sealed record ControlProgress(ControlPlan Plan, ImmutableArray<StepProgress> Steps, ControlOutcome Outcome)
{
    /// <summary>How it was read back; null while it runs, and when nothing was done.</summary>
    public string? After { get; init; }

    /// <summary>Why it is not done.</summary>
    public string? Reason { get; init; }

    /// <summary>Rights, or a rule: the exit code tells it from a failure.</summary>
    public bool IsDenied { get; init; }

    /// <summary>Why the result does not stand in the audit log; null when it does.</summary>
    public string? AuditProblem { get; init; }

    public bool IsOver => Outcome != ControlOutcome.Running;
}

/// <param name="Told">What it said last.</param>
public sealed record StepProgress(string Title, StepState State, string? Told = null, double Seconds = 0);
