using Microsoft.Extensions.Logging;

namespace GoTop.Cli.OwnLogging;

internal static class OwnLogWords
{
    /// <summary>As the file and the Logs pane show it.</summary>
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Critical => "FATAL",
        LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARN",
        LogLevel.Information => "INFO",
        LogLevel.Debug => "DEBUG",
        _ => "TRACE",
    };
}
