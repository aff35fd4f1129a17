namespace GoTop.Engine.Model;

public enum SourceState : byte
{
    NotYet,
    Ok,
    Stale,
    NotSupported,
    Denied,
    Failed,
}

/// <summary>How a source fared: shown in the sources list and in JSON.</summary>
/// <param name="Reason">Why it is not ok, and what would help; null when it is.</param>
/// <param name="CostMilliseconds">How long the newest reading took; null before the first.</param>
public sealed record SourceStatus(string Name, SourceState State, string? Reason, double? CostMilliseconds)
{
    /// <summary>How long ago it was last read well; null before the first.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>What a reading costs the target, in words: <c>no pause</c>, <c>stops the world ~0.1 ms</c>.</summary>
    public string? CostToTarget { get; init; }

    /// <summary>How often it is read at present, after it has been slowed down to stay cheap.</summary>
    public double? PeriodSeconds { get; init; }
}
