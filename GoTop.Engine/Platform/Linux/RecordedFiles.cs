using System.Globalization;
using System.Text;

namespace GoTop.Engine.Platform.Linux;

/// <summary>A recorded tree of /proc, /sys and /etc, readable on any system. Links are text files that hold their target.</summary>
internal class RecordedFiles(string root) : ProcFiles
{
    public override bool IsLive => false;

    public override long MonotonicNanoseconds() => 0;

    protected override int ReadFile(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        try
        {
            using FileStream file = new(Resolve(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return -Errno.NoEntry;
        }
        catch (UnauthorizedAccessException)
        {
            return -Errno.AccessDenied;
        }
        catch (IOException)
        {
            return -Errno.InputOutput;
        }
    }

    protected override int ReadLinkTarget(ReadOnlySpan<byte> path, Span<byte> buffer) => -Errno.InvalidArgument;

    protected override int ListNumberedEntries(ReadOnlySpan<byte> path, List<int> numbers, int max)
    {
        DirectoryInfo folder = new(Resolve(path));
        if (!folder.Exists) return -Errno.NoEntry;
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (numbers.Count >= max) break;
            if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) numbers.Add(number);
        }

        return 0;
    }

    protected override FileIdentity? IdentifyFile(ReadOnlySpan<byte> path) => null;

    protected override long? DescriptorCount(ReadOnlySpan<byte> path) => null;

    // Colons occur in none of the recorded names, so the tree can be checked out on Windows too.
    private string Resolve(ReadOnlySpan<byte> path) => root + Encoding.UTF8.GetString(path[..^1]);
}
