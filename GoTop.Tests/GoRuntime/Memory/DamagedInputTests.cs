using GoTop.Engine.GoRuntime.Memory;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>Executables and memory that are cut short or lie: a reason or a smaller table, never a crash or a hang.</summary>
public sealed class DamagedInputTests
{
    private static readonly Interest AllStacks = new() { AllStacks = true };

    public static TheoryData<string> Programs => ["tiny-1.19-linux", "tiny-1.27-linux", "tiny-1.27-windows"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_truncated_executable_gives_a_reason(string name)
    {
        byte[] executable = MemoryFixtures.Executable(name);
        byte[] memory = MemoryFixtures.Unpack(name + ".mem.gz");
        for (int part = 0; part < 60; part++) ReadAll(executable[..(int)((long)executable.Length * part / 60)], memory, name);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_executable_with_flipped_bits_gives_a_reason_or_a_table(string name)
    {
        byte[] executable = MemoryFixtures.Executable(name);
        byte[] memory = MemoryFixtures.Unpack(name + ".mem.gz");
        Random random = new(1);
        for (int round = 0; round < 150; round++)
        {
            byte[] damaged = [.. executable];
            // Headers and tables are small: half of the damage goes to the first pages.
            int flips = 1 << random.Next(12);
            for (int i = 0; i < flips; i++) damaged[random.Next(round % 2 == 0 ? 4096 : damaged.Length)] ^= (byte)(1 << random.Next(8));
            ReadAll(damaged, memory, name);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Memory_with_flipped_bits_gives_a_reason_or_a_table(string name)
    {
        byte[] executable = MemoryFixtures.Executable(name);
        byte[] memory = MemoryFixtures.Unpack(name + ".mem.gz");
        Random random = new(2);
        for (int round = 0; round < 150; round++)
        {
            byte[] damaged = [.. memory];
            int flips = 1 << random.Next(14);
            for (int i = 0; i < flips; i++)
            {
                // The pages' addresses stay: a page that is not there is the next test.
                int at = 16 + random.Next(damaged.Length - 16);
                if ((at - 16) % 4104 >= 8) damaged[at] ^= (byte)(1 << random.Next(8));
            }

            ReadAll(executable, damaged, name);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Pages_that_are_not_there_give_a_reason_or_a_smaller_table(string name)
    {
        byte[] executable = MemoryFixtures.Executable(name);
        byte[] memory = MemoryFixtures.Unpack(name + ".mem.gz");
        int pages = (memory.Length - 16) / 4104;
        for (int page = 0; page < pages; page++)
        {
            byte[] damaged = [.. memory];
            damaged.AsSpan(16 + page * 4104, 8).Fill(0xff);
            ReadAll(executable, damaged, name);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Another_programs_memory_is_not_believed(string name)
    {
        string other = name == "tiny-1.27-linux" ? "tiny-1.24-linux" : "tiny-1.27-linux";
        Reading<GoRuntimeReader> opened = RecordedMemoryTests.Open(MemoryFixtures.Executable(name), MemoryFixtures.Unpack(other + ".mem.gz"), name);
        if (!opened.TryGet(out GoRuntimeReader? reader)) return;
        Assert.False(reader.ReadGoroutines(AllStacks).HasValue);
    }

    private static void ReadAll(byte[] executable, byte[] memory, string name)
    {
        Reading<GoRuntimeReader> opened = RecordedMemoryTests.Open(executable, memory, name);
        if (!opened.TryGet(out GoRuntimeReader? reader))
        {
            Assert.False(string.IsNullOrEmpty(opened.Reason));
            return;
        }

        RuntimeCounters counters = reader.ReadCounters();
        if (!counters.GcCycles.HasValue) Assert.False(string.IsNullOrEmpty(counters.GcCycles.Reason));
        Reading<GoroutineTable> reading = reader.ReadGoroutines(AllStacks);
        if (!reading.TryGet(out GoroutineTable? table))
        {
            Assert.False(string.IsNullOrEmpty(reading.Reason));
            return;
        }

        Assert.InRange(table.Rows.Length, 0, 200);
        Assert.All(table.Rows, row =>
        {
            Assert.InRange(row.Stack, -1, table.Stacks.Length - 1);
            Assert.InRange(row.StartFunction, -1, table.Locations.Length - 1);
            Assert.InRange(row.WaitReason, 0, table.WaitReasons.Length - 1);
            Assert.InRange(row.Labels, -1, table.LabelSets.HasValue ? table.LabelSets.Value.Length - 1 : 0);
        });
        if (!table.Waits.TryGet(out GoroutineWaits? waits)) return;
        Assert.All(waits.Waits, wait => Assert.True(wait.Row < table.Rows.Length && wait.WaitsOn < waits.Objects.Length));
        Assert.All(waits.Objects, thing => Assert.InRange(thing.ElementType, 0, waits.ElementTypes.Length - 1));
    }
}
