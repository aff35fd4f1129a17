using GoTop.Engine.Model;
using GoTop.Engine.Platform.Linux;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

public sealed class ControlGroupTests : IDisposable
{
    private const string V2Mount = "30 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
    private const string V1Mounts =
        "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
        + "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

    private static readonly ProcessKey Orders = new(42, 5000);

    private readonly ProcTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_v2_group_has_quota_throttling_and_limit()
    {
        Process("0::/shop.slice/orders.service\n", V2Mount);
        Group("/sys/fs/cgroup/shop.slice/orders.service", ("cpu.max", "150000 100000"), ("cpu.stat", "usage_usec 9\nnr_periods 40\nnr_throttled 7\nthrottled_usec 2500\n"), ("memory.max", "1073741824"), ("memory.current", "5000"));
        Group("/sys/fs/cgroup/shop.slice", ("cpu.max", "max 100000"), ("memory.max", "max"));
        Group("/sys/fs/cgroup");
        ContainerCounters container = Read();
        Assert.Equal("/shop.slice/orders.service (v2)", container.Group);
        Assert.Equal(1.5, container.CpuQuotaCores.Value);
        Assert.Equal(40, container.Periods.Value);
        Assert.Equal(7, container.ThrottledPeriods.Value);
        Assert.Equal(2_500_000, container.ThrottledNanoseconds.Value);
        Assert.Equal(1L << 30, container.MemoryLimitBytes.Value);
        Assert.Equal(5000, container.MemoryUsedBytes.Value);
    }

    [Fact]
    public void A_tighter_group_above_is_the_one_that_throttles()
    {
        Process("0::/a/b\n", V2Mount);
        Group("/sys/fs/cgroup/a/b", ("cpu.max", "400000 100000"), ("cpu.stat", "nr_periods 1\nnr_throttled 0\nthrottled_usec 0\n"), ("memory.max", "2000"));
        Group("/sys/fs/cgroup/a", ("cpu.max", "100000 100000"), ("cpu.stat", "nr_periods 90\nnr_throttled 80\nthrottled_usec 3\n"), ("memory.max", "1000"));
        ContainerCounters container = Read();
        Assert.Equal(1, container.CpuQuotaCores.Value);
        Assert.Equal(80, container.ThrottledPeriods.Value);
        Assert.Equal(1000, container.MemoryLimitBytes.Value);
    }

    [Fact]
    public void No_quota_and_no_limit_are_said_not_shown_as_numbers()
    {
        Process("0::/a\n", V2Mount);
        Group("/sys/fs/cgroup/a", ("cpu.max", "max 100000"), ("memory.max", "max"), ("memory.current", "77"));
        ContainerCounters container = Read();
        Assert.Equal(ReadingState.NotSupported, container.CpuQuotaCores.State);
        Assert.Contains("no CPU quota", container.ThrottledPeriods.Reason, StringComparison.Ordinal);
        Assert.Contains("no memory limit", container.MemoryLimitBytes.Reason, StringComparison.Ordinal);
        Assert.Equal(77, container.MemoryUsedBytes.Value);
    }

    [Fact]
    public void A_v1_group_counts_throttling_in_nanoseconds_and_has_its_own_word_for_unlimited()
    {
        Process("4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n", V1Mounts);
        Group("/sys/fs/cgroup/cpu,cpuacct/docker/abc", ("cpu.cfs_quota_us", "25000"), ("cpu.cfs_period_us", "100000"), ("cpu.stat", "nr_periods 5\nnr_throttled 4\nthrottled_time 123456\n"));
        Group("/sys/fs/cgroup/cpu,cpuacct", ("cpu.cfs_quota_us", "-1"), ("cpu.cfs_period_us", "100000"));
        Group("/sys/fs/cgroup/memory/docker/abc", ("memory.limit_in_bytes", "9223372036854771712"), ("memory.usage_in_bytes", "4096"));
        ContainerCounters container = Read();
        Assert.Equal("/docker/abc (v1)", container.Group);
        Assert.Equal(0.25, container.CpuQuotaCores.Value);
        Assert.Equal(123456, container.ThrottledNanoseconds.Value);
        Assert.Equal(ReadingState.NotSupported, container.MemoryLimitBytes.State);
        Assert.Equal(4096, container.MemoryUsedBytes.Value);
    }

    [Fact]
    public void In_a_hybrid_a_controller_that_v1_lacks_is_read_from_v2()
    {
        Process("3:cpu,cpuacct:/a\n0::/b\n", V1Mounts + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
        Group("/sys/fs/cgroup/cpu,cpuacct/a", ("cpu.cfs_quota_us", "50000"), ("cpu.cfs_period_us", "50000"), ("cpu.stat", "nr_periods 1\n"));
        Group("/sys/fs/cgroup/unified/b", ("memory.max", "123"), ("memory.current", "45"));
        ContainerCounters container = Read();
        Assert.Equal("/a (v1)", container.Group);
        Assert.Equal(1, container.CpuQuotaCores.Value);
        Assert.Equal(ReadingState.NotSupported, container.ThrottledNanoseconds.State);
        Assert.Equal(123, container.MemoryLimitBytes.Value);
        Assert.Equal(45, container.MemoryUsedBytes.Value);
    }

    [Fact]
    public void Inside_a_container_the_mount_shows_the_groups_from_its_own_root_down()
    {
        Process("0::/docker/abc/app\n", "30 23 0:28 /docker/abc /sys/fs/my\\040groups rw - cgroup2 cgroup2 rw\n");
        Group("/sys/fs/my groups/app", ("cpu.max", "50000 100000"), ("memory.max", "99"));
        Group("/sys/fs/my groups", ("memory.max", "98"));
        ContainerCounters container = Read();
        Assert.Equal(0.5, container.CpuQuotaCores.Value);
        Assert.Equal(98, container.MemoryLimitBytes.Value);
    }

    [Theory]
    [InlineData("0::/../other\n")]
    [InlineData("0::/gone\n")]
    [InlineData("")]
    public void A_group_that_cannot_be_seen_is_said_so(string cgroup)
    {
        Process(cgroup, V2Mount);
        Group("/sys/fs/cgroup");
        Reading<ContainerCounters> container = _tree.Platform.ReadContainer(Orders);
        Assert.Equal(ReadingState.NotSupported, container.State);
        Assert.Contains("control group", container.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/system.slice/orders.service", "orders.service")]
    [InlineData("/system.slice/system-orders.slice/orders@2.service", "orders@2.service")]
    [InlineData("/system.slice/orders.service/payload", "orders.service")]
    [InlineData("/system.slice/_cpu.service", "cpu.service")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/orders.service", "orders.service")]
    [InlineData("/user.slice/user-1000.slice/session-3.scope", null)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/run-1.scope", null)]
    [InlineData("/system.slice/containerd.service/kubepods-pod1.slice/cri-1.scope", null)]
    [InlineData("/init.scope", null)]
    [InlineData("/docker/abc", null)]
    [InlineData("/", null)]
    public void The_unit_is_the_one_whose_restart_would_restart_the_process(string group, string? unit) =>
        Assert.Equal(unit, SystemdUnit.FromPath(group));

    [Theory]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/orders.service", "1000")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/run-1.scope", null)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/init.scope", null)]
    [InlineData("/user.slice/user@evil.service/app.slice/orders.service", null)]
    [InlineData("/system.slice/orders.service", null)]
    public void A_users_own_manager_is_told_from_the_systems(string group, string? user) => Assert.Equal(user, SystemdUnit.UserFromPath(group));

    private ContainerCounters Read() => _tree.Platform.ReadContainer(Orders).Value;

    private void Process(string cgroup, string mounts) =>
        _tree.WithProcess(42).With("/proc/42/cgroup", cgroup)
            .With("/proc/self/mountinfo", "23 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + mounts);

    private void Group(string folder, params (string Name, string Text)[] files)
    {
        _tree.With($"{folder}/cgroup.procs", "42\n");
        foreach ((string name, string text) in files) _tree.With($"{folder}/{name}", text + "\n");
    }
}
