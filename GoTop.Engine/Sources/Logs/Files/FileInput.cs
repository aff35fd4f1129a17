using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Sources.Logs.Files;

/// <summary>
/// Files by their paths, and by patterns such as <c>/var/log/app/*.log</c>, whose new files are taken on as they appear. Reads
/// at its own pace: at once again while there is much, else ten times a second.
/// </summary>
internal sealed class FileInput : ILogInput
{
    /// <summary>Files followed for patterns.</summary>
    public const int MostFound = 64;

    private const int BufferBytes = 128 << 10;

    /// <summary>Of one file in one go, so that others get their turn and a tick its lines.</summary>
    private const long BytesInOneGo = 8 << 20;

    /// <summary>A file that a pattern finds and that was not written to for longer is followed from its end.</summary>
    private static readonly TimeSpan OldFile = TimeSpan.FromHours(1);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MissingBeforeForgotten = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ImmutableArray<FollowedFile> _named;
    private readonly ImmutableArray<string> _patterns;
    private readonly List<FollowedFile> _found = [];
    private readonly HashSet<(string Path, FileNumber? Number)> _passedOver = [];
    private readonly LogIntake _intake;
    private readonly Encoding? _encoding;
    private readonly IPlatform? _platform;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private string? _problem;
    private string? _beyond;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;
    private bool _hasLooked;

    public FileInput(ImmutableArray<string> paths, LogIntake intake, Encoding? encoding, IPlatform? platform, TimeProvider time)
    {
        (_intake, _encoding, _platform, _time) = (intake, encoding, platform, time);
        _patterns = [.. paths.Where(LogLocation.IsPattern).Distinct()];
        _named = [.. paths.Where(path => !LogLocation.IsPattern(path)).Distinct().Select(path => new FollowedFile(path, intake.Open(path), encoding, platform))];
    }

    public int Logs => _named.Length + Math.Max(_patterns.Length, _found.Count);

    public ImmutableArray<string> Problems { get; private set; } = [];

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
            ImmutableArray<string>.Builder problems = ImmutableArray.CreateBuilder<string>();
            bool more = false;
            foreach (FollowedFile file in _named)
            {
                if (file.Read(BytesInOneGo, _buffer, now, out long read) is { } problem) problems.Add(problem);
                more |= read >= BytesInOneGo;
            }

            foreach (FollowedFile file in _found)
            {
                file.Read(BytesInOneGo, _buffer, now, out long read);
                more |= read >= BytesInOneGo;
            }

            if (_problem is not null) problems.Add(_problem);
            if (_beyond is not null) problems.Add(_beyond);
            Problems = problems.ToImmutable();
            return more;
        }
    }

    private void Look(DateTimeOffset now)
    {
        bool first = !_hasLooked;
        (_hasLooked, _lookedAt, _problem, _beyond) = (true, now, null, null);
        for (int i = 0; i < _found.Count; i++)
        {
            if (_found[i].MissingSince is not { } since || now - since < MissingBeforeForgotten) continue;
            _intake.Close(_found[i].Stream);
            _found[i].Dispose();
            _found.RemoveAt(i--);
        }

        foreach (string pattern in _patterns)
        {
            FileInfo[] there = Files(pattern);
            if (there.Length == 0 && _found.Count == 0) _problem = $"no file {pattern} is there yet";
            foreach (FileInfo file in there) TakeOn(file, first, now);
        }
    }

    private static FileInfo[] Files(string pattern)
    {
        string folder = Path.GetDirectoryName(pattern) is { Length: > 0 } given ? given : ".";
        string name = Path.GetFileName(pattern);
        try
        {
            return
            [
                .. new DirectoryInfo(folder).EnumerateFiles()
                    .Where(file => FileSystemName.MatchesSimpleExpression(name, file.Name, ignoreCase: OperatingSystem.IsWindows()))
                    .OrderByDescending(file => file.LastWriteTimeUtc),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void TakeOn(FileInfo file, bool first, DateTimeOffset now)
    {
        string path = file.FullName;
        if (_found.Exists(followed => followed.Path == path) || _named.Any(followed => followed.Path == path)) return;
        if (_found.Count >= MostFound)
        {
            _beyond = $"more than {MostFound} files match: those written to last are followed";
            return;
        }

        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            FileNumber? number = _platform?.NumberOf(handle);
            if (_passedOver.Contains((path, number))) return;
            // Renamed or copied away under a name that matches as well: its lines have been read.
            if (_named.Concat(_found).Any(followed => followed.Knows(number, handle)))
            {
                if (_passedOver.Count > 10 * MostFound) _passedOver.Clear();
                _passedOver.Add((path, number));
                return;
            }

            bool old = first && now - file.LastWriteTimeUtc > OldFile;
            _found.Add(new FollowedFile(path, _intake.Open(path), _encoding, _platform) { FromStart = !first, FromEnd = old });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problem = $"{path}: {PlainText.Clean(e.Message, 200)}";
        }
    }
}
