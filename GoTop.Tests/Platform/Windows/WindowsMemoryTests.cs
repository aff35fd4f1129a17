using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>Reads live memory on the running Windows or Wine.</summary>
[SupportedOSPlatform("windows")]
[Trait("System", "Windows")]
public sealed class WindowsMemoryTests
{
    private readonly WindowsPlatform _platform;

    public WindowsMemoryTests()
    {
        WindowsOnly.Require();
        _platform = new WindowsPlatform(TimeProvider.System);
    }

    [Fact]
    public void Own_memory_reads_back_what_lies_there()
    {
        byte[] written = GC.AllocateArray<byte>(1024 * 1024, pinned: true);
        new Random(7).NextBytes(written);
        ulong address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(written, 0);
        using IMemoryReader reader = Open(Environment.ProcessId).Reader;

        byte[] read = new byte[written.Length];
        Assert.True(reader.TryRead(address, read));
        Assert.Equal(written, read);

        MemoryRange[] ranges = [.. Enumerable.Range(0, 1000).Select(i => new MemoryRange(address + ((ulong)i * 1000), 64))];
        byte[] pieces = new byte[64 * ranges.Length];
        bool[] ok = new bool[ranges.Length];
        reader.ReadMany(ranges, pieces, ok);
        Assert.All(ok, Assert.True);
        Assert.Equal(Enumerable.Range(0, 1000).SelectMany(i => written.AsSpan(i * 1000, 64).ToArray()), pieces);
    }

    [Fact]
    public void Addresses_where_nothing_is_are_told_from_those_where_something_is()
    {
        byte[] written = GC.AllocateArray<byte>(64, pinned: true);
        ulong address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(written, 0);
        using IMemoryReader reader = Open(Environment.ProcessId).Reader;
        Assert.False(reader.TryRead(0x10, new byte[8]));
        Assert.False(reader.TryRead(ulong.MaxValue - 64, new byte[8]));
        bool[] ok = new bool[3];
        reader.ReadMany([new(0x10, 8), new(address, 64), new(0xFFFF_8000_0000_0000, 8)], new byte[80], ok);
        Assert.Equal([false, true, false], ok);
    }

    [Fact]
    public void The_executable_lies_where_its_module_is_loaded()
    {
        ProcessMemory memory = Open(Environment.ProcessId);
        using IMemoryReader reader = memory.Reader;
        byte[] magic = new byte[2];
        Assert.True(reader.TryRead(memory.ExecutableBase, magic));
        Assert.Equal("MZ"u8.ToArray(), magic);
        using Process self = Process.GetCurrentProcess();
        Assert.Equal((ulong)(self.MainModule?.BaseAddress ?? 0), memory.ExecutableBase);
    }

    [Fact]
    public void A_process_that_ends_while_it_is_read_is_gone()
    {
        using Process child = Children.Wait();
        ProcessMemory memory = Open(child.Id);
        using IMemoryReader reader = memory.Reader;
        Assert.True(reader.TryRead(memory.ExecutableBase, new byte[64]));
        Children.End(child);
        Assert.Throws<ProcessGoneException>(() => reader.TryRead(memory.ExecutableBase, new byte[64]));
    }

    private ProcessMemory Open(int processId)
    {
        Reading<ProcessMemory> memory = _platform.OpenMemory(_platform.FindProcess(processId).Value);
        return memory.HasValue ? memory.Value : throw new InvalidOperationException(memory.Reason);
    }
}
