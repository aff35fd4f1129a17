using System.Buffers.Binary;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

public sealed class HostDecoderTests
{
    [Fact]
    public void Recorded_processor_times_have_the_idle_time_taken_out_of_the_kernels()
    {
        (byte[] bytes, _) = WindowsBuffers.Read("processor-times.bin");
        CoreTimes core = ProcessorTimesDecoder.Decode(bytes, group: 0)[0];
        long idle = BinaryPrimitives.ReadInt64LittleEndian(bytes) * 100;
        long kernel = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)) * 100;
        long user = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)) * 100;
        Assert.Equal(new CoreTimes(0, user, kernel - idle, idle, 0, 0, 0), core);
        Assert.True(idle > 0 && user > 0 && kernel > idle);
    }

    [Fact]
    public void Interrupts_and_deferred_calls_are_counted_once()
    {
        byte[] bytes = new byte[2 * 0x30];
        long[] fields = [700, 1000, 300, 20, 30];
        for (int i = 0; i < fields.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(0x30 + (i * 8)), fields[i]);
        CoreTimes core = ProcessorTimesDecoder.Decode(bytes, group: 2)[1];
        Assert.Equal(new CoreTimes(Id: 129, UserNanoseconds: 30_000, SystemNanoseconds: 25_000, IdleNanoseconds: 70_000, 0, InterruptNanoseconds: 5_000, 0), core);
    }

    [Fact]
    public void A_recorded_topology_gives_two_cores_on_one_package_and_node()
    {
        HostTopology topology = TopologyDecoder.Decode(WindowsBuffers.Read("topology.bin").Bytes, []);
        Assert.Equal([new LogicalCore(0, PhysicalCore: 0, 0, 0, 0), new LogicalCore(1, PhysicalCore: 1, 0, 0, 0)], topology.Cores);
    }

    [Fact]
    public void Hyperthreads_packages_nodes_and_groups_are_joined_by_their_masks()
    {
        byte[] all =
        [
            .. Record(0, (0b0011, 0)), .. Record(0, (0b1100, 0)), .. Record(0, (0b01, 1)), .. Record(0, (0b10, 1)),
            .. Record(3, (0b1111, 0)), .. Record(3, (0b11, 1)),
            .. Record(1, (0b1111, 0)),
        ];
        // Node 7 lies in two groups, which only the newer relation tells.
        byte[] nodes = Record(6, (0b1100, 0), (0b11, 1));
        BinaryPrimitives.WriteUInt32LittleEndian(nodes.AsSpan(8), 7);

        HostTopology topology = TopologyDecoder.Decode(all, nodes);
        Assert.Equal(
            [
                new LogicalCore(0, 0, 0, 0, 0), new LogicalCore(1, 0, 0, 0, 0), new LogicalCore(2, 1, 0, 7, 0), new LogicalCore(3, 1, 0, 7, 0),
                new LogicalCore(64, 2, 1, 7, 1), new LogicalCore(65, 3, 1, 7, 1),
            ],
            topology.Cores);
    }

    [Fact]
    public void Damaged_topologies_and_times_end_without_an_error()
    {
        foreach (byte[] hostile in WindowsBuffers.Hostile(WindowsBuffers.Read("topology.bin").Bytes))
            Assert.True(TopologyDecoder.Decode(hostile, hostile).Cores.Length <= hostile.Length * 4);
        foreach (byte[] hostile in WindowsBuffers.Hostile(WindowsBuffers.Read("processor-times.bin").Bytes))
            Assert.All(ProcessorTimesDecoder.Decode(hostile, 0), core => Assert.True(core.SystemNanoseconds >= 0));
    }

    [Fact]
    public void Page_files_are_added_up_in_bytes()
    {
        byte[] bytes = new byte[96];
        uint[] first = [48, 1000, 400];
        uint[] second = [0, 10, 1];
        for (int i = 0; i < 3; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), first[i]);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(48 + (i * 4)), second[i]);
        }

        Assert.Equal((1010 * 4096L, 609 * 4096L), PageFileDecoder.Decode(bytes, 4096));
        Assert.Equal((0, 0), PageFileDecoder.Decode([], 4096));
    }

    [Theory]
    [InlineData(0b11, 0b1111, new ushort[] { 0 }, "0-1")]
    [InlineData(0b10, 0b1111, new ushort[] { 1 }, "65")]
    [InlineData(0b1111, 0b1111, new ushort[] { 0, 1 }, "0-3,64-65")]
    [InlineData(0, 0, new ushort[] { 0, 1 }, "0-3,64-65")]
    [InlineData(0b1000, 0b1111, new ushort[] { 0, 1 }, "3")]
    [InlineData(0b11, 0b11, new ushort[0], "0-1")]
    public void The_affinity_mask_counts_within_the_process_s_group(int mask, int systemMask, ushort[] groups, string expected)
    {
        HostTopology topology = new([.. new[] { 0, 1, 2, 3, 64, 65 }.Select(id => new LogicalCore(id, id, 0, 0, id / 64))]);
        Assert.Equal(expected, ProcessorGroups.AllowedCores((ulong)mask, (ulong)systemMask, groups, topology).ToString());
    }

    /// <summary>A record of GetLogicalProcessorInformationEx about the cores of these masks.</summary>
    private static byte[] Record(uint relation, params (ulong Mask, ushort Group)[] masks)
    {
        byte[] record = new byte[32 + (16 * masks.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(record, relation);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)record.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(30), (ushort)masks.Length);
        for (int i = 0; i < masks.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(32 + (i * 16)), masks[i].Mask);
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(40 + (i * 16)), masks[i].Group);
        }

        return record;
    }
}
