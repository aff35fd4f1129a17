using GoTop.Engine.Model;

namespace GoTop.Engine.Config;

/// <summary>
/// Loads a configuration file again when it changes. A broken version keeps the settings that held before and brings its
/// problems along.
/// </summary>
/// <remarks>
/// <see cref="Changed"/> is raised on a thread of the pool, never twice at a time. Editors write a file in several steps,
/// so loading waits until it has been quiet for <see cref="QuietTime"/>.
/// </remarks>
public sealed class ConfigWatcher : IDisposable
{
    public static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);

    private readonly ConfigLoader _loader;
    private readonly string _file;
    private readonly ITimer _timer;
    private readonly FileSystemWatcher? _watcher;
    private readonly Lock _reloading = new();
    private LoadedConfig _current;
    private volatile bool _disposed;

    /// <param name="loaded">What holds at present; its file is the one watched.</param>
    public ConfigWatcher(LoadedConfig loaded, ConfigLoader loader, TimeProvider time)
        : this(loaded, loader, time, watchFolder: true)
    {
    }

    /// <param name="watchFolder">False in tests, which say themselves when the file has changed.</param>
    internal ConfigWatcher(LoadedConfig loaded, ConfigLoader loader, TimeProvider time, bool watchFolder)
    {
        _file = loaded.File ?? throw new ArgumentException("Only a file can be watched.", nameof(loaded));
        _loader = loader;
        _current = loaded;
        _timer = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // The folder, not the file: editors put a new file in the old one's place.
        string folder = Path.GetDirectoryName(Path.GetFullPath(_file)) ?? ".";
        if (!watchFolder || !Directory.Exists(folder)) return;
        try
        {
            _watcher = new FileSystemWatcher(folder, Path.GetFileName(_file));
            _watcher.Changed += (_, _) => Noticed();
            _watcher.Created += (_, _) => Noticed();
            _watcher.Renamed += (_, _) => Noticed();
            _watcher.Deleted += (_, _) => Noticed();
            _watcher.Error += (_, _) => Noticed();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A busy server is out of inotify instances soon; that must not keep GoTop from starting.
            _watcher?.Dispose();
            _watcher = null;
            WhyNotWatching = PlainText.Clean(e.Message, 300);
        }
    }

    /// <summary>Why changes go unnoticed; null when they are watched for.</summary>
    public string? WhyNotWatching { get; }

    /// <summary>The settings that hold, and the problems of the newest version of the file.</summary>
    public event Action<LoadedConfig>? Changed;

    public LoadedConfig Current => Volatile.Read(ref _current);

    /// <summary>Loads it again without a change that was noticed: somebody asks for it.</summary>
    public void ReadAgain() => Noticed();

    public void Dispose()
    {
        _disposed = true;
        _watcher?.Dispose();
        _timer.Dispose();
    }

    internal void Noticed()
    {
        if (!_disposed) _timer.Change(QuietTime, Timeout.InfiniteTimeSpan);
    }

    private void Reload()
    {
        lock (_reloading)
        {
            if (_disposed) return;
            LoadedConfig loaded = _loader.LoadFile(_file);
            LoadedConfig now = loaded.IsSound ? loaded : loaded with { Config = _current.Config };
            Volatile.Write(ref _current, now);
            Changed?.Invoke(now);
        }
    }
}
