using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli.OwnLogging;

internal static class OwnLogWords
{
    /// <summary>As the file and the Logs pane show it.</summary>
    public static string Of(LogLevel level) => (level switch
    {
        LogLevel.Critical => LineLevel.Fatal,
        LogLevel.Error => LineLevel.Error,
        LogLevel.Warning => LineLevel.Warn,
        LogLevel.Information => LineLevel.Info,
        LogLevel.Debug => LineLevel.Debug,
        _ => LineLevel.Trace,
    }).Name();

    /// <param name="problem">Why the file cannot be written; null when it can again.</param>
    public static string OfFile(string? problem) => problem is null ? "the log file can be written again" : $"the log file cannot be written, and is tried again: {problem}";
}
