using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// Logs that a process has open, by <c>/proc/PID/fd</c>: the files behind its standard output and error, and files that it writes and
/// that are named as logs are.
/// </summary>
internal static class LogFiles
{
    private const int StandardOutput = 1, StandardError = 2;
    private const int MostDescriptors = 4096;
    private const int MostLogs = 8;
    private const int LongestPath = 4096;
    private const long AccessModeBits = 3; // O_ACCMODE; 0 is reading only
    private const string Deleted = " (deleted)";

    public static Reading<ImmutableArray<string>> Of(ProcFiles files, int pid)
    {
        List<int> descriptors = [];
        int listed = files.ListNumbers(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd"), descriptors, MostDescriptors);
        if (listed < 0) return ProcessCounterReader.Unreadable<ImmutableArray<string>>(pid, "fd", listed);
        string root = SeesOtherFiles(files, pid) ? string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root") : "";
        ImmutableArray<string> logs =
        [
            .. descriptors.Order().Select(descriptor => (descriptor, path: PathOf(files, pid, descriptor)))
                .Where(open => open.path is { } path && (open.descriptor is StandardOutput or StandardError || (IsNamedAsLog(path) && IsWritten(files, pid, open.descriptor))))
                .Select(open => root + open.path).Distinct(StringComparer.Ordinal).Take(MostLogs),
        ];
        return logs.IsEmpty ? Reading.NotSupported<ImmutableArray<string>>(WhyNone(files, pid)) : Reading.Of(logs);
    }

    /// <summary>The path of an open file; null for pipes, sockets, devices, and files that no longer have a name, or never had one.</summary>
    private static string? PathOf(ProcFiles files, int pid, int descriptor)
    {
        string target = LinkOf(files, pid, descriptor);
        return target.StartsWith('/') && !target.StartsWith("/dev/", StringComparison.Ordinal) && !target.StartsWith("/proc/", StringComparison.Ordinal)
            && !target.EndsWith(Deleted, StringComparison.Ordinal) ? target : null;
    }

    private static string LinkOf(ProcFiles files, int pid, int descriptor)
    {
        Span<byte> link = stackalloc byte[LongestPath];
        int length = files.ReadDescriptorLink(pid, descriptor, link);
        return length > 0 ? Encoding.UTF8.GetString(link[..length]) : "";
    }

    /// <summary><c>orders.log</c>, <c>orders.log.1</c>, <c>orders-2026.log</c>, and whatever lies in a folder of logs.</summary>
    private static bool IsNamedAsLog(string path)
    {
        string name = Path.GetFileName(path), folder = Path.GetFileName(Path.GetDirectoryName(path)) ?? "";
        return name.EndsWith(".log", StringComparison.OrdinalIgnoreCase) || name.Contains(".log.", StringComparison.OrdinalIgnoreCase)
            || folder.Equals("log", StringComparison.OrdinalIgnoreCase) || folder.Equals("logs", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>By the flags of <c>/proc/PID/fdinfo/N</c>, which are octal.</summary>
    private static bool IsWritten(ProcFiles files, int pid, int descriptor)
    {
        Span<byte> info = stackalloc byte[1024];
        int length = files.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fdinfo/{descriptor}"), info);
        if (length <= 0) return false;
        ReadOnlySpan<byte> flags = KernelText.Value(info[..length], "flags"u8);
        // The access mode is in the last octal digit.
        return flags.Length > 0 && Utf8Parser.TryParse(flags[^1..], out int last, out _) && (last & AccessModeBits) != 0;
    }

    /// <summary>In a mount namespace of its own, as in a container, its paths are not ours.</summary>
    private static bool SeesOtherFiles(ProcFiles files, int pid)
    {
        Span<byte> its = stackalloc byte[64], ours = stackalloc byte[64];
        int itsLength = files.ReadLink(pid, "ns/mnt"u8, its), ourLength = files.ReadLink(Environment.ProcessId, "ns/mnt"u8, ours);
        return itsLength > 0 && ourLength > 0 && !its[..itsLength].SequenceEqual(ours[..ourLength]);
    }

    private static string WhyNone(ProcFiles files, int pid) => LinkOf(files, pid, StandardError) switch
    {
        ['p', 'i', 'p', 'e', ':', ..] => "it writes to a pipe, and has no log file open",
        ['s', 'o', 'c', 'k', 'e', 't', ':', ..] => "it writes to a socket, and has no log file open",
        "/dev/null" => "its output goes to /dev/null, and it has no log file open",
        ['/', 'd', 'e', 'v', '/', ..] => "it writes to a terminal, and has no log file open",
        _ => "it has no log file open",
    };
}
