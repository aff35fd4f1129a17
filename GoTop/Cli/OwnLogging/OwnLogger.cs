using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli.OwnLogging;

/// <summary>Hands on each message as one plain line, with what went wrong behind it.</summary>
internal sealed class OwnLogger(Action<LogLevel, string> take) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string message = exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}";
        take(logLevel, PlainText.Clean(message, LogLine.MostChars));
    }
}
