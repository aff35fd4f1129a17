using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>The memory limit that holds for a group, and what the process's own group uses.</summary>
internal static class MemoryLimit
{
    /// <summary>v1 writes "no limit" as the largest number of whole pages.</summary>
    private const long Unlimited = 1L << 62;

    public static (Reading<long> Limit, Reading<long> Used) Read(ProcFiles files, ControlGroups.Group group)
    {
        long smallest = Unlimited;
        string file = group.IsV2 ? "memory.max" : "memory.limit_in_bytes";
        foreach (string folder in group.FoldersUpwards())
        {
            // v2 writes "max" for no limit.
            if (TryNumber(files, $"{folder}/{file}", out long limit) == 0) smallest = Math.Min(smallest, limit);
        }

        int error = TryNumber(files, $"{group.Folder}/{(group.IsV2 ? "memory.current" : "memory.usage_in_bytes")}", out long used);
        return (
            smallest < Unlimited ? Reading.Of(smallest) : Reading.NotSupported<long>("no memory limit is set on its control group or above"),
            error == 0 ? Reading.Of(used) : Used(group, error));
    }

    private static Reading<long> Used(ControlGroups.Group group, int error)
    {
        if (Errno.IsDenied(error)) return Reading.Denied<long>($"the memory use of the control group {group.Path} may not be read");
        return Errno.IsGone(error)
            ? Reading.NotSupported<long>($"the kernel does not count the memory of the control group {group.Path}")
            : Reading.Failed<long>($"the memory use of the control group {group.Path}: error {-error}");
    }

    private static int TryNumber(ProcFiles files, string path, out long value)
    {
        value = 0;
        Span<byte> buffer = stackalloc byte[64];
        int length = files.Read(path, buffer);
        if (length < 0) return length;
        return KernelText.TryFirstNumber(buffer[..length], out value) ? 0 : -Errno.InvalidArgument;
    }
}
