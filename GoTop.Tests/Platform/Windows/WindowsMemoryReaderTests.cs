using System.Buffers.Binary;
using System.Text;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

public sealed class WindowsMemoryReaderTests
{
    private const ulong Arena = 0xC000_0000_0000;

    [Fact]
    public void Ranges_near_one_another_are_read_in_one_call()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x10_0000));
        MemoryRange[] ranges = [.. Enumerable.Range(0, 20).Select(i => new MemoryRange(Arena + ((ulong)i * 456), 200))];
        AssertRead(memory, ranges, [.. ranges.Select(_ => true)]);
        Assert.Equal([(Arena, (19 * 456) + 200)], memory.Calls);
    }

    [Fact]
    public void Ranges_far_apart_are_read_each_by_itself_without_what_is_between()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x10_0000));
        AssertRead(memory, [new(Arena, 64), new(Arena + 0x8_0000, 64)], [true, true]);
        Assert.Equal(2, memory.Calls.Count);
        Assert.Equal(128, memory.Calls.Sum(call => call.Length));
    }

    [Fact]
    public void Ranges_in_any_order_overlapping_or_empty_land_in_their_own_places()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x10_0000));
        AssertRead(
            memory,
            [new(Arena + 900, 100), new(Arena, 500), new(Arena + 100, 50), new(Arena + 300, 0), new(Arena + 400, 700)],
            [true, true, true, true, true]);
        Assert.Single(memory.Calls);
    }

    [Fact]
    public void A_hole_costs_only_the_ranges_that_lie_in_it()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x1000), (Arena + 0x2000, Arena + 0x4000));
        AssertRead(
            memory,
            [new(Arena + 0xF00, 0x100), new(Arena + 0xFFF, 2), new(Arena + 0x1800, 16), new(Arena + 0x2000, 0x100), new(Arena + 0x3000, 8)],
            [true, false, false, true, true]);
    }

    [Fact]
    public void A_run_is_no_longer_than_its_scratch_buffer()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x100_0000));
        MemoryRange[] ranges = [.. Enumerable.Range(0, 2000).Select(i => new MemoryRange(Arena + ((ulong)i * 2048), 16))];
        AssertRead(memory, ranges, [.. ranges.Select(_ => true)]);
        Assert.All(memory.Calls, call => Assert.InRange(call.Length, 16, 256 * 1024));
        Assert.InRange(memory.Calls.Count, 2, 20);
    }

    [Fact]
    public void A_range_longer_than_a_run_is_read_straight_into_its_place()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x100_0000));
        AssertRead(memory, [new(Arena, 300 * 1024), new(Arena + (300 * 1024), 8)], [true, true]);
    }

    [Fact]
    public void Addresses_at_the_end_of_the_address_space_are_refused_not_wrapped()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x1000), (0, 0x1000));
        AssertRead(memory, [new(ulong.MaxValue - 3, 16), new(Arena, 16), new(ulong.MaxValue, 1)], [false, true, false]);
        Assert.False(new WindowsMemoryReader(memory).TryRead(ulong.MaxValue - 3, new byte[16]));
    }

    [Fact]
    public void The_end_of_the_process_is_told_at_once()
    {
        FakeVirtualMemory memory = new((Arena, Arena + 0x1000)) { Ended = true };
        using WindowsMemoryReader reader = new(memory);
        Assert.Throws<ProcessGoneException>(() => reader.ReadMany([new(Arena, 8), new(Arena + 8, 8)], new byte[16], new bool[2]));
        Assert.Throws<ProcessGoneException>(() => reader.TryRead(Arena, new byte[8]));
    }

    [Fact]
    public void A_destination_too_small_for_the_ranges_is_the_caller_s_mistake()
    {
        using WindowsMemoryReader reader = new(new FakeVirtualMemory());
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.ReadMany([new(Arena, 8), new(Arena + 8, 9)], new byte[16], new bool[2]));
    }

    [Fact]
    public void The_environment_block_tells_image_base_and_command_line()
    {
        const ulong Block = 0x7FFD_0000, Parameters = 0x30_0000, Text = 0x30_2000;
        FakeVirtualMemory memory = new((Block, Block + 0x1000), (Parameters, Parameters + 0x3000));
        byte[] line = Encoding.Unicode.GetBytes("orders.exe -λ 1");
        memory.Write(Block + 0x10, Pointer(0x1_4000_0000));
        memory.Write(Block + 0x20, Pointer(Parameters));
        memory.Write(Parameters + 0x70, [(byte)line.Length, 0, (byte)line.Length, 0, 0, 0, 0, 0, .. Pointer(Text)]);
        memory.Write(Text, line);
        Assert.Equal(0x1_4000_0000UL, ProcessEnvironmentBlock.ImageBase(memory, Block));
        Assert.Equal("orders.exe -λ 1", ProcessEnvironmentBlock.CommandLine(memory, Block));

        memory.Write(Parameters + 0x78, Pointer(0xdead_0000));
        Assert.Null(ProcessEnvironmentBlock.CommandLine(memory, Block));
        memory.Write(Block + 0x20, Pointer(0));
        Assert.Null(ProcessEnvironmentBlock.CommandLine(memory, Block));
        Assert.Null(ProcessEnvironmentBlock.ImageBase(memory, 0x1234));
    }

    private static byte[] Pointer(ulong address)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        return bytes;
    }

    private static void AssertRead(FakeVirtualMemory memory, MemoryRange[] ranges, bool[] expected)
    {
        byte[] destination = new byte[ranges.Sum(range => range.Length)];
        bool[] ok = new bool[ranges.Length];
        using WindowsMemoryReader reader = new(memory);
        reader.ReadMany(ranges, destination, ok);
        Assert.Equal(expected, ok);
        int place = 0;
        foreach ((MemoryRange range, bool read) in ranges.Zip(ok))
        {
            for (int i = 0; read && i < range.Length; i++) Assert.Equal(FakeVirtualMemory.At(range.Address + (ulong)i), destination[place + i]);
            place += range.Length;
        }
    }
}
