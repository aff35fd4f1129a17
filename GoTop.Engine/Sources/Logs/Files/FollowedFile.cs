using System.Text;
using GoTop.Engine.Model;
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
internal sealed class FollowedFile(string path, LogStream stream, Encoding? encoding, IPlatform? platform) : IDisposable
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

    /// <summary>Since when there has been no file of this name; null while there is one.</summary>
    public DateTimeOffset? MissingSince { get; private set; }

    /// <summary>What appeared after following began is read from its start.</summary>
    public bool FromStart { get; init; }

    /// <summary>What stands in it is of no interest: it has not been written to for long.</summary>
    public bool FromEnd { get; init; }

    /// <summary>Whether a file found under another name is one that is followed here, or a copy of it.</summary>
    public bool Knows(FileNumber? number, SafeFileHandle file)
    {
        foreach (OpenLog log in Logs())
        {
            if (number is not null && log.Number == number) return true;
            if (log.Head.Length >= OpenLog.HeadBytes && log.BeginsAlike(file)) return true;
        }

        return false;
    }

    /// <summary>Reads what was written since the last time; at most so many bytes.</summary>
    /// <param name="read">How many there were.</param>
    /// <returns>Null, or why nothing could be read.</returns>
    public string? Read(long mostBytes, byte[] buffer, DateTimeOffset now, out long read)
    {
        read = 0;
        try
        {
            SafeFileHandle? opened = TryOpen(Path, out string? problem);
            bool waits = opened is not null && Take(opened, buffer);
            read += ReadRenamed(mostBytes, buffer, now, nextHasBegun: waits);
            if (_current is not null) read += _current.ReadOn(stream, mostBytes - read, buffer);
            MissingSince = problem is null ? null : MissingSince ?? now;
            return problem;
        }
        catch (IOException e)
        {
            return $"{Path}: {PlainText.Clean(e.Message, 200)}";
        }
    }

    public void Dispose()
    {
        foreach (OpenLog log in Logs()) log.Dispose();
        _renamed.Clear();
        _current = null;
    }

    private IEnumerable<OpenLog> Logs() => _current is null ? _renamed.Select(renamed => renamed.Log) : _renamed.Select(renamed => renamed.Log).Append(_current);

    private SafeFileHandle? TryOpen(string from, out string? problem)
    {
        try
        {
            problem = null;
            return File.OpenHandle(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // What appears here later is read from its start.
            _begun = true;
            problem = $"{from} is not there yet";
        }
        catch (UnauthorizedAccessException)
        {
            problem = $"{from} may not be read, or is a folder";
        }

        return null;
    }

    /// <summary>What the path leads to now: the same file, one that was written anew, or another.</summary>
    /// <returns>A new file has begun, and it holds something.</returns>
    private bool Take(SafeFileHandle opened, byte[] buffer)
    {
        FileNumber? number = platform?.NumberOf(opened);
        if (_current is null)
        {
            Begin(opened, number);
            return false;
        }

        bool same = number is not null && _current.Number is not null ? number == _current.Number : _current.BeginsAlike(opened) && RandomAccess.GetLength(opened) >= _current.Position;
        if (same || (number is null && _current.Length == RandomAccess.GetLength(opened)))
        {
            opened.Dispose();
            if (!_current.IsReplacedWithin()) return false;
            FinishCopied(_current, buffer);
            _current.Restart(stream);
            return true;
        }

        _renamed.Add((_current, DateTimeOffset.MinValue));
        if (_renamed.Count > MostRenamed)
        {
            _renamed[0].Log.Dispose();
            _renamed.RemoveAt(0);
        }

        _current = null;
        bool holdsSomething = RandomAccess.GetLength(opened) > 0;
        Begin(opened, number);
        return holdsSomething;
    }

    private void Begin(SafeFileHandle opened, FileNumber? number)
    {
        _current = new OpenLog(opened, number, encoding);
        if (!_begun && !FromStart) _current.BeginNearEnd(FromEnd ? 0 : FirstBytes);
        _begun = true;
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
            log.Dispose();
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
                using SafeFileHandle copy = File.OpenHandle(candidate.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
