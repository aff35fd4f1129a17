using System.Globalization;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Which systemd unit a process runs in, told by its control group's path.</summary>
internal static class SystemdUnit
{
    private const int LargestCgroupFile = 8192;

    /// <summary>The unit, e.g. <c>orders.service</c>; null when it runs in none.</summary>
    public static string? Of(ProcFiles files, int processId) => Find(files, processId, FromPath);

    /// <summary>The number of the user whose own manager runs its unit; null when the system's does, or it runs in none.</summary>
    public static int? UserOf(ProcFiles files, int processId) =>
        Find(files, processId, UserFromPath) is { } user ? int.Parse(user, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private static string? Find(ProcFiles files, int processId, Func<string, string?> look)
    {
        Span<byte> buffer = stackalloc byte[LargestCgroupFile];
        int length = files.Read(processId, "cgroup"u8, buffer);
        if (length <= 0) return null;
        ReadOnlySpan<byte> cgroup = buffer[..length];
        if (cgroup.IndexOf(".service"u8) < 0) return null;
        return (CgroupPaths.OfController(cgroup, "name=systemd"u8) is { } v1 ? look(v1) : null)
            ?? (CgroupPaths.OfV2(cgroup) is { } v2 ? look(v2) : null);
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

    /// <summary>The digits of <c>user@1000.service</c> above the unit.</summary>
    public static string? UserFromPath(string group)
    {
        if (FromPath(group) is not { } unit || IsUserManager(unit)) return null;
        foreach (string part in group.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsUserManager(part)) continue;
            string user = part["user@".Length..].Replace(".service", "", StringComparison.Ordinal);
            return int.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? user : null;
        }

        return null;
    }

    private static bool IsUserManager(string unit) => unit.StartsWith("user@", StringComparison.Ordinal);

    /// <summary>systemd puts an underscore before names that the kernel could take for files of its own.</summary>
    private static string Unescape(string part) => part.StartsWith('_') ? part[1..] : part;
}
