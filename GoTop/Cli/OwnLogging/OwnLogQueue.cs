using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli.OwnLogging;

/// <summary>
/// Lines on their way to the log file: whoever logs never waits for a disk. At most so many wait; beyond it the oldest below
/// warning goes first, and how many went is written into the log. While the file cannot be written, GoTop goes on, says so once,
/// and tries again.
/// </summary>
internal sealed class OwnLogQueue : IAsyncDisposable
{
    private const int MostAtOnce = 1024;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    /// <summary>GoTop does not hang at its end because of its log.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly LogSettings _settings;
    private readonly OwnLogFile _file;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly LinkedList<(LogLevel Level, string Text)> _waiting = new();
    private readonly Task _writing;
    private string? _problem;
    private long _dropped;
    private long _droppedEver;
    private bool _ending;
    private bool _ended;

    public OwnLogQueue(LogSettings settings, OwnLogFile file, TimeProvider time)
    {
        (_settings, _file, _time) = (settings, file, time);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Raised on the writer's task when the file cannot be written, with the reason; and with null when it can again.</summary>
    public event Action<string?>? ProblemChanged;

    /// <summary>Why the file cannot be written at present; null while it can.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Lines that were lost since GoTop began.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate) return _droppedEver;
        }
    }

    public void Add(LogLevel level, string text)
    {
        lock (_gate)
        {
            // Somebody who logs after the end is no reason to fail.
            if (_ended) _droppedEver++;
            if (_ended || (_waiting.Count >= _settings.Queue && !MakeRoom(level))) return;
            _waiting.AddLast((level, text));
            if (level >= LogLevel.Error || _waiting.Count * 2 >= _settings.Queue) Wake();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_ending) return;
            _ending = true;
            Wake();
        }

        // The system's time: a fake one that nobody moves must not hold this up.
        bool hasWritten = await Task.WhenAny(_writing, Task.Delay(Farewell, TimeProvider.System)).ConfigureAwait(false) == _writing;
        lock (_gate)
        {
            _ended = true;
            _droppedEver += _waiting.Count;
            _waiting.Clear();
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        // A disk that does not answer keeps the writer, and with it the file, to the end of the process.
        if (!hasWritten) return;
        await _writing.ConfigureAwait(false);
        _file.Dispose();
        _wake.Dispose();
        _stop.Dispose();
    }

    /// <returns>False when the new line is the one to go.</returns>
    private bool MakeRoom(LogLevel level)
    {
        _dropped++;
        _droppedEver++;
        if (_settings.WhenFull == LogWhenFull.DropNewest) return false;
        for (LinkedListNode<(LogLevel Level, string Text)>? node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Level >= LogLevel.Warning) continue;
            _waiting.Remove(node);
            return true;
        }

        // All that wait are warnings and worse: of those the oldest goes, but not for something lesser.
        if (level < LogLevel.Warning) return false;
        _waiting.RemoveFirst();
        return true;
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    private async Task WriteAsync()
    {
        TimeSpan pause = _settings.Flush;
        DateTimeOffset failingSince = default;
        bool more = false;
        try
        {
            while (true)
            {
                bool ending = IsEnding();
                if (!ending && !more) await WaitAsync(pause).ConfigureAwait(false);
                Portion portion = Take(failingSince);
                more = portion.More;
                if (portion.IsEmpty)
                {
                    if (ending) return;
                    continue;
                }

                string? refused = TryWrite(portion);
                if (refused is null)
                {
                    (pause, failingSince) = (_settings.Flush, default);
                }
                else
                {
                    PutBack(portion);
                    // One more try was all there was time for.
                    if (ending) return;
                    pause = failingSince == default ? FirstRetry : pause * 2 > LongestRetry ? LongestRetry : pause * 2;
                    if (failingSince == default) failingSince = _time.GetUtcNow();
                    more = false;
                }

                Tell(refused);
            }
        }
        catch (OperationCanceledException)
        {
            // The disk does not answer.
        }
    }

    /// <returns>Null, or why not, whatever it was: the log is no reason to fail.</returns>
    private string? TryWrite(Portion portion)
    {
        try
        {
            _file.Write(string.Concat(portion.Lines.Select(line => line.Text).Prepend(portion.Notes)));
            return null;
        }
        catch (Exception e)
        {
            return PlainText.Clean(e.Message, 200);
        }
    }

    /// <summary>Until it is time, or something urgent comes. While the file cannot be written, only time counts.</summary>
    private async Task WaitAsync(TimeSpan pause)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task time = Task.Delay(pause, _time, enough.Token), woken = _wake.WaitAsync(enough.Token);
        Task first = await Task.WhenAny(time, woken).ConfigureAwait(false);
        if (first == woken && Problem is not null && !IsEnding()) await Task.WhenAny(time, EndingAsync(enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        _stop.Token.ThrowIfCancellationRequested();
    }

    private bool IsEnding()
    {
        lock (_gate) return _ending;
    }

    private async Task EndingAsync(CancellationToken cancellation)
    {
        while (!IsEnding()) await _wake.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>What waits, and what is to be said of what was lost.</summary>
    private Portion Take(DateTimeOffset failingSince)
    {
        lock (_gate)
        {
            string notes = "";
            if (_waiting.Count > 0 && failingSince != default)
                notes += Line(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"this log could not be written for {(_time.GetUtcNow() - failingSince).TotalSeconds:0} s: {_problem}"));
            if (_dropped > 0)
                notes += Line(LogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"{_dropped} {(_dropped == 1 ? "line was" : "lines were")} dropped: more than {_settings.Queue} waited to be written"));
            List<(LogLevel, string)> lines = [.. _waiting.Take(MostAtOnce)];
            for (int i = 0; i < lines.Count; i++) _waiting.RemoveFirst();
            long dropped = _dropped;
            _dropped = 0;
            return new Portion(lines, notes, dropped, _waiting.Count > 0);
        }
    }

    /// <summary>They could not be written, and wait again before those that came meanwhile.</summary>
    private void PutBack(Portion portion)
    {
        lock (_gate)
        {
            _dropped += portion.Dropped;
            for (int i = portion.Lines.Count - 1; i >= 0; i--) _waiting.AddFirst(portion.Lines[i]);
            // As many as came meanwhile may be too many.
            while (_waiting.Count > _settings.Queue)
            {
                if (!MakeRoom(LogLevel.Critical)) _waiting.RemoveLast();
            }
        }
    }

    private void Tell(string? problem)
    {
        if (Problem == problem) return;
        Volatile.Write(ref _problem, problem);
        ProblemChanged?.Invoke(problem);
    }

    /// <summary>A line as it stands in the file.</summary>
    public string Line(LogLevel level, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{_time.GetLocalNow():yyyy-MM-dd HH:mm:ss.fff zzz} [{OwnLogWords.Of(level)}] {text}\n");

    /// <param name="Notes">What is to be said before them.</param>
    /// <param name="Dropped">Lines that these notes tell of.</param>
    /// <param name="More">Others wait.</param>
    private sealed record Portion(List<(LogLevel Level, string Text)> Lines, string Notes, long Dropped, bool More)
    {
        public bool IsEmpty => Lines.Count == 0 && Notes.Length == 0;
    }
}
