using GoTop.Engine.Config;
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

    public ILogger CreateLogger(string categoryName) => new OwnLogger((level, line) => _queue.Add(level, _queue.Line(level, line)));

    // A provider's end is not awaited by anybody.
    public void Dispose() => _queue.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
