using GoTop.Engine.Platform.Linux;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

public sealed class MemoryPermissionTests : IDisposable
{
    private readonly ProcTree _tree = new ProcTree().With("/etc/passwd", "shop:x:1001:1::/:\n");

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(1000, 1001, 0, "belongs to shop: run gotop as shop")]
    [InlineData(1000, 1000, 1, "ptrace_scope is 1")]
    [InlineData(1000, 1000, 2, "ptrace_scope is 2")]
    [InlineData(1000, 1000, 3, "until a reboot")]
    [InlineData(1000, 1000, 0, "capabilities")]
    [InlineData(0, 1000, 1, "root here lacks CAP_SYS_PTRACE")]
    public void What_stands_in_the_way_is_said_with_what_would_help(int own, int its, int scope, string why)
    {
        _tree.With("/proc/self/status", $"Uid:\t{own}\t{own}\t{own}\t{own}\n")
            .With("/proc/42/status", $"Uid:\t{its}\t{its}\t{its}\t{its}\n")
            .With("/proc/sys/kernel/yama/ptrace_scope", $"{scope}\n");
        Assert.Contains(why, new ProcessMemoryOpener(new RecordedFiles(_tree.Root)).WhyDenied(42), StringComparison.Ordinal);
    }
}
