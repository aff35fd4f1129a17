namespace GoTop.Engine.Model;

/// <summary>How grave a log line is, whatever its logger calls it; ascending, so that levels can be compared.</summary>
public enum LineLevel : byte
{
    /// <summary>The line does not say.</summary>
    Unknown,
    Trace,
    Debug,
    Info,
    Warn,
    Error,

    /// <summary>Fatal, critical, panic.</summary>
    Fatal,
}

public static class LineLevels
{
    /// <summary>In four letters or five, in capitals; empty where the line does not say.</summary>
    public static string Name(this LineLevel level) => level switch
    {
        LineLevel.Trace => "TRACE",
        LineLevel.Debug => "DEBUG",
        LineLevel.Info => "INFO",
        LineLevel.Warn => "WARN",
        LineLevel.Error => "ERROR",
        LineLevel.Fatal => "FATAL",
        _ => "",
    };
}
