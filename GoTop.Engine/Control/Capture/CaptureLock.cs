using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Capture;

/// <summary>
/// One capture of a kind at a time per target, across this user's processes: a file that is held open. The system lets go of
/// it when a process ends, however that happens.
/// </summary>
internal sealed class CaptureLock : IDisposable
{
    private readonly FileStream? _file;

    private CaptureLock(FileStream? file) => _file = file;

    /// <summary>Null when another process, or this one, holds it.</summary>
    /// <param name="folder">Where locks lie. Where there can be none, there is nothing to hold on to, and captures go on without.</param>
    public static CaptureLock? TryTake(string folder, TargetIdentity target, string? pprofUrl, string kind)
    {
        string path = Path.Combine(folder, $"{NameOf(target, pprofUrl)}-{kind}.lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new CaptureLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return new CaptureLock(null);
        }
    }

    /// <summary>The file stays: who removes it could take it from under one who has just opened it.</summary>
    public void Dispose() => _file?.Dispose();

    private static string NameOf(TargetIdentity target, string? pprofUrl)
    {
        string key = target.Process is { } process
            ? string.Create(CultureInfo.InvariantCulture, $"{process.ProcessId} {process.StartToken}")
            : pprofUrl ?? target.Name;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8));
    }
}
