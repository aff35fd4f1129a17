namespace GoTop.Engine.Sources.Logs;

public enum LogLocationKind : byte
{
    /// <summary>A path, or a pattern in its last part.</summary>
    File,

    /// <summary>A unit of systemd's journal.</summary>
    Journal,

    /// <summary>A Windows event log.</summary>
    EventLog,

    /// <summary>A Docker container's name.</summary>
    Container,
}

/// <summary>An entry of a target's <c>logs</c>: a path, <c>journal:UNIT</c>, <c>eventlog:LOG</c> or <c>docker:NAME</c>.</summary>
public readonly record struct LogLocation(LogLocationKind Kind, string Name)
{
    private static readonly (string Prefix, LogLocationKind Kind)[] Prefixes =
        [("journal:", LogLocationKind.Journal), ("eventlog:", LogLocationKind.EventLog), ("docker:", LogLocationKind.Container)];

    public static LogLocation Parse(string entry)
    {
        foreach ((string prefix, LogLocationKind kind) in Prefixes)
        {
            if (entry.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return new LogLocation(kind, entry[prefix.Length..].Trim());
        }

        return new LogLocation(LogLocationKind.File, entry);
    }

    /// <summary>A path that names one file.</summary>
    public static bool IsOneFile(string entry) => Parse(entry).Kind == LogLocationKind.File && !IsPattern(entry);

    /// <summary>Several files by one path; the folder stands fast.</summary>
    public static bool IsPattern(string path) => Path.GetFileName(path).AsSpan().ContainsAny('*', '?');
}
