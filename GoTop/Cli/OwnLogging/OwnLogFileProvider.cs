using GoTop.Engine.Config;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli.OwnLogging;

/// <summary>The rolling file alone, for hosts that have a console of their own.</summary>
internal sealed class OwnLogFileProvider : ILoggerProvider
{
    private readonly OwnLogQueue _queue;

    /// <param name="usual">Where the file is when the configuration does not say.</param>
    /// <param name="tell">Takes why the file cannot be written, and null when it can again.</param>
    public OwnLogFileProvider(LogSettings settings, string usual, TimeProvider time, Action<string?> tell)
    {
        _queue = new OwnLogQueue(settings, new OwnLogFile(settings, settings.File ?? usual, time), time);
        _queue.ProblemChanged += tell;
    }

    public ILogger CreateLogger(string categoryName) => new FileLogger(_queue);

    // A provider's end is not awaited by anybody.
    public void Dispose() => _queue.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private sealed class FileLogger(OwnLogQueue queue) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string message = exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}";
            queue.Add(logLevel, queue.Line(logLevel, PlainText.Clean(message, LogLine.MostChars)));
        }
    }
}
