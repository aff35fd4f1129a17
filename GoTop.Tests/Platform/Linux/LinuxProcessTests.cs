using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Linux;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

public sealed class LinuxProcessTests : IDisposable
{
    private static readonly ProcessKey Orders = new(42, 5000);

    private readonly ProcTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("0 0", "nice -5")]
    [InlineData("50 1", "SCHED_FIFO 50")]
    [InlineData("7 2", "SCHED_RR 7")]
    [InlineData("0 3", "SCHED_BATCH nice -5")]
    [InlineData("0 5", "SCHED_IDLE")]
    public void Priority_is_said_in_the_systems_words(string scheduling, string priority)
    {
        _tree.WithProcess(42, scheduling: scheduling);
        Assert.Equal(priority, _tree.Platform.ReadProcess(Orders).Value.Priority.Value);
    }

    [Fact]
    public void A_kernel_thread_is_not_taken_for_another_users_process()
    {
        const int kernelThread = 0x00200000;
        _tree.WithProcess(42, flags: kernelThread).WithProcess(43);
        LinuxPlatform platform = new(new RefusedLinks(_tree.Root));
        Assert.Equal(ReadingState.NotSupported, platform.Executable(Orders).State);
        Assert.Equal(ReadingState.Denied, platform.Executable(new ProcessKey(43, 5000)).State);
    }

    [Fact]
    public void Private_memory_is_anonymous_and_swapped_memory()
    {
        _tree.WithProcess(42);
        Assert.Equal(150 * 1024, _tree.Platform.ReadProcess(Orders).Value.PrivateBytes.Value);
    }

    [Fact]
    public void A_process_cannot_lend_itself_figures_by_its_name()
    {
        _tree.WithProcess(42, name: "x) S VmRSS: 9 (");
        ProcessCounters counters = _tree.Platform.ReadProcess(Orders).Value;
        Assert.Equal(200 * 1024, counters.ResidentBytes);
        Assert.Equal("x) S VmRSS: 9 (", Assert.Single(_tree.Platform.ListProcesses()).Name);
    }

    [Fact]
    public void The_next_life_of_a_process_id_is_another_process()
    {
        _tree.WithProcess(42, start: 6000);
        Assert.False(_tree.Platform.IsAlive(Orders));
        Assert.Equal("process 42 has ended", _tree.Platform.ReadProcess(Orders).Reason);
        Assert.Equal(new ProcessKey(42, 6000), _tree.Platform.FindProcess(42).Value);
    }

    [Fact]
    public void A_process_that_only_waits_to_be_reaped_has_ended()
    {
        _tree.WithProcess(42, state: 'Z').WithProcess(43, state: 'Z', threads: 3);
        Assert.False(_tree.Platform.IsAlive(Orders));
        // The first thread of this one ended, the others run on.
        Assert.Equal(43, Assert.Single(_tree.Platform.ListProcesses()).Key.ProcessId);
    }

    [Fact]
    public void A_process_that_ends_between_two_files_has_ended()
    {
        _tree.WithProcess(42);
        LinuxPlatform platform = new(new FilesWith(_tree.Root, "/proc/42/status", -Errno.NoProcess));
        Assert.Equal("process 42 has ended", platform.ReadProcess(Orders).Reason);
    }

    [Fact]
    public void What_is_refused_says_so_and_the_rest_is_read()
    {
        _tree.WithProcess(42).With("/proc/42/limits", "Max open files            1024                 4096                 files\n");
        LinuxPlatform platform = new(new FilesWith(_tree.Root, "/proc/42/io", -Errno.AccessDenied));
        ProcessCounters counters = platform.ReadProcess(Orders).Value;
        Assert.Equal(ReadingState.Denied, counters.ReadBytes.State);
        Assert.Equal(ReadingState.Denied, counters.WrittenBytes.State);
        Assert.Contains("root", counters.ReadBytes.Reason, StringComparison.Ordinal);
        Assert.Equal(1024, counters.HandleLimit.Value);
        Assert.Equal(10_000_000_000, counters.UserNanoseconds + counters.SystemNanoseconds);
    }

    [Fact]
    public void Threads_without_schedstat_have_no_delay_rather_than_none()
    {
        _tree.WithProcess(42).With("/proc/42/task/42/status", "Name:\tx\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t6\n");
        ProcessCounters counters = _tree.Platform.ReadProcess(Orders).Value;
        Assert.Equal(ReadingState.NotSupported, counters.RunQueueDelayNanoseconds.State);
        Assert.Equal(5, counters.VoluntarySwitches.Value);
        Assert.Equal(6, counters.InvoluntarySwitches.Value);
    }

    [Fact]
    public void Thousands_of_threads_are_not_summed()
    {
        _tree.WithProcess(42, threads: 2001);
        Assert.Contains("2001", _tree.Platform.ReadProcess(Orders).Value.VoluntarySwitches.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("42 (orders")]
    [InlineData("42 (orders) S 1 2 3")]
    public void A_stat_line_that_is_cut_off_is_no_process(string line)
    {
        _tree.With("/proc/42/stat", line);
        Assert.Empty(_tree.Platform.ListProcesses());
        Assert.False(_tree.Platform.ReadProcess(Orders).HasValue);
    }

    [Fact]
    public void A_replaced_executable_is_shown_as_such()
    {
        _tree.WithProcess(42).With("/proc/42/exe", "/opt/orders (deleted)");
        Assert.Equal("/opt/orders (deleted)", _tree.Platform.Executable(Orders).Value.DisplayPath);
    }

    [Fact]
    public void A_missing_executable_is_a_kernel_threads_or_an_ended_processs()
    {
        _tree.WithProcess(42).WithProcess(43, flags: 0x00200000);
        Assert.Equal(ReadingState.Failed, _tree.Platform.Executable(Orders).State);
        Assert.Equal(ReadingState.NotSupported, _tree.Platform.Executable(new ProcessKey(43, 5000)).State);
    }

    [Fact]
    public void A_user_outside_the_password_file_is_shown_by_number()
    {
        _tree.WithProcess(42).With("/etc/passwd", "root:x:0:0::/:\nbroken\n:x:8\nshop:x:8:8::/:\n");
        Assert.Equal("shop", _tree.Platform.User(Orders).Value);
        _tree.With("/etc/passwd", "root:x:0:0::/:\n");
        Assert.Equal("uid 8", _tree.Platform.User(Orders).Value);
    }

    [Fact]
    public void Sockets_of_another_network_namespace_are_marked()
    {
        const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        const string Rest = " 00000000:00000000 00:00000000 00000000 1 0 ";
        _tree.With("/proc/self/ns/net", "net:[1]\n")
            .WithProcess(42).With("/proc/42/ns/net", "net:[1]\n").With("/proc/42/fd/3", "socket:[100]\n").With("/proc/42/fd/4", "socket:[777]\n")
            .With("/proc/42/net/tcp", $"{Header}   0: 0100007F:1F90 00000000:0000 0A{Rest}100 1\n   1: 0100007F:1F91 00000000:0000 01{Rest}777 1\n")
            .With("/proc/42/net/tcp6", $"{Header}   0: 00000000000000000000000001000000:1F92 00000000000000000000000000000000:0000 0A{Rest}101 1\n")
            .WithProcess(43).With("/proc/43/ns/net", "net:[2]\n").With("/proc/43/fd/3", "socket:[200]\n").With("/proc/43/fd/9", "socket:[101]\n")
            .With("/proc/43/net/tcp", $"{Header}   0: 00000000:0050 00000000:0000 0A{Rest}200 1\n");
        var ports = _tree.Platform.ListeningPorts().Value;
        Assert.Equal([new ListeningPort("127.0.0.1", 8080)], ports[42]);
        // A socket handed over keeps the namespace it was made in.
        Assert.Equal([new ListeningPort("0.0.0.0", 80) { OtherNetwork = true }, new ListeningPort("::1", 8082)], ports[43]);
    }

    /// <summary>A tree in which one file gives an error.</summary>
    private sealed class FilesWith(string root, string path, int error) : RecordedFiles(root)
    {
        protected override int ReadFile(ReadOnlySpan<byte> file, Span<byte> buffer) =>
            System.Text.Encoding.UTF8.GetString(file[..^1]) == path ? error : base.ReadFile(file, buffer);
    }

    /// <summary>The kernel as another user sees it.</summary>
    private sealed class RefusedLinks(string root) : RecordedFiles(root)
    {
        protected override int ReadLinkTarget(ReadOnlySpan<byte> path, Span<byte> buffer) => -Errno.AccessDenied;
    }
}
