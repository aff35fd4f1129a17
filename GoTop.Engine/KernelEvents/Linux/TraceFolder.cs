using System.Text;
using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>tracefs, which tells the numbers and the layouts of tracepoints; readable by root alone unless somebody changed that.</summary>
internal sealed class TraceFolder
{
    private const int LargestFormat = 64 << 10;

    private readonly ProcFiles _files;
    private readonly string _path;

    private TraceFolder(ProcFiles files, string path)
    {
        _files = files;
        _path = path;
    }

    /// <param name="why">Why there is none, and what would help.</param>
    public static TraceFolder? Open(ProcFiles files, out string why)
    {
        why = "";
        int refused = 0;
        foreach (string path in Candidates(files))
        {
            TraceFolder folder = new(files, path);
            int error = folder.TryRead("sched", "sched_switch", out _);
            if (error == 0) return folder;
            if (Errno.IsDenied(error)) refused = error;
        }

        why = refused != 0
            ? "tracefs may be read by root only"
            : "tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing";
        return null;
    }

    /// <summary>Null when this kernel has no such tracepoint.</summary>
    public TracepointFormat? Find(string group, string name) => TryRead(group, name, out TracepointFormat? format) == 0 ? format : null;

    private static IEnumerable<string> Candidates(ProcFiles files)
    {
        yield return "/sys/kernel/tracing";
        yield return "/sys/kernel/debug/tracing";
        string mounts;
        using (PooledFile file = files.ReadWhole("/proc/self/mounts")) mounts = file.ToString();
        foreach (string line in mounts.Split('\n'))
        {
            string[] words = line.Split(' ');
            // Blanks and the like are written as octal numbers; nobody mounts tracefs at such a place.
            if (words.Length > 2 && words[2] == "tracefs") yield return words[1];
        }
    }

    private int TryRead(string group, string name, out TracepointFormat? format)
    {
        using PooledFile file = _files.ReadWhole($"{_path}/events/{group}/{name}/format", LargestFormat);
        format = file.IsRead ? TracepointFormat.Parse(Encoding.UTF8.GetString(file.Bytes)) : null;
        return !file.IsRead ? file.Error : format is null ? -Errno.InvalidArgument : 0;
    }
}
