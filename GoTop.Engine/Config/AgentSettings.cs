namespace GoTop.Engine.Config;

/// <summary>The <c>[agent]</c> table: watching without a screen.</summary>
public sealed record AgentSettings
{
    public const int MostMegabytes = 100_000;
    public const int MostKept = 1000;

    /// <summary>Null for GoTop's own folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Every target is recorded.</summary>
    public bool Record { get; init; } = true;

    /// <summary>Size above which a recording loses its oldest ticks.</summary>
    public int MaxMegabytes { get; init; } = 200;

    /// <summary>So many recordings of a target are kept.</summary>
    public int Keep { get; init; } = 5;

    /// <summary>Where the agent of this user, or of the machine, keeps what it writes.</summary>
    public string FolderOrUsual => Folder ?? StateFolder.OfThisUser();
}
