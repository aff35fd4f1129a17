namespace GoTop.Engine.Config;

/// <summary>The <c>[audit]</c> table: the log of what was done to targets.</summary>
public sealed record AuditSettings
{
    /// <summary>Null for <c>audit.jsonl</c> beside GoTop's own log.</summary>
    public string? File { get; init; }

    /// <summary>A larger file is set aside.</summary>
    public int MaxMegabytes { get; init; } = 10;

    /// <summary>So many files set aside are kept.</summary>
    public int Keep { get; init; } = 10;
}
