using GoTop.Engine.Alerts.Baselines;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts.Conditions;

/// <summary>What a rule looks for. Immutable; what it remembers of one target is its <see cref="ConditionMemory"/>.</summary>
public abstract record AlertCondition
{
    /// <summary>Of the value that is judged.</summary>
    public virtual Unit Unit => Unit.Count;

    /// <summary>In words, e.g. <c>go.goroutines above 10,000</c>.</summary>
    public abstract string Describe();

    /// <summary>Begins to watch one target.</summary>
    /// <param name="baselines">What the target usually is like, for conditions that compare with it.</param>
    public abstract ConditionMemory Remember(TargetBaselines baselines);
}

/// <summary>A condition's memory of one target: bounded, however long it watches.</summary>
public abstract class ConditionMemory
{
    /// <param name="isActive">It fires: what ends it may be another value than what begins it.</param>
    public abstract Verdict Check(AlertMoment moment, bool isActive);
}

public enum VerdictKind : byte
{
    /// <summary>Nobody can tell: a figure is absent, or not enough is known yet.</summary>
    Unknown,
    Not,
    Holds,
}

/// <param name="Value">The figure judged; null when there is none.</param>
/// <param name="Why">In words, with the figures compared: <c>87.2% is above 85.0%</c>.</param>
/// <param name="Earliest">Before this moment it cannot hold, however things go; null when it may at any.</param>
public readonly record struct Verdict(VerdictKind Kind, double? Value, string Why, DateTimeOffset? Earliest = null)
{
    public static Verdict Unknown(string why, DateTimeOffset? earliest = null) => new(VerdictKind.Unknown, null, why, earliest);

    public static Verdict Of(bool holds, double? value, string why) => new(holds ? VerdictKind.Holds : VerdictKind.Not, value, why);
}
