using System.Text;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Reads <c>/proc/PID/cgroup</c>: lines of <c>hierarchy:controllers:path</c>, v2's being <c>0::path</c>.</summary>
internal static class CgroupPaths
{
    /// <summary>The group of a v1 controller (or named hierarchy, <c>name=systemd</c>); null where v1 has no such controller.</summary>
    public static string? OfController(ReadOnlySpan<byte> cgroup, ReadOnlySpan<byte> controller)
    {
        while (KernelText.TryTakeLine(ref cgroup, out ReadOnlySpan<byte> line))
        {
            if (!TrySplit(line, out ReadOnlySpan<byte> controllers, out ReadOnlySpan<byte> path)) continue;
            foreach (Range part in controllers.Split((byte)','))
            {
                if (controllers[part].SequenceEqual(controller)) return Encoding.UTF8.GetString(path);
            }
        }

        return null;
    }

    /// <summary>The group in the v2 hierarchy; null where there is none.</summary>
    public static string? OfV2(ReadOnlySpan<byte> cgroup)
    {
        while (KernelText.TryTakeLine(ref cgroup, out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("0::"u8)) return Encoding.UTF8.GetString(line[3..]);
        }

        return null;
    }

    private static bool TrySplit(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> controllers, out ReadOnlySpan<byte> path)
    {
        controllers = path = default;
        int first = line.IndexOf((byte)':');
        if (first < 0) return false;
        ReadOnlySpan<byte> rest = line[(first + 1)..];
        int second = rest.IndexOf((byte)':');
        if (second < 0) return false;
        controllers = rest[..second];
        path = rest[(second + 1)..];
        return true;
    }
}
