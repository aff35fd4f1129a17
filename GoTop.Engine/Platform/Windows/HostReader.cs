using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Reads the machine: its cores and their times, its memory.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class HostReader
{
    private const int SystemProcessorPerformanceInformation = 8;
    private const int SystemPageFileInformation = 18;
    private const int RelationNumaNodeEx = 6;
    private const int RelationAll = 0xffff;
    private const int MaximumGroups = 32;
    private const int MaximumNodes = 256;

    private readonly Lazy<HostTopology> _topology = new(ReadTopology);

    /// <summary>Read once: Windows adds processors while it runs on few machines, and takes none away.</summary>
    /// <exception cref="Win32Exception">The system did not tell.</exception>
    public HostTopology Topology => _topology.Value;

    public Reading<HostCounters> Read()
    {
        NativeMethods.MemoryStatus memory = new() { Length = (uint)sizeof(NativeMethods.MemoryStatus) };
        if (!NativeMethods.GlobalMemoryStatusEx(&memory))
            return ProcessAccess.Refused<HostCounters>(Marshal.GetLastPInvokeError(), "reading the machine's memory");

        Reading<(long TotalBytes, long FreeBytes)> pageFile = ReadPageFiles();
        return Reading.Of(new HostCounters
        {
            Topology = Topology,
            Cores = ReadTimes(),
            MemoryTotalBytes = (long)memory.TotalPhysical,
            MemoryAvailableBytes = (long)memory.AvailablePhysical,
            SwapTotalBytes = pageFile.Select(file => file.TotalBytes),
            SwapFreeBytes = pageFile.Select(file => file.FreeBytes),
            NumaNodes = ReadNodes(memory),
            Load = Reading.NotSupported<LoadAverage>("Windows has no load average"),
            Pressure = Reading.NotSupported<Pressure>("Windows has no pressure stall information"),
        });
    }

    /// <summary>What the system says of its cores, for recording.</summary>
    public static byte[] ReadRelations(int relationship)
    {
        uint length = 0;
        // The first call only asks for the length, and fails by saying so.
        _ = NativeMethods.GetLogicalProcessorInformationEx(relationship, null, ref length);
        if (Marshal.GetLastPInvokeError() != NativeMethods.ErrorInsufficientBuffer || length is 0 or > 16 * 1024 * 1024) return [];
        byte[] bytes = new byte[length];
        fixed (byte* buffer = bytes)
        {
            return NativeMethods.GetLogicalProcessorInformationEx(relationship, buffer, ref length) ? bytes : [];
        }
    }

    /// <summary>What the system says of the times of one group's cores; empty when it does not.</summary>
    public static byte[] ReadGroupTimes(int group, int groups)
    {
        byte[] bytes = new byte[ProcessorTimesDecoder.EntryLength * ProcessorGroups.MaximumSize];
        ushort number = (ushort)group;
        uint length = (uint)bytes.Length;
        fixed (byte* buffer = bytes)
        {
            // The plain call answers for the caller's group. GetSystemTimes is made of the same call, so is no way out where it fails.
            int status = groups == 1
                ? NativeMethods.NtQuerySystemInformation(SystemProcessorPerformanceInformation, buffer, length, out uint needed)
                : NativeMethods.NtQuerySystemInformationEx(
                    SystemProcessorPerformanceInformation, &number, sizeof(ushort), buffer, length, out needed);
            return status >= 0 && needed <= length ? bytes[..(int)needed] : [];
        }
    }

    private static HostTopology ReadTopology()
    {
        HostTopology topology = TopologyDecoder.Decode(ReadRelations(RelationAll), ReadRelations(RelationNumaNodeEx));
        return topology.Cores.IsEmpty ? throw new Win32Exception("GetLogicalProcessorInformationEx named no processor") : topology;
    }

    private static ImmutableArray<CoreTimes> ReadTimes()
    {
        int groups = Math.Clamp((int)NativeMethods.GetActiveProcessorGroupCount(), 1, MaximumGroups);
        ImmutableArray<CoreTimes>.Builder cores = ImmutableArray.CreateBuilder<CoreTimes>();
        for (int group = 0; group < groups; group++) cores.AddRange(ProcessorTimesDecoder.Decode(ReadGroupTimes(group, groups), group));
        return cores.DrainToImmutable();
    }

    private ImmutableArray<NumaMemory> ReadNodes(NativeMethods.MemoryStatus memory)
    {
        ImmutableArray<int> nodes = [.. Topology.Cores.Select(core => core.NumaNode).Distinct().Order().Take(MaximumNodes)];
        if (nodes is [int only]) return [new NumaMemory(only, Reading.Of((long)memory.TotalPhysical), (long)memory.AvailablePhysical)];
        Reading<long> total = Reading.NotSupported<long>("Windows does not tell a node's whole memory");
        ImmutableArray<NumaMemory>.Builder found = ImmutableArray.CreateBuilder<NumaMemory>();
        foreach (int node in nodes)
        {
            if (NativeMethods.GetNumaAvailableMemoryNodeEx((ushort)node, out ulong available))
                found.Add(new NumaMemory(node, total, (long)available));
        }

        return found.DrainToImmutable();
    }

    private static Reading<(long TotalBytes, long FreeBytes)> ReadPageFiles()
    {
        byte[] bytes = new byte[16 * 1024];
        fixed (byte* buffer = bytes)
        {
            int status = NativeMethods.NtQuerySystemInformation(SystemPageFileInformation, buffer, (uint)bytes.Length, out uint needed);
            return status >= 0
                ? Reading.Of(PageFileDecoder.Decode(bytes.AsSpan(0, (int)Math.Min(needed, (uint)bytes.Length)), Environment.SystemPageSize))
                : Reading.NotSupported<(long, long)>($"this system does not tell of its page files (status 0x{status:x8})");
        }
    }
}
