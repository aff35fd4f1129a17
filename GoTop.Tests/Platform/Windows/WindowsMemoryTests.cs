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

    [Fact]
    public void A_Go_program_is_found_with_its_port_arguments_and_build_information()
    {
        string? targets = Environment.GetEnvironmentVariable("GOTOP_WINDOWS_TARGETS");
        Assert.SkipWhen(targets is null, "GOTOP_WINDOWS_TARGETS names no folder of Go programs built for Windows");
        string program = Path.Combine(targets, "winservice.exe");
        using Process go = Process.Start(new ProcessStartInfo(program, ["-parked", "250"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"{program} did not start");
        string? ready = go.StandardOutput.ReadLine();
        ProcessKey key = _platform.FindProcess(go.Id).Value;

        Assert.Contains(_platform.ListeningPorts().Value[go.Id], port => port.Address == "127.0.0.1" && ready == $"ready pid={go.Id} port={port.Port}");
        Assert.Equal(["-parked", "250"], _platform.CommandLine(key).Value[1..]);
        Assert.Equal(program, _platform.Executable(key).Value.OpenPath, ignoreCase: true);
        ProcessMemory memory = _platform.OpenMemory(key).Value;
        using IMemoryReader reader = memory.Reader;
        // The image is mapped page by page up to its size, which the header tells.
        byte[] image = ReadImage(reader, memory.ExecutableBase);
        Assert.True(image.AsSpan().IndexOf(" Go buildinf:"u8) > 0, "no build information in the mapped executable");
        Children.End(go);
    }

    private static byte[] ReadImage(IMemoryReader reader, ulong executableBase)
    {
        byte[] header = new byte[4096];
        Assert.True(reader.TryRead(executableBase, header));
        int pe = BitConverter.ToInt32(header, 0x3c);
        int size = BitConverter.ToInt32(header, pe + 24 + 56);
        MemoryRange[] pages = [.. Enumerable.Range(0, size / 4096).Select(page => new MemoryRange(executableBase + ((ulong)page * 4096), 4096))];
        byte[] image = new byte[pages.Length * 4096];
        reader.ReadMany(pages, image, new bool[pages.Length]);
        return image;
    }

    private ProcessMemory Open(int processId)
    {
        Reading<ProcessMemory> memory = _platform.OpenMemory(_platform.FindProcess(processId).Value);
        return memory.HasValue ? memory.Value : throw new InvalidOperationException(memory.Reason);
    }
}
