using System.Collections.Immutable;
using System.Numerics;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Windows numbers logical processors within groups of at most 64; GoTop's number is group × 64 + that number.</summary>
internal static class ProcessorGroups
{
    public const int MaximumSize = 64;

    public static IEnumerable<int> Cores(int group, ulong mask)
    {
        for (; mask != 0; mask &= mask - 1) yield return (group * MaximumSize) + BitOperations.TrailingZeroCount(mask);
    }

    /// <summary>Which cores a process may run on, from what GetProcessAffinityMask and GetProcessGroupAffinity say.</summary>
    /// <param name="processMask">Within its primary group; 0 when its threads were bound to cores of several groups.</param>
    /// <param name="systemMask">All cores of that group.</param>
    /// <param name="groups">The groups it has threads in, the primary one first; empty when the system does not tell.</param>
    public static CoreSet AllowedCores(ulong processMask, ulong systemMask, ReadOnlySpan<ushort> groups, HostTopology topology)
    {
        // Since Windows 11 and Server 2022 a process with several groups runs on all of them until someone sets its mask.
        if (groups.Length > 1 && (processMask == 0 || processMask == systemMask))
        {
            ImmutableArray<ushort> mine = [.. groups];
            return CoreSet.Of(topology.Cores.Where(core => mine.Contains((ushort)core.ProcessorGroup)).Select(core => core.Id));
        }

        return CoreSet.Of(Cores(groups.IsEmpty ? 0 : groups[0], processMask));
    }
}
