using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Linux;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

/// <summary>
/// A real Go service called "orders (v2)" with seven threads, on a Linux 6.18 whose cpu and memory controllers are v1
/// while an empty v2 hierarchy is mounted as well (Fixtures/proc-hybrid-cgroups).
/// </summary>
public sealed class RecordedLinuxTests
{
    private static readonly string Tree = Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "proc-hybrid-cgroups");
    private static readonly ProcessKey Orders = new(2949, 247223);

    private readonly LinuxPlatform _platform = LinuxPlatform.Recorded(Tree);

    [Fact]
    public void A_name_with_blanks_and_parentheses_is_read_whole() =>
        Assert.Equal([new ProcessEntry(Orders, "orders (v2)", 1)], _platform.ListProcesses());

    [Fact]
    public void Its_counters_are_what_the_kernel_wrote()
    {
        ProcessCounters counters = _platform.ReadProcess(Orders).Value;
        Assert.Equal(40_000_000, counters.UserNanoseconds);
        Assert.Equal(70_000_000, counters.SystemNanoseconds);
        Assert.Equal(14288 * 1024, counters.ResidentBytes);
        Assert.Equal(6472 * 1024, counters.PrivateBytes.Value);
        Assert.Equal(1711600 * 1024L, counters.VirtualBytes.Value);
        Assert.Equal(14288 * 1024, counters.PeakResidentBytes.Value);
        Assert.Equal(2475 + 3, counters.PageFaults.Value);
        Assert.Equal(3, counters.HardFaults.Value);
        Assert.Equal(7, counters.Threads);
        Assert.Equal(12, counters.Handles.Value);
        Assert.Equal(20000, counters.HandleLimit.Value);
        Assert.Equal(147456, counters.ReadBytes.Value);
        Assert.Equal(12288, counters.WrittenBytes.Value);
        Assert.Equal("1", counters.AllowedCores.Value.ToString());
        Assert.Equal("nice 5", counters.Priority.Value);
    }

    [Fact]
    public void What_the_kernel_counts_by_thread_is_summed_over_all_threads()
    {
        ProcessCounters counters = _platform.ReadProcess(Orders).Value;
        Assert.Equal(12 + 628 + 3 + 1 + 1 + 226 + 141, counters.VoluntarySwitches.Value);
        Assert.Equal(6 + 7 + 2 + 0 + 0 + 105 + 82, counters.InvoluntarySwitches.Value);
        Assert.Equal(1012 + 202, counters.ContextSwitches.Value);
        Assert.Equal(220779L + 37264869 + 1205807 + 880060 + 3495 + 16619278 + 8928060, counters.RunQueueDelayNanoseconds.Value);
    }

    [Fact]
    public void Each_controller_is_read_where_it_lives_and_the_smallest_limit_upwards_counts()
    {
        ContainerCounters container = _platform.ReadContainer(Orders).Value;
        Assert.Equal("/shop.slice/orders.service (v1)", container.Group);
        // The quota and the smaller memory limit are the slice's; the memory use is the service's own.
        Assert.Equal(0.5, container.CpuQuotaCores.Value);
        Assert.Equal(32, container.Periods.Value);
        Assert.Equal(0, container.ThrottledPeriods.Value);
        Assert.Equal(0, container.ThrottledNanoseconds.Value);
        Assert.Equal(256L << 20, container.MemoryLimitBytes.Value);
        Assert.Equal(7557120, container.MemoryUsedBytes.Value);
    }

    [Fact]
    public void Its_ports_are_those_of_the_sockets_it_holds()
    {
        ListeningPort port = new("127.0.0.1", 18080);
        Assert.Equal([port], _platform.ListeningPorts(Orders).Value);
        Assert.Equal([port], _platform.ListeningPorts().Value[Orders.ProcessId]);
    }

    [Fact]
    public void Who_it_is_is_told_by_unit_user_start_and_command_line()
    {
        Assert.Equal("orders.service", _platform.Service(Orders).Value);
        Assert.Equal("orders.service", _platform.Services().Value[Orders.ProcessId]);
        Assert.Equal("daemon", _platform.User(Orders).Value);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795440644).AddSeconds(2472.23), _platform.StartedAt(Orders).Value);
        Assert.Equal<ImmutableArray<string>>(["/tmp/orders (v2)", "-listen", "127.0.0.1:18080", "-rate", "200"], _platform.CommandLine(Orders).Value);
        Assert.Equal("/tmp/orders (v2)", _platform.Executable(Orders).Value.DisplayPath);
    }

    [Fact]
    public void Its_executable_begins_at_the_lowest_mapping_of_that_file() =>
        Assert.Equal(0x400000UL, ProcessMemoryOpener.ExecutableBase(new RecordedFiles(Tree), Orders.ProcessId).Value);

    [Fact]
    public void The_machine_is_what_the_kernel_wrote()
    {
        HostCounters host = _platform.ReadHost().Value;
        Assert.Equal(
            [
                new CoreTimes(0, 460_060_000_000, 90_350_000_000, 1_909_460_000_000, 1_600_000_000, 270_000_000, 3_150_000_000),
                new CoreTimes(1, 507_920_000_000, 103_080_000_000, 1_842_880_000_000, 6_810_000_000, 1_500_000_000, 3_340_000_000),
            ],
            host.Cores);
        Assert.Equal([new LogicalCore(0, 0, 0, 0, 0), new LogicalCore(1, 1, 0, 0, 0)], host.Topology.Cores);
        Assert.Equal(24684092 * 1024L, host.MemoryTotalBytes);
        Assert.Equal(0, host.SwapTotalBytes.Value);
        Assert.Equal(6514900 * 1024L, Assert.Single(host.NumaNodes).TotalBytes.Value);
        Assert.Equal(new LoadAverage(3.46, 3.01, 2.02), host.Load.Value);
        Assert.Equal(new Pressure(21.06, 0, 0.01), host.Pressure.Value);
    }

    [Fact]
    public void System_calls_read_the_same_from_the_tree_as_managed_files_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "system calls of Linux");
        LinuxPlatform bare = new(new KernelFiles(Tree));
        Assert.Equal(_platform.ListProcesses(), bare.ListProcesses());
        Assert.Equal(_platform.ReadProcess(Orders).Value, bare.ReadProcess(Orders).Value);
        Assert.Equal(_platform.ReadContainer(Orders).Value, bare.ReadContainer(Orders).Value);
        Assert.Equal(_platform.ListeningPorts(Orders).Value, bare.ListeningPorts(Orders).Value);
        Assert.Equal(_platform.ReadHost().Value.Cores, bare.ReadHost().Value.Cores);
    }

    [Fact]
    public void A_recorded_process_has_no_memory_to_open() =>
        Assert.Equal(ReadingState.NotSupported, _platform.OpenMemory(Orders).State);
}
