using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace GoTop.Engine.Platform.Linux;

/// <summary>One mounted control group hierarchy (proc_pid_mountinfo(5)).</summary>
/// <param name="Root">The group that the mount point shows: <c>/</c>, or a deeper one inside a container.</param>
/// <param name="Controllers">Of a v1 hierarchy; empty for v2.</param>
internal sealed record CgroupMount(string MountPoint, string Root, bool IsV2, ImmutableArray<string> Controllers)
{
    /// <summary>The folder of a group, or null when it lies outside what this mount shows.</summary>
    public string? Folder(string group)
    {
        // A path that climbs belongs to a group outside our control group namespace.
        if (group.Contains("/..", StringComparison.Ordinal)) return null;
        if (Root == "/") return group == "/" ? MountPoint : MountPoint + group;
        if (group == Root) return MountPoint;
        return group.StartsWith(Root + "/", StringComparison.Ordinal) ? MountPoint + group[Root.Length..] : null;
    }
}

/// <summary>Finds the hierarchies in <c>/proc/self/mountinfo</c>.</summary>
internal static class CgroupMounts
{
    public static ImmutableArray<CgroupMount> Read(ProcFiles files)
    {
        using PooledFile mountInfo = files.ReadWhole("/proc/self/mountinfo", cap: 8 << 20);
        ImmutableArray<CgroupMount>.Builder mounts = ImmutableArray.CreateBuilder<CgroupMount>();
        ReadOnlySpan<byte> rest = mountInfo.Bytes;
        while (KernelText.TryTakeLine(ref rest, out ReadOnlySpan<byte> line))
        {
            // 31 23 0:28 ROOT MOUNTPOINT options [optional fields] - TYPE SOURCE SUPEROPTIONS
            int dash = line.IndexOf(" - cgroup"u8);
            if (dash < 0) continue;
            string[] left = Encoding.UTF8.GetString(line[..dash]).Split(' ');
            string[] right = Encoding.UTF8.GetString(line[(dash + 3)..]).Split(' ');
            if (left.Length < 6 || right.Length < 3 || right[0] is not ("cgroup" or "cgroup2")) continue;
            bool isV2 = right[0] == "cgroup2";
            mounts.Add(new CgroupMount(Unescape(left[4]), Unescape(left[3]), isV2, isV2 ? [] : [.. right[2].Split(',')]));
        }

        return mounts.DrainToImmutable();
    }

    /// <summary>Blanks, tabs, newlines and backslashes stand as three octal digits, e.g. <c>\040</c>.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\')) return text;
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && TryOctal(text.AsSpan(i + 1, 3), out char escaped))
            {
                plain.Append(escaped);
                i += 3;
                continue;
            }

            plain.Append(text[i]);
        }

        return plain.ToString();
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out char value)
    {
        value = '\0';
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _) || digits.IndexOfAnyInRange('8', '9') >= 0) return false;
        value = (char)(((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + (digits[2] - '0'));
        return true;
    }
}
