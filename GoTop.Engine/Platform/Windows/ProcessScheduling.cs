using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// Cores and priorities on Windows. A process's mask holds for all its threads, also those to come, within its one processor
/// group; cores of another group, or of several, are a matter of each thread.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class ProcessScheduling(ProcessAccess access, Func<HostTopology> topology) : IProcessScheduling
{
    private const int ProcessPowerThrottling = 4;
    private const uint ThrottlingVersion = 1;
    private const uint ExecutionSpeed = 1;
    private const uint SetRights = NativeMethods.ProcessSetInformation | NativeMethods.ProcessQueryLimitedInformation;
    private const int MaximumGroups = 32;

    private static readonly ImmutableArray<(string Name, uint Value)> Classes =
        [("Idle", 0x40), ("BelowNormal", 0x4000), ("Normal", 0x20), ("AboveNormal", 0x8000), ("High", 0x80), ("RealTime", 0x100)];

    public Reading<ImmutableArray<ThreadScheduling>> ReadThreads(ProcessKey process)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, NativeMethods.ProcessQueryLimitedInformation, "reading its threads");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<ImmutableArray<ThreadScheduling>>();
        using (handle)
        {
            ImmutableArray<ThreadScheduling>.Builder found = ImmutableArray.CreateBuilder<ThreadScheduling>();
            foreach (int id in ThreadIds(process.ProcessId))
            {
                using NativeMethods.SafeThreadHandle thread = NativeMethods.OpenThread(NativeMethods.ThreadQueryInformation, inherit: false, id);
                NativeMethods.GroupAffinity affinity;
                // One that has ended since it was listed counts no more.
                if (thread.IsInvalid || !NativeMethods.GetThreadGroupAffinity(thread, &affinity)) continue;
                found.Add(new ThreadScheduling(id, CoreSet.Of(ProcessorGroups.Cores(affinity.Group, affinity.Mask)), null));
            }

            return found.Count > 0 ? Reading.Of(found.ToImmutable()) : Reading.Failed<ImmutableArray<ThreadScheduling>>($"no thread of process {process.ProcessId} tells its cores");
        }
    }

    public Reading<bool> TrySetProcessCores(ProcessKey process, CoreSet cores)
    {
        int group = cores.Cores[0] / ProcessorGroups.MaximumSize;
        if (cores.Cores.Any(core => core / ProcessorGroups.MaximumSize != group)) return Reading.Of(false);
        Reading<SafeProcessHandle> opened = access.Open(process, SetRights, "choosing cores");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<bool>();
        using (handle)
        {
            ushort count = MaximumGroups;
            ushort* groups = stackalloc ushort[MaximumGroups];
            // Not there under Wine, which has one group. The mask counts within the process's own one.
            int own = NativeMethods.GetProcessGroupAffinity(handle, ref count, groups) ? (count == 1 ? groups[0] : -1) : 0;
            if (own != group) return Reading.Of(false);
            return NativeMethods.SetProcessAffinityMask(handle, (nuint)Mask(cores, group)) ? Reading.Of(true) : ProcessAccess.Refused<bool>(Marshal.GetLastPInvokeError(), "choosing cores");
        }
    }

    /// <summary>A thread runs in one group: those cores that are in the group with most of them.</summary>
    public Reading<bool> SetThreadCores(ProcessKey process, int thread, CoreSet cores)
    {
        int group = topology().Cores.Where(core => cores.Contains(core.Id)).GroupBy(core => core.ProcessorGroup).OrderByDescending(of => of.Count()).FirstOrDefault()?.Key
            ?? cores.Cores[0] / ProcessorGroups.MaximumSize;
        using NativeMethods.SafeThreadHandle handle = NativeMethods.OpenThread(NativeMethods.ThreadSetInformation | NativeMethods.ThreadQueryInformation, inherit: false, thread);
        if (handle.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            return error == NativeMethods.ErrorInvalidParameter ? Reading.Of(false) : ProcessAccess.Refused<bool>(error, "choosing a thread's cores");
        }

        NativeMethods.GroupAffinity wanted = new() { Group = (ushort)group, Mask = (nuint)Mask(cores, group) };
        NativeMethods.GroupAffinity before;
        return NativeMethods.SetThreadGroupAffinity(handle, &wanted, &before) ? Reading.Of(true) : ProcessAccess.Refused<bool>(Marshal.GetLastPInvokeError(), "choosing a thread's cores");
    }

    public Reading<ProcessPriority> ReadPriority(ProcessKey process)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, NativeMethods.ProcessQueryLimitedInformation, "reading the priority");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<ProcessPriority>();
        using (handle)
        {
            uint value = NativeMethods.GetPriorityClass(handle);
            if (value == 0) return ProcessAccess.Refused<ProcessPriority>(Marshal.GetLastPInvokeError(), "reading the priority");
            NativeMethods.PowerThrottling throttling = new() { Version = ThrottlingVersion };
            // From Windows 10 1709 on; its reading from Windows 11 on.
            bool? eco = NativeMethods.GetProcessInformation(handle, ProcessPowerThrottling, &throttling, (uint)sizeof(NativeMethods.PowerThrottling))
                ? (throttling.ControlMask & throttling.StateMask & ExecutionSpeed) != 0
                : null;
            return Reading.Of(new ProcessPriority { Class = Classes.FirstOrDefault(known => known.Value == value).Name ?? FormattableString.Invariant($"class 0x{value:x}"), EcoQos = eco });
        }
    }

    public Reading<bool> SetPriority(ProcessKey process, ProcessPriority wanted)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, SetRights, "changing the priority");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<bool>();
        using (handle)
        {
            if (wanted.Class is { } name)
            {
                uint value = Classes.FirstOrDefault(known => known.Name == name).Value;
                if (value == 0) return Reading.Failed<bool>($"\"{name}\" is no priority class");
                if (!NativeMethods.SetPriorityClass(handle, value)) return ProcessAccess.Refused<bool>(Marshal.GetLastPInvokeError(), "changing the priority class");
            }

            if (wanted.EcoQos is { } eco)
            {
                NativeMethods.PowerThrottling throttling = new() { Version = ThrottlingVersion, ControlMask = ExecutionSpeed, StateMask = eco ? ExecutionSpeed : 0 };
                if (!NativeMethods.SetProcessInformation(handle, ProcessPowerThrottling, &throttling, (uint)sizeof(NativeMethods.PowerThrottling)))
                    return ProcessAccess.Refused<bool>(Marshal.GetLastPInvokeError(), "changing EcoQoS");
            }

            return Reading.Of(true);
        }
    }

    private static ulong Mask(CoreSet cores, int group) =>
        cores.Cores.Where(core => core / ProcessorGroups.MaximumSize == group).Aggregate(0UL, (mask, core) => mask | (1UL << (core % ProcessorGroups.MaximumSize)));

    private static ImmutableArray<int> ThreadIds(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return [.. process.Threads.Cast<ProcessThread>().Select(thread => thread.Id)];
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return [];
        }
    }
}
