using System.Buffers;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs;

/// <summary>
/// One log file that grows, is truncated, or is renamed away and begun anew. It is opened for each reading only, so that
/// it never stands in the way of a rotation; that it is still the same file is told by how it begins.
/// </summary>
internal sealed class FollowedFile(string path)
{
    /// <summary>How much of a file that is already there is shown at first.</summary>
    private const int FirstBytes = 64 << 10;

    private const int HeadBytes = 256;

    /// <summary>More than this is left out without counting its lines, to bound what a tick costs.</summary>
    private const long MostCountedBytes = 32 << 20;

    private const int MostRotatedFiles = 32;

    private readonly LineSplitter _splitter = new();
    private byte[] _head = [];
    private long _position = -1;

    public string Path { get; } = path;

    /// <summary>Reads what was written since the last reading; never more than the given number of bytes.</summary>
    /// <param name="dropped">Lines that were left out: at least so many.</param>
    /// <returns>Null, or why nothing could be read.</returns>
    public string? Read(List<string> lines, int mostBytes, ref long dropped)
    {
        try
        {
            using FileStream file = Open(Path);
            if (_position < 0)
            {
                Begin(file);
            }
            else if (!IsContinued(file))
            {
                FinishRotated(lines, mostBytes, ref dropped);
                _splitter.End(lines);
                _head = [];
                _position = 0;
            }

            ReadOn(file, lines, mostBytes, ref dropped);
            RememberHead(file);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // What appears here later is read from its start.
            if (_position < 0) _position = 0;
            return $"{Path} is not there yet";
        }
        catch (UnauthorizedAccessException)
        {
            return $"{Path} may not be read, or is a folder";
        }
        catch (IOException e)
        {
            return $"{Path}: {PlainText.Clean(e.Message, 200)}";
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private void Begin(FileStream file)
    {
        _position = Math.Max(0, file.Length - FirstBytes);
        if (_position > 0) _position = NextLine(file, _position);
    }

    /// <summary>The start of the first line that begins after this place; the place itself when the line is endless.</summary>
    private static long NextLine(FileStream file, long position)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            int length = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(0, FirstBytes), position);
            int end = buffer.AsSpan(0, length).IndexOf((byte)'\n');
            return end < 0 ? position : position + end + 1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>It begins as it did, and is no shorter than what was read of it.</summary>
    private bool IsContinued(FileStream file)
    {
        if (file.Length < _position) return false;
        Span<byte> head = stackalloc byte[HeadBytes];
        head = head[.._head.Length];
        return RandomAccess.Read(file.SafeFileHandle, head, 0) == head.Length && head.SequenceEqual(_head);
    }

    private void RememberHead(FileStream file)
    {
        if (_head.Length == HeadBytes) return;
        Span<byte> head = stackalloc byte[HeadBytes];
        int length = RandomAccess.Read(file.SafeFileHandle, head, 0);
        // Not beyond what was read: the rest could still be another file's when this one is replaced.
        _head = head[..(int)Math.Min(length, _position)].ToArray();
    }

    private void ReadOn(FileStream file, List<string> lines, int mostBytes, ref long dropped)
    {
        long length = file.Length;
        if (length - _position > mostBytes) LeaveOut(file, length - mostBytes, ref dropped);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
        try
        {
            while (_position < length)
            {
                int wanted = (int)Math.Min(buffer.Length, length - _position);
                int read = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(0, wanted), _position);
                if (read == 0) break;
                _position += read;
                _splitter.Add(buffer.AsSpan(0, read), lines);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Moves on to the first line after a place, counting the lines in between.</summary>
    private void LeaveOut(FileStream file, long until, ref long dropped)
    {
        until = NextLine(file, until);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            long from = Math.Max(_position, until - MostCountedBytes);
            while (from < until)
            {
                int read = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, until - from)), from);
                if (read == 0) break;
                from += read;
                dropped += buffer.AsSpan(0, read).Count((byte)'\n');
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _splitter.Reset();
        _position = until;
    }

    /// <summary>
    /// Reads the rest of the file that was renamed (or copied) away: the newest beside this one that has its stem
    /// (<c>app.log.1</c>, <c>app-2026-01-02.log</c>) and begins as it did.
    /// </summary>
    private void FinishRotated(List<string> lines, int mostBytes, ref long dropped)
    {
        if (_head.Length == 0) return;
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
                using FileStream rotated = Open(candidate.FullName);
                if (!IsContinued(rotated)) continue;
                ReadOn(rotated, lines, mostBytes, ref dropped);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Being compressed or removed at this moment; the new file counts more.
            }
        }
    }
}
