using System.Globalization;
using System.IO.Compression;
using System.Text;
using GoTop.Engine.Config;

namespace GoTop.Cli.OwnLogging;

/// <summary>
/// The file that GoTop's own log goes to. It is set aside when it grows too large or its day is over; the newest of those set
/// aside are kept, compressed. What cannot be written is taken back, so that the same may be written again later.
/// </summary>
/// <remarks>Not safe from several threads. A second GoTop of the same user takes <c>gotop-2.log</c>, and so on.</remarks>
internal sealed class OwnLogFile : IDisposable
{
    private const int MostWriters = 16;
    private const string CompressedSuffix = ".gz";

    private readonly LogSettings _settings;
    private readonly TimeProvider _time;
    private readonly string _path;
    private FileStream? _file;
    private FileStream? _claim;
    private DateTimeOffset _period;

    public OwnLogFile(LogSettings settings, string path, TimeProvider time)
    {
        (_settings, _time, _path) = (settings, time, System.IO.Path.GetFullPath(path));
    }

    /// <summary>The file written to; null before the first writing.</summary>
    public string? Path { get; private set; }

    /// <summary>Writes whole lines and hands them to the system.</summary>
    /// <exception cref="IOException">The disk is full, for one; nothing of them stands in the file then.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public void Write(string lines)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(lines);
        FileStream file = Current(bytes.Length);
        long before = file.CanSeek ? file.Length : 0;
        try
        {
            file.Write(bytes);
            file.Flush();
        }
        catch (IOException)
        {
            // Half a line would stand there, and the whole of it again when the disk has room.
            if (file.CanSeek) Cut(file, before);
            // Opened anew the next time: somebody may have made room by taking the file away.
            file.Dispose();
            _file = null;
            throw;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _claim?.Dispose();
    }

    private static void Cut(FileStream file, long length)
    {
        try
        {
            file.SetLength(length);
        }
        catch (IOException)
        {
            // It stays as it is.
        }
    }

    private FileStream Current(int more)
    {
        if (_file is null) return _file = Open();
        bool full = _file.CanSeek && _file.Length > 0 && _file.Length + more > _settings.MostBytes;
        if (!full && PeriodOf(_time.GetLocalNow()) == _period) return _file;
        _file.Dispose();
        _file = null;
        SetAside(Path!);
        return _file = Open();
    }

    private FileStream Open()
    {
        Path ??= Claim();
        FileStream file = new(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _period = PeriodOf(file.CanSeek && file.Length > 0 ? File.GetLastWriteTime(Path) : _time.GetLocalNow());
        return file;
    }

    /// <summary>
    /// The first name that no other GoTop writes to. Told by a file beside it, since on Unix a lock on the log itself would keep
    /// readers away.
    /// </summary>
    private string Claim()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
        for (int writer = 1; ; writer++)
        {
            string path = writer == 1 ? _path : Beside(string.Create(CultureInfo.InvariantCulture, $"-{writer}"));
            try
            {
                _claim = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
                return path;
            }
            catch (IOException) when (writer < MostWriters && File.Exists(path + ".lock"))
            {
                // Another GoTop's.
            }
        }
    }

    private DateTimeOffset PeriodOf(DateTimeOffset time) => _settings.Roll switch
    {
        LogRoll.Hourly => new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, 0, 0, time.Offset),
        LogRoll.Daily => new DateTimeOffset(time.Date, time.Offset),
        _ => DateTimeOffset.MinValue,
    };

    private void SetAside(string path)
    {
        string stem = System.IO.Path.GetFileNameWithoutExtension(path), folder = System.IO.Path.GetDirectoryName(path)!, extension = System.IO.Path.GetExtension(path);
        string stamp = _time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string aside = System.IO.Path.Combine(folder, $"{stem}-{stamp}{extension}");
        for (int again = 1; File.Exists(aside) || File.Exists(aside + CompressedSuffix); again++)
            aside = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stem}-{stamp}-{again:000}{extension}"));
        File.Move(path, aside);
        if (_settings.Compress) Compress(aside);
        foreach (string old in SetAsideFiles(folder, stem, extension).Skip(_settings.Keep)) Delete(old);
    }

    /// <summary>The newest first: their names hold the time.</summary>
    private static IEnumerable<string> SetAsideFiles(string folder, string stem, string extension) =>
        Directory.EnumerateFiles(folder, $"{stem}-????????-??????*").Where(file => file.EndsWith(extension, StringComparison.Ordinal) || file.EndsWith(extension + CompressedSuffix, StringComparison.Ordinal))
            .OrderByDescending(file => file.EndsWith(CompressedSuffix, StringComparison.Ordinal) ? file[..^CompressedSuffix.Length] : file, StringComparer.Ordinal);

    /// <summary>Under another name until it is whole; where there is no room for it, the file stays as it is.</summary>
    private static void Compress(string path)
    {
        string unfinished = path + CompressedSuffix + ".part";
        try
        {
            using (FileStream from = File.OpenRead(path))
            using (FileStream to = File.Create(unfinished))
            using (GZipStream compressed = new(to, CompressionLevel.Optimal)) from.CopyTo(compressed);
            File.Move(unfinished, path + CompressedSuffix);
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Delete(unfinished);
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody reads it, on Windows; the next time.
        }
    }

    private string Beside(string suffix) => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(_path)!, System.IO.Path.GetFileNameWithoutExtension(_path) + suffix + System.IO.Path.GetExtension(_path));
}
