using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Alerts;

public enum AlertPhase : byte
{
    Inactive,

    /// <summary>Its condition holds, but not for long enough.</summary>
    Pending,
    Firing,

    /// <summary>It fired, and is over; until it is pending again.</summary>
    Resolved,
}

/// <summary>How a rule stands with one target, and why.</summary>
public sealed record RuleStatus
{
    public required AlertRule Rule { get; init; }

    public required string Target { get; init; }

    public required AlertPhase Phase { get; init; }

    /// <summary>Since when it has been in this phase.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was last looked at.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The value last judged; null when there was none.</summary>
    public double? Value { get; init; }

    /// <summary>Why it does or does not fire, in words.</summary>
    public required string Why { get; init; }

    /// <summary>Before this moment it cannot fire; null when it fires, or may at any.</summary>
    public DateTimeOffset? NextChance { get; init; }

    public DateTimeOffset? FiredAt { get; init; }

    public int TimesFired { get; init; }
}

/// <summary>A rule began to fire, or is resolved.</summary>
/// <param name="Id">The same for a firing and what resolves it, and for no other.</param>
/// <param name="Build">The target's version, when known.</param>
public sealed record AlertChange(string Id, RuleStatus Status, string? Build)
{
    public bool IsFiring => Status.Phase == AlertPhase.Firing;

    public Severity Severity => Status.Rule.Severity;
}
