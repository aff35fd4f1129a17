using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Capture;

/// <summary>
/// The folder of one capture. A file is written under another name and takes its own when it is whole, so that nobody takes
/// half of one for a capture; nothing that is there is ever overwritten but the manifest.
/// </summary>
internal sealed class CaptureFolder
{
    public const string ManifestName = "manifest.json";

    private const string Unfinished = ".unfinished";
    private const int LongestName = 64;
    private const int MostFolders = 1000;

    private CaptureFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>A folder that is not there yet, named after target and moment.</summary>
    /// <param name="parent">May itself not be there.</param>
    public static string NewPath(string parent, string target, DateTimeOffset now)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{FileName(target)}-{now.UtcDateTime:yyyyMMdd-HHmmss}");
        for (int number = 1; number <= MostFolders; number++)
        {
            string path = System.IO.Path.Combine(parent, number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
            if (!System.IO.Path.Exists(path)) return path;
        }

        throw new CaptureException(CaptureState.Failed, $"{parent} has {MostFolders} captures of this second already") { IsOfTheFolder = true };
    }

    /// <summary>A target's name as part of a file name: a process calls itself what it likes.</summary>
    public static string FileName(string target)
    {
        StringBuilder name = new(target.Length);
        foreach (char c in target.AsSpan(0, Math.Min(target.Length, LongestName))) name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_');
        string clean = name.ToString().Trim('.', '_');
        return clean.Length == 0 ? "target" : clean;
    }

    /// <exception cref="CaptureException">It cannot be made or written to.</exception>
    public static CaptureFolder Open(string path)
    {
        try
        {
            CaptureFolder folder = new(Directory.CreateDirectory(path).FullName);
            // Better known before the target is asked for anything.
            string probe = System.IO.Path.Combine(folder.Path, "." + Guid.NewGuid().ToString("N") + Unfinished);
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw NotWritten(path, refused);
        }
    }

    /// <summary>Writes a file, and gives what was written.</summary>
    /// <param name="partName">What the file is called when writing it was given up; null to remove it then.</param>
    /// <exception cref="CaptureException">The folder takes no more.</exception>
    public async Task<(long Bytes, string Sha256)> WriteAsync(string name, string? partName, Func<Stream, Task> write)
    {
        string path = System.IO.Path.Combine(Path, name), unfinished = path + Unfinished;
        if (System.IO.Path.Exists(path)) throw new CaptureException(CaptureState.Failed, $"{path} is there already") { IsOfTheFolder = true };
        HashingStream? file = null;
        try
        {
            file = new HashingStream(Create(unfinished), path);
            await write(file).ConfigureAwait(false);
            string hash = file.Finish();
            await file.DisposeAsync().ConfigureAwait(false);
            Move(unfinished, path);
            return (file.Length, hash);
        }
        catch
        {
            if (file is not null) await GiveUpAsync(file, unfinished, partName is null ? null : System.IO.Path.Combine(Path, partName)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Puts the manifest in place of the one before in one step.</summary>
    /// <exception cref="CaptureException"></exception>
    public void WriteManifest(string json)
    {
        string path = System.IO.Path.Combine(Path, ManifestName), unfinished = path + Unfinished;
        try
        {
            File.WriteAllText(unfinished, json);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            TryDelete(unfinished);
            throw NotWritten(path, refused);
        }
    }

    internal static CaptureException NotWritten(string path, Exception refused) =>
        new(CaptureState.Failed, PlainText.Clean($"{path} cannot be written: {refused.Message}", 500)) { IsOfTheFolder = true };

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 64 << 10, Options = FileOptions.Asynchronous });
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(path, refused);
        }
    }

    private static void Move(string from, string to)
    {
        try
        {
            File.Move(from, to);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(to, refused);
        }
    }

    private static async Task GiveUpAsync(HashingStream file, string unfinished, string? part)
    {
        try
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
        catch (CaptureException)
        {
            // What is in its buffer finds no room either.
        }

        if (part is null || file.Length == 0) TryDelete(unfinished);
        else TryMove(unfinished, part);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Its name says that it is not finished.
        }
    }

    private static void TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Its name says that it is not finished.
        }
    }
}
