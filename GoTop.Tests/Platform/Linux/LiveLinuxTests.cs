using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

/// <summary>The real kernel, looking at this test's own process.</summary>
public sealed class LiveLinuxTests
{
    private readonly IPlatform _platform = HostPlatform.Detect(TimeProvider.System);

    public LiveLinuxTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a running Linux");

    private ProcessKey Own => _platform.FindProcess(Environment.ProcessId).Value;

    [Fact]
    public void Our_own_counters_are_sane()
    {
        // Other tests of this process may give memory back meanwhile, but not each time.
        List<byte[]> touched = [];
        ProcessCounters before, after;
        do
        {
            before = _platform.ReadProcess(Own).Value;
            touched.Add(GC.AllocateUninitializedArray<byte>(64 << 20));
            touched[^1].AsSpan().Fill(1);
            after = _platform.ReadProcess(Own).Value;
        }
        while (after.ResidentBytes < before.ResidentBytes + (32 << 20) && touched.Count < 5);

        GC.KeepAlive(touched);
        Assert.True(after.ResidentBytes >= before.ResidentBytes + (32 << 20), $"{before.ResidentBytes} → {after.ResidentBytes}");
        Assert.True(after.PeakResidentBytes.Value >= after.ResidentBytes);
        Assert.True(after.PrivateBytes.Value > 64 << 20);
        Assert.True(after.PageFaults.Value > before.PageFaults.Value);
        Assert.InRange(after.Threads, 2, 10_000);
        Assert.InRange(after.Handles.Value, 3, 100_000);
        Assert.True(after.VoluntarySwitches.Value > 0);
        Assert.True(after.UserNanoseconds + after.SystemNanoseconds >= before.UserNanoseconds + before.SystemNanoseconds);
        Assert.Equal(Environment.ProcessorCount, after.AllowedCores.Value.Count);
    }

    [Fact]
    public void Open_files_are_counted()
    {
        int before = _platform.ReadProcess(Own).Value.Handles.Value;
        FileStream[] files = [.. Enumerable.Range(0, 200).Select(_ => File.OpenRead("/proc/self/stat"))];
        int after = _platform.ReadProcess(Own).Value.Handles.Value;
        foreach (FileStream file in files) file.Dispose();
        Assert.InRange(after - before, 150, 250);
    }

    [Fact]
    public void A_port_opened_by_us_is_ours_in_both_ways_of_asking()
    {
        using TcpListener four = new(IPAddress.Loopback, 0);
        using TcpListener six = new(IPAddress.IPv6Any, 0);
        four.Start();
        ListeningPort expectedFour = new("127.0.0.1", ((IPEndPoint)four.LocalEndpoint).Port);
        Assert.Contains(expectedFour, _platform.ListeningPorts(Own).Value);
        Assert.Contains(expectedFour, _platform.ListeningPorts().Value[Environment.ProcessId]);
        if (!Socket.OSSupportsIPv6) return;
        six.Start();
        Assert.Contains(new ListeningPort("::", ((IPEndPoint)six.LocalEndpoint).Port), _platform.ListeningPorts(Own).Value);
    }

    [Fact]
    public void We_are_in_the_list_with_our_parent_start_and_executable()
    {
        ProcessEntry own = Assert.Single(_platform.ListProcesses(), p => p.Key.ProcessId == Environment.ProcessId);
        Assert.Equal(Own, own.Key);
        Assert.True(own.ParentProcessId > 0);
        Assert.Equal(Environment.ProcessPath, _platform.Executable(Own).Value.DisplayPath);
        Assert.NotNull(_platform.Executable(Own).Value.Identity);
        using Process process = Process.GetCurrentProcess();
        Assert.InRange((_platform.StartedAt(Own).Value - process.StartTime).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(Environment.UserName, _platform.User(Own).Value);
        Assert.Equal(System.IO.Path.GetFileName(Environment.GetCommandLineArgs()[^1]), System.IO.Path.GetFileName(_platform.CommandLine(Own).Value[^1]));
    }

    [Fact]
    public void A_process_that_ended_is_gone()
    {
        using Process child = Process.Start("sleep", "60");
        ProcessKey key = _platform.FindProcess(child.Id).Value;
        Assert.True(_platform.IsAlive(key));
        child.Kill();
        child.WaitForExit();
        Assert.False(_platform.IsAlive(key));
        Assert.Equal($"process {key.ProcessId} has ended", _platform.ReadProcess(key).Reason);
        Assert.Equal(ReadingState.Failed, _platform.OpenMemory(key).State);
        Assert.Equal(ReadingState.Failed, _platform.Executable(key).State);
    }

    [Fact]
    public void A_childs_memory_begins_with_its_executables_own_bytes()
    {
        using Process child = Process.Start("sleep", "60");
        try
        {
            Reading<ProcessMemory> memory = _platform.OpenMemory(_platform.FindProcess(child.Id).Value);
            Assert.SkipUnless(memory.HasValue, memory.Reason ?? "");
            using IMemoryReader reader = memory.Value.Reader;
            byte[] first = new byte[4];
            Assert.True(reader.TryRead(memory.Value.ExecutableBase, first));
            Assert.Equal("\u007fELF"u8.ToArray(), first);
        }
        finally
        {
            child.Kill();
        }
    }

    [Fact]
    public void The_machine_has_our_cores_and_memory()
    {
        HostCounters host = _platform.ReadHost().Value;
        Assert.True(host.Cores.Length >= Environment.ProcessorCount);
        Assert.Equal(host.Cores.Select(c => c.Id), host.Topology.Cores.Select(c => c.Id));
        Assert.All(host.Cores, core => Assert.True(core.UserNanoseconds + core.IdleNanoseconds > 0));
        Assert.InRange(host.MemoryAvailableBytes, 1, host.MemoryTotalBytes);
        Assert.True(host.Load.HasValue);
    }

    [Fact]
    public void Go_counts_its_waits_from_the_clock_we_read()
    {
        long before = TimeProvider.System.GetTimestamp();
        long clock = _platform.RuntimeClockNanoseconds();
        long after = TimeProvider.System.GetTimestamp();
        // .NET's own timestamps are CLOCK_MONOTONIC in nanoseconds here.
        Assert.InRange(clock, before, after);
    }

    [Fact]
    public void One_reading_of_a_process_makes_little_garbage()
    {
        // A child with one thread: this process has as many as the tests beside this one make.
        using Process child = Process.Start("sleep", "60");
        ProcessKey key = _platform.FindProcess(child.Id).Value;
        _ = _platform.ReadProcess(key);
        long before = GC.GetAllocatedBytesForCurrentThread();
        const int Times = 20;
        for (int i = 0; i < Times; i++) _ = _platform.ReadProcess(key);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
        child.Kill();
        Assert.InRange(each, 0, 4096);
    }
}
