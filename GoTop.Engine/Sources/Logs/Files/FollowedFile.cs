using System.Text;
using GoTop.Engine.Platform;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Sources.Logs.Files;

/// <summary>
/// One path whose file grows, is renamed away and begun anew, or is copied away and truncated. A renamed file is read until
/// nothing has come for a while, since its writer may hold it open for long.
/// </summary>
/// <remarks>
/// Of a copy that is followed by truncation, what was written between the end of copying and the truncation is in neither
/// file: nobody can read it.
/// </remarks>
/// <param name="files">Of all paths that are followed together.</param>
internal sealed class FollowedFile(string path, LogStream stream, FilesRead files, Encoding? encoding, IPlatform? platform) : IDisposable
{
    /// <summary>How much of a file that is already there is shown at first.</summary>
    private const int FirstBytes = 64 << 10;

    private const int MostRenamed = 8;
    private const int MostRotatedFiles = 32;

    private static readonly TimeSpan QuietBeforeClosed = TimeSpan.FromSeconds(5);

    private readonly List<(OpenLog Log, DateTimeOffset LastAt)> _renamed = [];
    private OpenLog? _current;
    private bool _begun;

    public string Path { get; } = path;

    public LogStream Stream => stream;

    /// <summary>Since when there has been no file of this name that can be read: on Windows one that was removed while it is open refuses. Null while there is one.</summary>
    public DateTimeOffset? MissingSince { get; private set; }

    /// <summary>What appeared after following began is read from its start.</summary>
    public bool FromStart { get; init; }

    /// <summary>What stands in it is of no interest: it has not been written to for long.</summary>
    public bool FromEnd { get; init; }

    /// <summary>Reads what was written since the last time; at most so many bytes.</summary>
    /// <param name="read">How many there were.</param>
    /// <returns>Null, or why nothing could be read.</returns>
    public LogProblem? Read(long mostBytes, byte[] buffer, DateTimeOffset now, out long read)
    {
        read = 0;
        LogProblem? problem = null;
        try
        {
            SafeFileHandle? opened = TryOpen(out problem);
            bool waits = opened is not null && Take(opened, buffer);
            read += ReadRenamed(mostBytes, buffer, now, nextHasBegun: waits);
            if (_current is not null) read += _current.ReadOn(stream, mostBytes - read, buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problem = new LogProblem(LogProblemKind.Unreadable, e.Message.Contains(Path, StringComparison.Ordinal) ? e.Message : $"{Path}: {e.Message}");
        }

        MissingSince = problem is null ? null : MissingSince ?? now;
        return problem;
    }

    public void Dispose()
    {
        foreach (OpenLog log in Logs()) files.End(log);
        _renamed.Clear();
        _current = null;
    }

    private IEnumerable<OpenLog> Logs() => _current is null ? _renamed.Select(renamed => renamed.Log) : _renamed.Select(renamed => renamed.Log).Append(_current);

    private SafeFileHandle? TryOpen(out LogProblem? problem)
    {
        problem = null;
        try
        {
            return RegularFile.Open(Path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // What appears here later is read from its start.
            _begun = true;
            problem = new LogProblem(LogProblemKind.Missing, $"{Path} is not there yet");
        }
        catch (UnauthorizedAccessException)
        {
            problem = new LogProblem(LogProblemKind.Unreadable, $"{Path} may not be read, or is a folder");
        }

        return null;
    }

    /// <summary>What the path leads to now: the same file, one that was written anew, or another.</summary>
    /// <param name="opened">It is kept, or disposed of.</param>
    /// <returns>A new file has begun, and it holds something.</returns>
    private bool Take(SafeFileHandle opened, byte[] buffer)
    {
        bool kept = false;
        try
        {
            FileNumber? number = platform?.NumberOf(opened);
            if (_current is not { } current)
            {
                kept = Begin(opened, number);
                return false;
            }

            bool same = number is not null && current.Number is not null ? number == current.Number : current.BeginsAlike(opened) && RandomAccess.GetLength(opened) >= current.Position;
            if (same || (number is null && current.Length == RandomAccess.GetLength(opened)))
            {
                if (!current.IsReplacedWithin()) return false;
                FinishCopied(current, buffer);
                files.Restart(current, stream);
                return true;
            }

            SetAside(current);
            bool holdsSomething = RandomAccess.GetLength(opened) > 0;
            kept = Begin(opened, number);
            return holdsSomething;
        }
        finally
        {
            if (!kept) opened.Dispose();
        }
    }

    private void SetAside(OpenLog current)
    {
        _current = null;
        _renamed.Add((current, DateTimeOffset.MinValue));
        if (_renamed.Count <= MostRenamed) return;
        files.End(_renamed[0].Log);
        _renamed.RemoveAt(0);
    }

    /// <returns>False where another path's reader has this file, or what it is a copy of. Once that has ended, reading goes on from there.</returns>
    private bool Begin(SafeFileHandle opened, FileNumber? number)
    {
        (bool IsOpen, long Position)? read = files.Find(number, opened);
        if (read is { IsOpen: true })
        {
            _begun = true;
            return false;
        }

        OpenLog log = new(opened, number, encoding);
        if (read is { } known) log.BeginAt(known.Position);
        else if (!_begun && !FromStart) log.BeginNearEnd(FromEnd ? 0 : FirstBytes);
        _begun = true;
        _current = log;
        files.Begin(log);
        return true;
    }

    private long ReadRenamed(long mostBytes, byte[] buffer, DateTimeOffset now, bool nextHasBegun)
    {
        long all = 0;
        for (int i = 0; i < _renamed.Count; i++)
        {
            (OpenLog log, DateTimeOffset lastAt) = _renamed[i];
            long read = log.ReadOn(stream, mostBytes - all, buffer);
            all += read;
            if (read > 0 || lastAt == DateTimeOffset.MinValue) _renamed[i] = (log, now);
            // Its writer has moved on, so the line it left unfinished stays so.
            if (nextHasBegun) log.EndLine(stream);
            if (read > 0 || lastAt == DateTimeOffset.MinValue || now - lastAt < QuietBeforeClosed) continue;
            log.EndLine(stream);
            files.End(log);
            _renamed.RemoveAt(i--);
        }

        return all;
    }

    /// <summary>
    /// Reads the rest of what was copied away before the truncation: from the newest file beside this one that has its stem
    /// (<c>app.log.1</c>, <c>app-2026-01-02.log</c>) and begins as it did.
    /// </summary>
    private void FinishCopied(OpenLog log, byte[] buffer)
    {
        if (log.Head.IsEmpty) return;
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? ".";
        string name = System.IO.Path.GetFileName(Path);
        string stem = System.IO.Path.GetFileNameWithoutExtension(name);
        IEnumerable<FileInfo> candidates = new DirectoryInfo(folder).EnumerateFiles()
            .Where(f => f.Name != name && f.Name.StartsWith(stem, StringComparison.Ordinal))
            .OrderByDescending(f => f.LastWriteTimeUtc)
            .Take(MostRotatedFiles);
        foreach (FileInfo candidate in candidates)
        {
            try
            {
                using SafeFileHandle copy = RegularFile.Open(candidate.FullName);
                if (!log.BeginsAlike(copy) || RandomAccess.GetLength(copy) < log.Position) continue;
                log.ReadOn(stream, long.MaxValue, buffer, copy);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Being compressed or removed at this moment; the new file counts more.
            }
        }
    }
}
