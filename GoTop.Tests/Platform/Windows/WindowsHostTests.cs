using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>Asks the running Windows or Wine about the machine, its sockets and its services.</summary>
[SupportedOSPlatform("windows")]
[Trait("System", "Windows")]
public sealed class WindowsHostTests
{
    private readonly WindowsPlatform _platform;

    public WindowsHostTests()
    {
        WindowsOnly.Require();
        _platform = new WindowsPlatform(TimeProvider.System);
    }

    [Fact]
    public void The_machine_has_the_cores_and_memory_that_the_runtime_sees()
    {
        HostCounters host = _platform.ReadHost().Value;
        Assert.Equal(Environment.ProcessorCount, host.Topology.Cores.Length);
        Assert.Equal(host.Topology.Cores.Select(core => core.Id), host.Cores.Select(core => core.Id));
        Assert.InRange(host.MemoryAvailableBytes, 1, host.MemoryTotalBytes);
        Assert.InRange(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 1, host.MemoryTotalBytes);
        Assert.NotEmpty(host.NumaNodes);
        Assert.Equal(ReadingState.NotSupported, host.Load.State);
        Assert.True(host.SwapTotalBytes.State is ReadingState.Present or ReadingState.NotSupported, host.SwapTotalBytes.Reason);
    }

    [Fact]
    public void The_cores_times_never_run_backwards_and_do_move()
    {
        ImmutableArray<CoreTimes> before = _platform.ReadHost().Value.Cores;
        ImmutableArray<CoreTimes> after;
        do
        {
            after = _platform.ReadHost().Value.Cores;
            Assert.All(before.Zip(after), pair => Assert.True(Sum(pair.Second) >= Sum(pair.First)));
        }
        while (before.Sum(Sum) == after.Sum(Sum));
    }

    [Fact]
    public void A_listener_is_found_with_its_address_under_this_process()
    {
        using TcpListener listener4 = new(IPAddress.Loopback, 0);
        using TcpListener listener6 = new(IPAddress.IPv6Loopback, 0);
        listener4.Start();
        listener6.Start();
        ImmutableArray<ListeningPort> ports = _platform.ListeningPorts().Value[Environment.ProcessId];
        Assert.Contains(new ListeningPort("127.0.0.1", Port(listener4)), ports);
        Assert.Contains(new ListeningPort("::1", Port(listener6)), ports);
        Assert.Equal(ports.OrderBy(port => port.Port), ports);
    }

    [Fact]
    public void A_running_service_is_found_under_a_running_process()
    {
        // The remote procedure calls' service runs on every Windows; nothing works without it.
        ImmutableDictionary<int, string> services = _platform.Services().Value;
        (int processId, _) = Assert.Single(services, service => service.Value.Split(", ").Contains("RpcSs", StringComparer.OrdinalIgnoreCase));
        Assert.True(_platform.FindProcess(processId).HasValue);
    }

    [Fact]
    public void A_page_that_holds_no_service_ends_the_listing_with_a_reason()
    {
        int pages = 0;
        Reading<bool> read = ServiceReader.ReadPages((_, _, _) => pages++, pageLength: 16);
        Assert.Equal(ReadingState.Failed, read.State);
        Assert.Equal(1, pages);
    }

    [Fact]
    public void The_clock_of_Go_s_runtime_is_the_system_s_time_since_boot()
    {
        // TickCount64 is the same clock in milliseconds; both move by the tick, of at most 15.6 ms.
        long before = Environment.TickCount64;
        long clock = _platform.RuntimeClockNanoseconds() / 1_000_000;
        long after = Environment.TickCount64;
        Assert.InRange(clock, before - 32, after + 32);
    }

    private static long Sum(CoreTimes core) =>
        core.UserNanoseconds + core.SystemNanoseconds + core.IdleNanoseconds + core.InterruptNanoseconds;

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
