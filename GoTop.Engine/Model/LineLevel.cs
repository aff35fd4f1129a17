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
