using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Sources.Logs.Files;

/// <summary>
/// Files by their paths, and by patterns such as <c>/var/log/app/*.log</c>, whose new files are taken on as they appear, as are those
/// that a process opens. Reads at its own pace: at once again while there is much, else ten times a second.
/// </summary>
internal sealed class FileInput : ILogInput
{
    /// <summary>Files followed for patterns and for a process.</summary>
    public const int MostFound = 64;

    private const int BufferBytes = 128 << 10;

    /// <summary>Of one file in one go, so that others get their turn and a tick its lines.</summary>
    private const long BytesInOneGo = 8 << 20;

    /// <summary>A file that a pattern finds and that was not written to for longer is followed from its end.</summary>
    private static readonly TimeSpan OldFile = TimeSpan.FromHours(1);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MissingBeforeForgotten = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ImmutableArray<FollowedFile> _named;
    private readonly ImmutableArray<string> _patterns;
    private readonly List<FollowedFile> _found = [];
    private readonly FilesRead _files = new();
    private readonly LogIntake _intake;
    private readonly Encoding? _encoding;
    private readonly IPlatform? _platform;
    private readonly TimeProvider _time;
    private readonly Func<Reading<ImmutableArray<string>>>? _opened;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private ImmutableArray<LogProblem> _lookProblems = [];
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;
    private bool _hasLooked;
    private DateTimeOffset? _askedAt;

    /// <param name="opened">The logs that a process has open now; those that were not among <paramref name="paths"/> are taken on. Null for none.</param>
    public FileInput(ImmutableArray<string> paths, LogIntake intake, Encoding? encoding, IPlatform? platform, TimeProvider time, Func<Reading<ImmutableArray<string>>>? opened = null)
    {
        (_intake, _encoding, _platform, _time, _opened) = (intake, encoding, platform, time, opened);
        _patterns = [.. paths.Where(LogLocation.IsPattern).Distinct()];
        _named = [.. paths.Where(path => !LogLocation.IsPattern(path)).Distinct().Select(path => new FollowedFile(path, intake.Open(path, unwraps: true), _files, encoding, platform))];
    }

    public int Logs => _named.Length + Math.Max(_patterns.Length, _found.Count);

    public ImmutableArray<LogProblem> Problems { get; private set; } = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Pace, _time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false)) Catch(cancellation);
    }

    public void Catch(CancellationToken cancellation)
    {
        bool more = true;
        while (more && !cancellation.IsCancellationRequested) more = ReadAll();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (FollowedFile file in _named) file.Dispose();
            foreach (FollowedFile file in _found) file.Dispose();
            _found.Clear();
        }
    }

    /// <returns>Something may be left to be read at once.</returns>
    private bool ReadAll()
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (!_patterns.IsEmpty && (!_hasLooked || now - _lookedAt >= LookAgain)) Look(now);
            if (_opened is not null && !(now - _askedAt < AskAgain)) Ask(_opened, now);
            ImmutableArray<LogProblem>.Builder problems = ImmutableArray.CreateBuilder<LogProblem>();
            bool more = false;
            foreach (FollowedFile file in _named)
            {
                if (file.Read(BytesInOneGo, _buffer, now, out long read) is { } problem) problems.Add(problem);
                more |= read >= BytesInOneGo;
            }

            foreach (FollowedFile file in _found)
            {
                // One that was found and is gone has been rotated away.
                if (file.Read(BytesInOneGo, _buffer, now, out long read) is { Kind: LogProblemKind.Unreadable } problem) problems.Add(problem);
                more |= read >= BytesInOneGo;
            }

            problems.AddRange(_lookProblems);
            Problems = problems.ToImmutable();
            return more;
        }
    }

    private void Look(DateTimeOffset now)
    {
        bool first = !_hasLooked;
        (_hasLooked, _lookedAt) = (true, now);
        ForgetMissing(now);
        _lookProblems = [.. _patterns.Select(pattern => Look(pattern, first, now)).OfType<LogProblem>()];
    }

    /// <summary>Files that it had open at first are among those with names.</summary>
    private void Ask(Func<Reading<ImmutableArray<string>>> opened, DateTimeOffset now)
    {
        bool first = _askedAt is null;
        _askedAt = now;
        if (first) return;
        ForgetMissing(now);
        _lookProblems = [.. opened().ValueOr([]).Select(path => TakeOn(new FileInfo(path), first: false, now)).OfType<LogProblem>().Select(problem => problem with { Kind = LogProblemKind.Partial })];
    }

    private void ForgetMissing(DateTimeOffset now)
    {
        for (int i = 0; i < _found.Count; i++)
        {
            if (_found[i].MissingSince is not { } since || now - since < MissingBeforeForgotten) continue;
            _intake.Close(_found[i].Stream);
            _found[i].Dispose();
            _found.RemoveAt(i--);
        }
    }

    /// <returns>The first problem.</returns>
    private LogProblem? Look(string pattern, bool first, DateTimeOffset now)
    {
        FileInfo[] there;
        try
        {
            there = Files(pattern);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new LogProblem(e is DirectoryNotFoundException ? LogProblemKind.Missing : LogProblemKind.Unreadable, $"{pattern}: {e.Message}");
        }

        LogProblem? problem = null;
        foreach (FileInfo file in there)
        {
            LogProblem? refused = TakeOn(file, first, now);
            problem ??= refused;
        }

        if (there.Length == 0 && _found.Count == 0) return new LogProblem(LogProblemKind.Missing, $"no file {pattern} is there yet");
        // Where others can be read, it is not the log as a whole that cannot be.
        return _found.Count == 0 ? problem : problem is { } partial ? partial with { Kind = LogProblemKind.Partial } : null;
    }

    private static FileInfo[] Files(string pattern)
    {
        string folder = Path.GetDirectoryName(pattern) is { Length: > 0 } given ? given : ".";
        string name = Path.GetFileName(pattern);
        return
        [
            .. new DirectoryInfo(folder).EnumerateFiles()
                .Where(file => FileSystemName.MatchesSimpleExpression(name, file.Name, ignoreCase: OperatingSystem.IsWindows()))
                .OrderByDescending(file => file.LastWriteTimeUtc),
        ];
    }

    private LogProblem? TakeOn(FileInfo file, bool first, DateTimeOffset now)
    {
        string path = file.FullName;
        if (_found.Exists(followed => followed.Path == path) || _named.Any(followed => followed.Path == path)) return null;
        if (_found.Count >= MostFound) return new LogProblem(LogProblemKind.Partial, $"more than {MostFound} files match: those written to last are followed");
        try
        {
            using SafeFileHandle handle = RegularFile.Open(path);
            // Renamed or copied away under a name that matches as well: its lines have been read, or are read under the other name.
            if (_files.Find(_platform?.NumberOf(handle), handle) is { } read && (read.IsOpen || RandomAccess.GetLength(handle) <= read.Position)) return null;
            bool old = first && now - file.LastWriteTimeUtc > OldFile;
            _found.Add(new FollowedFile(path, _intake.Open(path, unwraps: true), _files, _encoding, _platform) { FromStart = !first, FromEnd = old });
            return null;
        }
        catch (FileNotFoundException)
        {
            // Gone meanwhile.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new LogProblem(LogProblemKind.Unreadable, e.Message.Contains(path, StringComparison.Ordinal) ? e.Message : $"{path}: {e.Message}");
        }
    }
}
