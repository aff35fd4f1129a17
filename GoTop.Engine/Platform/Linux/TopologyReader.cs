using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// Reads which logical processors share a core, a package and a NUMA node from /sys/devices/system. Read again only when
/// the set of online processors has changed.
/// </summary>
internal sealed class TopologyReader(ProcFiles files)
{
    private HostTopology? _known;

    public HostTopology Read(ImmutableArray<CoreTimes> online)
    {
        HostTopology? known = Volatile.Read(ref _known);
        if (known is not null && known.Cores.Select(c => c.Id).SequenceEqual(online.Select(c => c.Id))) return known;
        Dictionary<int, int> nodes = NodesByCore();
        HostTopology topology = new([.. online.Select(core => ReadCore(core.Id, nodes.GetValueOrDefault(core.Id)))]);
        Volatile.Write(ref _known, topology);
        return topology;
    }

    private LogicalCore ReadCore(int id, int node)
    {
        // core_id repeats from die to die; the siblings' lowest number names a physical core for certain.
        int physical = ReadList($"/sys/devices/system/cpu/cpu{id}/topology/thread_siblings_list") is { Count: > 0 } siblings
            ? siblings.Cores[0]
            : id;
        int package = ReadNumber($"/sys/devices/system/cpu/cpu{id}/topology/physical_package_id") is >= 0 and long number ? (int)number : 0;
        return new LogicalCore(id, physical, package, node, ProcessorGroup: 0);
    }

    private Dictionary<int, int> NodesByCore()
    {
        Dictionary<int, int> nodes = [];
        if (ReadList("/sys/devices/system/node/online") is not { } online) return nodes;
        foreach (int node in online.Cores)
        {
            if (ReadList($"/sys/devices/system/node/node{node}/cpulist") is not { } cores) continue;
            foreach (int core in cores.Cores) nodes[core] = node;
        }

        return nodes;
    }

    private long? ReadNumber(string path)
    {
        Span<byte> buffer = stackalloc byte[32];
        int length = files.Read(path, buffer);
        return length > 0 && KernelText.TryFirstNumber(buffer[..length], out long value) ? value : null;
    }

    private CoreSet? ReadList(string path)
    {
        using PooledFile list = files.ReadWhole(path);
        try
        {
            return list.IsRead ? CoreSet.Parse(Encoding.ASCII.GetString(list.Bytes)) : null;
        }
        catch (FormatException)
        {
            // Where a container masks /sys, every core stands for itself.
            return null;
        }
    }
}
