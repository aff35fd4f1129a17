using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// Reads what GetLogicalProcessorInformationEx returns: records of { relation, size, … } that say which logical
/// processors share a core, a NUMA node and a package, as masks within processor groups.
/// </summary>
internal static class TopologyDecoder
{
    private const uint RelationCore = 0;
    private const uint RelationNumaNode = 1;
    private const uint RelationPackage = 3;
    private const uint RelationNumaNodeEx = 6;

    private const int HeaderLength = 8;
    private const int NumaNodeNumber = 8;
    private const int GroupCount = 30;
    private const int GroupMasks = 32;
    private const int GroupMaskLength = 16;

    /// <param name="all">The answer to RelationAll.</param>
    /// <param name="nodes">
    /// The answer to RelationNumaNodeEx, which names all groups of a node where RelationAll names its first only; empty before Server 2022.
    /// </param>
    public static HostTopology Decode(ReadOnlySpan<byte> all, ReadOnlySpan<byte> nodes)
    {
        SortedDictionary<int, LogicalCore> cores = [];
        Places places = new(cores);
        places.Read(all);
        places.Read(nodes);
        return new HostTopology([.. cores.Values]);
    }

    private sealed class Places(SortedDictionary<int, LogicalCore> cores)
    {
        private int _physicalCores;
        private int _packages;

        public void Read(ReadOnlySpan<byte> records)
        {
            NativeBytes bytes = new(records);
            int record = 0;
            while (bytes.Has(record, HeaderLength))
            {
                uint size = bytes.U32(record + 4);
                if (size < HeaderLength || size > (uint)(bytes.Length - record)) return;
                Note(new NativeBytes(records.Slice(record, (int)size)));
                record += (int)size;
            }
        }

        private void Note(NativeBytes record)
        {
            switch (record.U32(0))
            {
                case RelationCore:
                    int physicalCore = _physicalCores++;
                    Mark(record, core => core with { PhysicalCore = physicalCore });
                    break;
                case RelationPackage:
                    int package = _packages++;
                    Mark(record, core => core with { Package = package });
                    break;
                case RelationNumaNode or RelationNumaNodeEx:
                    int node = record.I32(NumaNodeNumber);
                    Mark(record, core => core with { NumaNode = node });
                    break;
            }
        }

        private void Mark(NativeBytes record, Func<LogicalCore, LogicalCore> mark)
        {
            // A NUMA record from before Server 2022 leaves the count 0 and has one mask.
            int groups = Math.Max(1, (int)record.U16(GroupCount));
            for (int i = 0; i < groups && record.Has(GroupMasks + (i * GroupMaskLength), GroupMaskLength); i++)
            {
                int at = GroupMasks + (i * GroupMaskLength);
                int group = record.U16(at + 8);
                foreach (int id in ProcessorGroups.Cores(group, record.U64(at)))
                {
                    // Records of any relation may come first.
                    LogicalCore core = cores.GetValueOrDefault(id) ?? new LogicalCore(id, 0, 0, 0, group);
                    cores[id] = mark(core);
                }
            }
        }
    }
}
