using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;

namespace GoTop.Cli;

/// <summary>
/// GoTop's own log while the screen is up: a rolling file, and the newest lines for the Logs pane. Never the terminal.
/// </summary>
internal sealed class OwnLog : IDisposable
{
    private const int LinesKept = 500;
    private const int MostChars = 2000;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Serilog.Core.Logger? _file;
    private ImmutableArray<LogEntry> _lines = [];

    public OwnLog(LogSettings settings, TimeProvider time)
    {
        _time = time;
        try
        {
            _file = settings.Level == LogLevel.None ? null : OpenFile(settings, Path.Combine(StateFolder.OfThisUser(), "gotop.log"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Keep(LogLevel.Warning, $"no log file: {e.Message}");
        }

        Factory = LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(settings.Level);
            logging.AddProvider(new LineProvider(this));
            if (_file is not null) logging.AddProvider(new SerilogLoggerProvider(_file));
        });
    }

    public event Action? Changed;

    public ILoggerFactory Factory { get; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<LogEntry> Lines
    {
        get
        {
            lock (_gate) return _lines;
        }
    }

    public void Dispose()
    {
        Factory.Dispose();
        _file?.Dispose();
    }

    /// <summary>The rolling file.</summary>
    /// <param name="usual">Where it is when the configuration does not say.</param>
    internal static Serilog.Core.Logger OpenFile(LogSettings settings, string usual)
    {
        string path = settings.File ?? usual;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.File(
                path, formatProvider: System.Globalization.CultureInfo.InvariantCulture, fileSizeLimitBytes: 10 << 20, rollOnFileSizeLimit: true,
                rollingInterval: RollingInterval.Day, retainedFileCountLimit: 7, shared: true)
            .CreateLogger();
    }

    private void Keep(LogLevel level, string message)
    {
        LogEntry line = LogEntry.Of(new LogLine(_time.GetUtcNow(), "gotop", PlainText.Clean($"{Short(level)}: {message}", MostChars)));
        lock (_gate)
        {
            _lines = _lines.Length < LinesKept ? _lines.Add(line) : _lines.RemoveAt(0).Add(line);
        }

        Changed?.Invoke();
    }

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private sealed class LineProvider(OwnLog log) : ILoggerProvider
    {
        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => new LineLogger(log);

        public void Dispose()
        {
        }
    }

    private sealed class LineLogger(OwnLog log) : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Keep(logLevel, exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}");
    }
}
