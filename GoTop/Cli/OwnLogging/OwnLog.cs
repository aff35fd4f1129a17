using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace GoTop.Cli.OwnLogging;

/// <summary>
/// GoTop's own log: a rolling file always; with the screen the newest lines for the Logs pane and never the terminal, without it
/// warnings and errors on standard error, so that standard output stays clean.
/// </summary>
internal sealed class OwnLog : IDisposable
{
    private const int LinesKept = 500;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly bool _hasScreen;
    private readonly OwnLogQueue? _queue;
    private ImmutableArray<LogEntry> _lines = [];

    private OwnLog(LogSettings settings, TimeProvider time, bool hasScreen, string? path)
    {
        _time = time;
        _hasScreen = hasScreen;
        if (settings.Level != LogLevel.None)
        {
            _queue = new OwnLogQueue(settings, new OwnLogFile(settings, path ?? settings.File ?? Path.Combine(StateFolder.OfThisUser(), "gotop.log"), time), time);
            _queue.ProblemChanged += OnProblem;
        }

        Factory = LoggerFactory.Create(logging =>
        {
            LogLevel console = LogLevel.Warning;
            logging.SetMinimumLevel(settings.Level == LogLevel.None && !hasScreen ? console : settings.Level);
            logging.AddProvider(new LineProvider(this));
            if (hasScreen) return;
            logging.AddSimpleConsole(simple => simple.SingleLine = true)
                .AddFilter<ConsoleLoggerProvider>(null, console)
                .Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        });
    }

    public event Action? Changed;

    /// <summary>The file cannot be written, with the reason; null when it can again.</summary>
    public event Action<string?>? ProblemChanged;

    public ILoggerFactory Factory { get; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<LogEntry> Lines
    {
        get
        {
            lock (_gate) return _lines;
        }
    }

    /// <param name="path">In place of the configured file, for tests.</param>
    public static OwnLog ForScreen(LogSettings settings, TimeProvider time, string? path = null) => new(settings, time, hasScreen: true, path);

    /// <inheritdoc cref="ForScreen" path="/param"/>
    public static OwnLog ForHeadless(LogSettings settings, TimeProvider time, string? path = null) => new(settings, time, hasScreen: false, path);

    public void Dispose()
    {
        Factory.Dispose();
        // At the end of a command there is nobody to await it.
        _queue?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Keep(LogLevel level, string plain)
    {
        _queue?.Add(level, _queue.Line(level, plain));
        Show(level, plain);
    }

    private void Show(LogLevel level, string plain)
    {
        LogEntry line = LogEntry.Of(new LogLine(_time.GetUtcNow(), "gotop", $"[{OwnLogWords.Of(level)}] {plain}"));
        lock (_gate)
        {
            _lines = _lines.Length < LinesKept ? _lines.Add(line) : _lines.RemoveAt(0).Add(line);
        }

        Changed?.Invoke();
    }

    /// <summary>Only shown: the file is what cannot be written.</summary>
    private void OnProblem(string? problem)
    {
        Show(problem is null ? LogLevel.Information : LogLevel.Warning, OwnLogWords.OfFile(problem));
        ProblemChanged?.Invoke(problem);
        if (!_hasScreen) Console.Error.WriteLine($"gotop: {OwnLogWords.OfFile(problem)}");
    }

    private sealed class LineProvider(OwnLog log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new OwnLogger(log.Keep);

        public void Dispose()
        {
            // The log is the owner's.
        }
    }
}
