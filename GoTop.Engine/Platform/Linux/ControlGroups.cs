using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// Reads the limits of the control group a process runs in: v1, v2, or a hybrid in which each controller lives in one
/// of them. A limit on a group above holds as well, so the smallest on the way up is the one that counts.
/// </summary>
internal sealed class ControlGroups(ProcFiles files)
{
    private const int DeepestGroup = 64;
    private const int LargestCgroupFile = 8192;

    // Mounted once at boot or at the container's start; read again only when a group is not found.
    private ImmutableArray<CgroupMount>? _mounts;

    public Reading<ContainerCounters> Read(int processId)
    {
        Span<byte> buffer = stackalloc byte[LargestCgroupFile];
        int length = files.Read(processId, "cgroup"u8, buffer);
        if (length < 0) return ProcessCounterReader.Unreadable<ContainerCounters>(processId, "cgroup", length);
        ReadOnlySpan<byte> cgroup = buffer[..length];
        Reading<Group> cpu = Find(cgroup, "cpu"u8, "cpu");
        Reading<Group> memory = Find(cgroup, "memory"u8, "memory");
        if (!cpu.HasValue && !memory.HasValue) return cpu.Absent<ContainerCounters>();

        CpuLimit processors = cpu.TryGet(out Group? cpuGroup) ? CpuLimit.Read(files, cpuGroup) : CpuLimit.Absent(cpu);
        (Reading<long> limit, Reading<long> used) = memory.TryGet(out Group? memoryGroup)
            ? MemoryLimit.Read(files, memoryGroup)
            : (memory.Absent<long>(), memory.Absent<long>());
        return Reading.Of(new ContainerCounters
        {
            Group = Name(cpuGroup, memoryGroup),
            CpuQuotaCores = processors.QuotaCores,
            Periods = processors.Periods,
            ThrottledPeriods = processors.ThrottledPeriods,
            ThrottledNanoseconds = processors.ThrottledNanoseconds,
            MemoryLimitBytes = limit,
            MemoryUsedBytes = used,
        });
    }

    private Reading<Group> Find(ReadOnlySpan<byte> cgroup, ReadOnlySpan<byte> controller, string controllerName)
    {
        string? path = CgroupPaths.OfController(cgroup, controller);
        bool isV2 = path is null;
        path ??= CgroupPaths.OfV2(cgroup);
        if (path is null) return Reading.NotSupported<Group>($"this kernel has no control group with the {controllerName} controller");
        ImmutableArray<CgroupMount> mounts = _mounts ??= CgroupMounts.Read(files);
        if (Locate(mounts, path, isV2, controllerName) is { } group) return Reading.Of(group);
        _mounts = mounts = CgroupMounts.Read(files);
        return Locate(mounts, path, isV2, controllerName) is { } found
            ? Reading.Of(found)
            : Reading.NotSupported<Group>($"the control group {path} is not visible here: it is outside this container, or its hierarchy is not mounted");
    }

    private Group? Locate(ImmutableArray<CgroupMount> mounts, string path, bool isV2, string controller)
    {
        Span<byte> probe = stackalloc byte[1];
        foreach (CgroupMount mount in mounts)
        {
            if (mount.IsV2 != isV2 || (!isV2 && !mount.Controllers.Contains(controller))) continue;
            if (mount.Folder(path) is not { } folder) continue;
            if (!Errno.IsGone(files.Read($"{folder}/cgroup.procs", probe))) return new Group(path, folder, mount.MountPoint, isV2);
        }

        return null;
    }

    /// <summary>In a hybrid a process may sit at the top for one controller and in a group for the other: the group tells more.</summary>
    private static string Name(Group? cpu, Group? memory)
    {
        Group shown = cpu is null || (cpu.Path == "/" && memory is not null) ? memory! : cpu;
        return $"{shown.Path} ({(shown.IsV2 ? "v2" : "v1")})";
    }

    /// <summary>A group's folder, and the ones above it up to the mount point.</summary>
    internal sealed record Group(string Path, string Folder, string MountPoint, bool IsV2)
    {
        public IEnumerable<string> FoldersUpwards()
        {
            string folder = Folder;
            for (int depth = 0; depth < DeepestGroup; depth++)
            {
                yield return folder;
                int slash = folder.LastIndexOf('/');
                if (folder.Length <= MountPoint.Length || slash < MountPoint.Length) break;
                folder = folder[..slash];
            }
        }
    }
}
