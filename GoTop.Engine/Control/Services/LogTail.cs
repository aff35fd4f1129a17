using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.Control.Services;

/// <summary>The end of a log file.</summary>
internal static class LogTail
{
    private const int MostBytes = 1 << 20;

    /// <summary>Its last lines, of the last megabyte at most. The first may be half of one.</summary>
    public static ImmutableArray<string> Read(string path, int lines)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, MostBytes), SeekOrigin.End);
        byte[] bytes = new byte[MostBytes];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        string[] all = Encoding.UTF8.GetString(bytes, 0, length).Split('\n');
        if (all[^1].Length == 0) all = all[..^1];
        return [.. all.TakeLast(lines).Select(line => line.TrimEnd('\r'))];
    }
}
