using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.Platform.Linux;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

/// <summary>Reads this very process, which needs no permission.</summary>
public sealed unsafe class ProcessVmReaderTests
{
    [Fact]
    public void Thousands_of_ranges_are_read_and_unreadable_ones_marked()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "process_vm_readv is Linux's");
        const int count = 3000;
        byte* source = (byte*)NativeMemory.Alloc(count * 4);
        try
        {
            MemoryRange[] ranges = new MemoryRange[count];
            for (int i = 0; i < count; i++)
            {
                ((int*)source)[i] = i;
                ranges[i] = new MemoryRange((ulong)(source + i * 4), 4);
            }

            ranges[0] = new MemoryRange(8, 4);
            ranges[1500] = new MemoryRange(8, 4);
            ranges[1501] = new MemoryRange(16, 4);
            ranges[2999] = new MemoryRange(ulong.MaxValue - 2, 4);
            ranges[7] = new MemoryRange(0, 0);
            int[] read = new int[count];
            bool[] ok = new bool[count];
            using ProcessVmReader reader = new(Environment.ProcessId);
            reader.ReadMany(ranges, MemoryMarshal.AsBytes(read.AsSpan())[..^4], ok);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(i is not (0 or 1500 or 1501 or 2999), ok[i]);
                // Range 7 is empty, so what follows it lies one place further to the front.
                if (ok[i] && i != 7) Assert.Equal(i, read[i > 7 ? i - 1 : i]);
            }
        }
        finally
        {
            NativeMemory.Free(source);
        }
    }

    [Fact]
    public void A_process_that_is_gone_is_told_apart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "process_vm_readv is Linux's");
        using ProcessVmReader reader = new(int.MaxValue - 1);
        byte[] bytes = new byte[4];
        Assert.Throws<ProcessGoneException>(() => reader.TryRead(0x1000, bytes));
    }
}
