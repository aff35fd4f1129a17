namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>What a person says of a log that is to be analysed.</summary>
public sealed record EtlOptions
{
    public static EtlOptions None { get; } = new();

    /// <summary>The process whose threads are told apart: its number, or its executable's name. Null for a choice of our own.</summary>
    public string? Process { get; init; }

    /// <summary>The executable that ran, where it does not lie here as the log names it.</summary>
    public string? Binary { get; init; }

    /// <summary>Where the log lies: its executables may lie beside it.</summary>
    public string? Folder { get; init; }
}
