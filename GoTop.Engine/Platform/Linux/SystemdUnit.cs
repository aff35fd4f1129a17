namespace GoTop.Engine.Platform.Linux;

/// <summary>Which systemd unit a process runs in, told by its control group's path.</summary>
internal static class SystemdUnit
{
    private const int LargestCgroupFile = 8192;

    /// <summary>The unit, e.g. <c>orders.service</c>; null when it runs in none.</summary>
    public static string? Of(ProcFiles files, int processId)
    {
        Span<byte> buffer = stackalloc byte[LargestCgroupFile];
        int length = files.Read(processId, "cgroup"u8, buffer);
        if (length <= 0) return null;
        ReadOnlySpan<byte> cgroup = buffer[..length];
        if (cgroup.IndexOf(".service"u8) < 0) return null;
        return (CgroupPaths.OfController(cgroup, "name=systemd"u8) is { } v1 ? FromPath(v1) : null)
            ?? (CgroupPaths.OfV2(cgroup) is { } v2 ? FromPath(v2) : null);
    }

    /// <summary>
    /// The first part of the path that is no slice; under a user's own manager (<c>user@1000.service</c>), the first
    /// after that. A service that manages groups of its own (a container engine) is not the unit of what it runs.
    /// </summary>
    public static string? FromPath(string group)
    {
        string? unit = null;
        foreach (string part in group.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.EndsWith(".slice", StringComparison.Ordinal))
            {
                if (unit is not null && !IsUserManager(unit)) return null;
                continue;
            }

            if (part.EndsWith(".scope", StringComparison.Ordinal)) return null;
            if (unit is null || IsUserManager(unit))
            {
                if (part.EndsWith(".service", StringComparison.Ordinal)) unit = Unescape(part);
                else return unit;
            }
        }

        return unit;
    }

    private static bool IsUserManager(string unit) => unit.StartsWith("user@", StringComparison.Ordinal);

    /// <summary>systemd puts an underscore before names that the kernel could take for files of its own.</summary>
    private static string Unescape(string part) => part.StartsWith('_') ? part[1..] : part;
}
