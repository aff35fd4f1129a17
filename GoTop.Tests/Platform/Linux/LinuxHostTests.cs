using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

public sealed class LinuxHostTests : IDisposable
{
    private readonly ProcTree _tree = new ProcTree()
        .With("/proc/stat", "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 100 1 50 1000 5 2 3 4 60 1\ncpu2 7 0 8 9 0 0 0 0 0 0\nintr 5\nbtime 1700000000\n")
        .With("/proc/meminfo", "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:  400 kB\nSwapTotal: 50 kB\nSwapFree: 20 kB\n")
        .With("/proc/loadavg", "0.50 1.25 2.00 3/99 4711\n");

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Core_times_are_told_apart_and_guests_counted_once()
    {
        HostCounters host = Read();
        Assert.Equal(new CoreTimes(0, 1_010_000_000, 500_000_000, 10_000_000_000, 50_000_000, 50_000_000, 40_000_000), host.Cores[0]);
        Assert.Equal(2, host.Cores[1].Id);
    }

    [Fact]
    public void Siblings_packages_and_nodes_are_joined()
    {
        _tree.With("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0,2\n")
            .With("/sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "0,2\n")
            .With("/sys/devices/system/cpu/cpu0/topology/physical_package_id", "0\n")
            .With("/sys/devices/system/cpu/cpu2/topology/physical_package_id", "1\n")
            .With("/sys/devices/system/node/online", "0-1\n")
            .With("/sys/devices/system/node/node0/cpulist", "0\n")
            .With("/sys/devices/system/node/node1/cpulist", "2\n")
            .With("/sys/devices/system/node/node1/meminfo", "Node 1 MemTotal:  700 kB\nNode 1 MemFree:  70 kB\n");
        HostCounters host = Read();
        Assert.Equal([new LogicalCore(0, 0, 0, 0, 0), new LogicalCore(2, 0, 1, 1, 0)], host.Topology.Cores);
        Assert.Equal([new NumaMemory(1, Reading.Of(700L * 1024), 70 * 1024)], host.NumaNodes);
    }

    [Fact]
    public void A_masked_sys_leaves_cores_that_stand_for_themselves()
    {
        HostCounters host = Read();
        Assert.Equal([0, 2], host.Topology.Cores.Select(c => c.PhysicalCore));
        Assert.Empty(host.NumaNodes);
    }

    [Fact]
    public void A_core_that_comes_online_is_in_the_next_topology()
    {
        var platform = _tree.Platform;
        HostTopology first = platform.ReadHost().Value.Topology;
        Assert.Same(first, platform.ReadHost().Value.Topology);
        _tree.With("/proc/stat", "cpu  9 9\ncpu0 1 1 1 1 1 1 1 1\ncpu1 1 1 1 1 1 1 1 1\ncpu2 1 1 1 1 1 1 1 1\n");
        Assert.Equal([0, 1, 2], platform.ReadHost().Value.Topology.Cores.Select(c => c.Id));
    }

    [Fact]
    public void Pressure_is_missing_with_a_reason_where_the_kernel_has_none()
    {
        Reading<Pressure> pressure = Read().Pressure;
        Assert.Equal(ReadingState.NotSupported, pressure.State);
        Assert.Contains("CONFIG_PSI", pressure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_files_a_machine_is_not_made_up()
    {
        using ProcTree empty = new();
        Assert.Equal(ReadingState.Failed, empty.Platform.ReadHost().State);
    }

    private HostCounters Read() => _tree.Platform.ReadHost().Value;
}
