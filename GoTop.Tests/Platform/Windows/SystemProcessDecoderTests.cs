using System.Buffers.Binary;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

public sealed class SystemProcessDecoderTests
{
    [Fact]
    public void A_recorded_list_gives_every_process_with_its_name_and_parent()
    {
        (byte[] bytes, ulong address) = WindowsBuffers.Read("processes.bin");
        List<(int, int, string)> seen = [];
        SystemProcessDecoder processes = new(bytes, address);
        while (processes.MoveNext()) seen.Add((processes.ProcessId, processes.ParentProcessId, processes.ImageName));
        Assert.Equal(
            [
                (56, 40, "services.exe"), (96, 56, "winedevice.exe"), (132, 56, "plugplay.exe"), (156, 56, "svchost.exe"),
                (184, 56, "winedevice.exe"), (240, 56, "rpcss.exe"), (400, 0, "GoTop.Tests.exe"),
            ],
            seen);
    }

    [Fact]
    public void A_recorded_process_gives_its_counters_in_nanoseconds_and_bytes()
    {
        SystemProcess process = Decode("processes.bin").Single(process => process.ProcessId == 400);
        Assert.Equal(520_000_000, process.UserNanoseconds);
        Assert.Equal(170_000_000, process.KernelNanoseconds);
        Assert.Equal(97_529_856, process.WorkingSetBytes);
        Assert.Equal(12, process.Threads);
        Assert.Equal(134399162895999640UL, process.CreateTime);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 14, 4, 49, 599, TimeSpan.Zero).AddTicks(9640), FileTimes.ToMoment(process.CreateTime));
    }

    [Fact]
    public void Fields_that_Wine_leaves_empty_are_read_where_Windows_puts_them()
    {
        byte[] entry = new byte[0x100 + (2 * 0x50)];
        void Put(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(offset), value);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x04), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x10), 31);
        Put(0x50, 4711);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x60), 812);
        Put(0x78, 1000);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x80), 4_000_000_000);
        Put(0x88, 900);
        Put(0x90, 800);
        Put(0xC8, 700);
        Put(0xE8, 600);
        Put(0xF0, 500);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x100 + 0x40), 40);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x150 + 0x40), 2);

        SystemProcessDecoder processes = new(entry, baseAddress: 0);
        Assert.True(processes.MoveNext());
        SystemProcess process = processes.Current;
        Assert.Equal((4711, 812, 31L, 4_000_000_000L), (process.ProcessId, process.Handles, process.HardFaults, process.PageFaults));
        Assert.Equal((1000L, 900L, 800L, 700L), (process.VirtualBytes, process.PeakWorkingSetBytes, process.WorkingSetBytes, process.PrivateBytes));
        Assert.Equal((600L, 500L, 42L), (process.ReadBytes, process.WrittenBytes, process.ContextSwitches));
        Assert.False(processes.MoveNext());
    }

    [Fact]
    public void An_entry_that_points_at_itself_ends_the_list()
    {
        byte[] entry = new byte[0x200];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, 8);
        SystemProcessDecoder processes = new(entry, 0);
        Assert.True(processes.MoveNext());
        Assert.False(processes.MoveNext());
    }

    [Fact]
    public void Damaged_lists_end_without_an_error()
    {
        (byte[] bytes, ulong address) = WindowsBuffers.Read("processes.bin");
        foreach (byte[] hostile in WindowsBuffers.Hostile(bytes))
        {
            int count = 0;
            SystemProcessDecoder processes = new(hostile, address);
            while (processes.MoveNext())
            {
                count++;
                Assert.True(processes.ImageName.Length <= ushort.MaxValue);
                _ = processes.Current;
            }

            Assert.InRange(count, 0, hostile.Length / 0x100);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ulong.MaxValue)]
    public void A_nonsensical_file_time_is_no_moment(ulong fileTime) => Assert.Null(FileTimes.ToMoment(fileTime));

    private static List<SystemProcess> Decode(string name)
    {
        (byte[] bytes, ulong address) = WindowsBuffers.Read(name);
        List<SystemProcess> found = [];
        SystemProcessDecoder processes = new(bytes, address);
        while (processes.MoveNext()) found.Add(processes.Current);
        return found;
    }
}
