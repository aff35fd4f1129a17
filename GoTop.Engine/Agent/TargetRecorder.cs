using System.Globalization;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent;

/// <summary>
/// Records one life of a target into a file of its own, of bounded size, and keeps the newest files alone. A disk that refuses is
/// tried again later: the agent goes on watching.
/// </summary>
internal sealed class TargetRecorder : IAsyncDisposable
{
    public static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

    /// <summary>Recordings begin only where some minutes of them have room.</summary>
    private const long LeastFreeBytes = 16 << 20;

    private const int LongestName = 60;

    /// <summary>Samples that wait for the file to be begun; fewer than a recording queues, and each may be large.</summary>
    private const int MostEarly = 8;

    private readonly Lock _gate = new();
    private readonly AgentServices _services;
    private readonly AgentSettings _settings;
    private readonly TargetIdentity _target;
    private readonly string _name;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private QueuedRecording? _queue;

    /// <summary>A target is sampled at once; null as soon as the file is there, or cannot be had.</summary>
    private List<Sample>? _early = [];
    private string? _file;
    private string? _problem;
    private long _lostBefore;

    public TargetRecorder(AgentServices services, AgentSettings settings, TargetIdentity target, string name)
    {
        (_services, _settings, _target, _name) = (services, settings, target, name);
        _run = Task.Run(RunAsync);
    }

    /// <summary>The file being written; null for none.</summary>
    public string? File => Volatile.Read(ref _queue) is null ? null : Volatile.Read(ref _file);

    /// <summary>Why none is; null when one is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    public long LostTicks => Interlocked.Read(ref _lostBefore) + (Volatile.Read(ref _queue)?.Lost ?? 0);

    /// <summary>The folder of all recordings of an agent.</summary>
    public static string FolderOf(string agentFolder) => Path.Combine(agentFolder, "recordings");

    /// <summary>Returns at once.</summary>
    public void Add(Sample sample)
    {
        lock (_gate)
        {
            if (_queue is { } queue) queue.Add(sample);
            else if (_early?.Count < MostEarly) _early.Add(sample);
            else if (_early is not null) Interlocked.Increment(ref _lostBefore);
        }
    }

    private async Task RunAsync()
    {
        // Also of a life that is over already.
        do
        {
            try
            {
                QueuedRecording queue = Open();
                Use(queue);
                Volatile.Write(ref _problem, null);
                _services.Recordings.Set(_name, _file);
                try
                {
                    await queue.Finished.WaitAsync(_stop.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    // The life is over.
                }
                finally
                {
                    lock (_gate) Volatile.Write(ref _queue, null);
                    Interlocked.Add(ref _lostBefore, queue.Lost);
                    await queue.DisposeAsync().ConfigureAwait(false);
                }
            }
            catch (Exception refused) when (refused is RecordingException or IOException or UnauthorizedAccessException)
            {
                lock (_gate) _early = null;
                Volatile.Write(ref _problem, PlainText.Clean(refused.Message, 300));
                _services.Recordings.Set(_name, null);
                _services.Log.LogError("{Target} is not recorded: {Reason}; tried again in {Seconds} s", _name, Problem, TryAgain.TotalSeconds);
                await Task.Delay(TryAgain, _services.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (!_stop.IsCancellationRequested);
    }

    private void Use(QueuedRecording queue)
    {
        lock (_gate)
        {
            foreach (Sample sample in _early ?? []) queue.Add(sample);
            _early = null;
            Volatile.Write(ref _queue, queue);
        }
    }

    private QueuedRecording Open()
    {
        string folder = FolderOf(_services.Folder);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        // What a service does is nobody else's affair.
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Else each try would make the oldest recording go for one of a few ticks.
        if (FreeBytes(folder) is { } free && free < LeastFreeBytes) throw new RecordingException(folder, $"the disk has only {Figures.Bytes(free)} left");
        DropOldest(folder);
        DateTimeOffset now = _services.Time.GetUtcNow();
        string stem = string.Create(CultureInfo.InvariantCulture, $"{Stem(_name)}-{now:yyyyMMdd-HHmmss}");
        string file = NextOf(folder, stem);
        RecordingInfo info = new(_services.ToolVersion, _target, Environment.MachineName, now);
        Volatile.Write(ref _file, file);
        return new QueuedRecording(RecordingWriter.Create(file, info, _settings.MaxMegabytes * 1024L * 1024));
    }

    /// <summary>Null where nobody tells: a folder of another machine.</summary>
    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception untold) when (untold is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// A name after all that there are of this second: lives of a service that flaps. One whose number is free again because it made
    /// room would count as older than those that are kept.
    /// </summary>
    private static string NextOf(string folder, string stem)
    {
        string? newest = Directory.EnumerateFiles(folder, stem + "*.gotop").Select(Path.GetFileNameWithoutExtension).Max(StringComparer.Ordinal);
        if (newest is null) return Path.Combine(folder, stem + ".gotop");
        int number = int.TryParse(newest.AsSpan(stem.Length).TrimStart('_'), NumberStyles.None, CultureInfo.InvariantCulture, out int last) ? last + 1 : 2;
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stem}_{number:000}.gotop"));
    }

    /// <summary>Leaves room for the one that is about to be made.</summary>
    private void DropOldest(string folder)
    {
        string prefix = Stem(_name) + "-";
        IEnumerable<FileInfo> old = new DirectoryInfo(folder).EnumerateFiles(prefix + "*.gotop")
            .Where(file => IsOurs(file.Name.AsSpan(prefix.Length)))
            // The time stands in the name; one that was copied about keeps its place.
            .OrderByDescending(file => file.Name, StringComparer.Ordinal).Skip(_settings.Keep - 1);
        foreach (FileInfo file in old.ToArray())
        {
            file.Delete();
            foreach (string beside in (string[])["-wal", "-shm", "-journal"]) System.IO.File.Delete(file.FullName + beside);
            _services.Log.LogInformation("{File} made room for a newer recording of {Target}", file.Name, _name);
        }
    }

    /// <summary>A target whose name begins with another one's has files that begin so, too: <c>shop</c>, <c>shop-eu</c>.</summary>
    private static bool IsOurs(ReadOnlySpan<char> rest) => rest.Length >= 15 && rest[8] == '-' && !rest[..8].ContainsAnyExceptInRange('0', '9') && !rest[9..15].ContainsAnyExceptInRange('0', '9');

    /// <summary>A name that any file system takes.</summary>
    private static string Stem(string name)
    {
        string safe = string.Concat(name.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).Trim('.');
        return safe.Length == 0 ? "target" : safe;
    }

    /// <summary>Writes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }
}
