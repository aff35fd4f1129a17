using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>A Go executable on this machine that a log's process may have run.</summary>
internal sealed class LoggedExecutable : IDisposable
{
    private readonly FileStream _file;

    private LoggedExecutable(string path, FileStream file, BinaryImage image, PeStamp stamp, SymbolTable symbols, bool isGiven)
    {
        Path = path;
        _file = file;
        (Image, Stamp, Symbols, IsGiven) = (image, stamp, symbols, isGiven);
        ModifiedAt = new DateTimeOffset(File.GetLastWriteTimeUtc(file.SafeFileHandle), TimeSpan.Zero);
    }

    public BinaryImage Image { get; }

    public PeStamp Stamp { get; }

    public SymbolTable Symbols { get; }

    /// <summary>A person says that it is the one.</summary>
    public bool IsGiven { get; }

    public string Path { get; }

    public DateTimeOffset ModifiedAt { get; }

    /// <summary>Looks where the person says, else where the log names it, else beside the log.</summary>
    /// <returns>Not supported: none lies here, or it is none of Go's. Whether it is the same build is another question.</returns>
    public static Reading<LoggedExecutable> Open(LoadedImage image, EtlOptions options)
    {
        if (options.Binary is { Length: > 0 } given) return Open(given, isGiven: true);
        foreach (string path in Places(image, options.Folder))
        {
            if (File.Exists(path)) return Open(path, isGiven: false);
        }

        return Reading.NotSupported<LoggedExecutable>($"its executable {image.Name} does not lie on this machine as the log names it, nor beside the log; --binary names another place");
    }

    public void Dispose() => _file.Dispose();

    private static IEnumerable<string> Places(LoadedImage image, string? folder)
    {
        // The log's own path leads somewhere on Windows alone; elsewhere its backslashes would be a part of a name.
        if (OperatingSystem.IsWindows() && LocalPath.IsPlainOnWindows(image.Path) && LocalPath.IsOnDriveOfThisMachine(image.Path)) yield return image.Path;
        // It must not lead out of the folder either.
        if (folder is not null && LocalPath.IsPlainName(image.Name)) yield return System.IO.Path.Combine(folder, image.Name);
    }

    private static Reading<LoggedExecutable> Open(string path, bool isGiven)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(RegularFile.Open(path), FileAccess.Read, bufferSize: 0);
            Reading<BinaryImage> opened = BinaryImage.Open(file);
            if (!opened.TryGet(out BinaryImage? image)) return Not(file, path, opened.Reason);
            if (PeStamp.Read(image.File) is not { } stamp) return Not(file, path, "it is no executable of Windows");
            Reading<SymbolTable> symbols = SymbolTable.Open(image);
            return symbols.TryGet(out SymbolTable? table) ? Reading.Of(new LoggedExecutable(path, file, image, stamp, table, isGiven)) : Not(file, path, symbols.Reason);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            return Reading.NotSupported<LoggedExecutable>($"{path}: {refused.Message}");
        }
    }

    private static Reading<LoggedExecutable> Not(FileStream file, string path, string? why)
    {
        file.Dispose();
        return Reading.NotSupported<LoggedExecutable>($"{path}: {why}");
    }
}
