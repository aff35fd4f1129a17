using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Linux;

public sealed class LogFilesTests : IDisposable
{
    private const string Written = "pos:\t10\nflags:\t02101\nmnt_id:\t5\n", Read = "pos:\t10\nflags:\t02100\nmnt_id:\t5\n";

    private readonly ProcTree _tree = new ProcTree().WithProcess(7);

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Output_that_goes_to_a_file_is_a_log_whatever_its_name()
    {
        With(1, "/srv/orders.out", Written);
        With(2, "/srv/orders.out", Written);
        Assert.Equal(["/srv/orders.out"], Of(7).Value);
    }

    [Fact]
    public void Files_that_it_writes_are_logs_by_their_names()
    {
        With(1, "pipe:[12]", Written);
        With(3, "/srv/data/index.db", Written);
        With(4, "/srv/orders.LOG", Written);
        With(5, "/var/log/orders/access", Written);
        With(6, "/var/log/access", Written);
        With(7, "/srv/input.log", Read);
        With(8, "/srv/gone.log (deleted)", Written);
        With(9, "socket:[7]", Written);
        With(10, "/srv/orders.log.1", Written);
        Assert.Equal(["/srv/orders.LOG", "/var/log/access", "/srv/orders.log.1"], Of(7).Value);
    }

    [Theory]
    [InlineData("pipe:[12]", "it writes to a pipe, and has no log file open")]
    [InlineData("socket:[12]", "it writes to a socket, and has no log file open")]
    [InlineData("/dev/pts/3", "it writes to a terminal, and has no log file open")]
    [InlineData("/dev/null", "its output goes to /dev/null, and it has no log file open")]
    public void Without_a_log_it_is_said_where_its_output_goes(string output, string words)
    {
        With(1, output, Written);
        With(2, output, Written);
        Assert.Equal((ReadingState.NotSupported, words), (Of(7).State, Of(7).Reason));
    }

    [Fact]
    public void Another_view_of_the_file_system_is_entered_by_its_root()
    {
        With(1, "/orders.out", Written);
        _tree.With("/proc/7/ns/mnt", "mnt:[4026532]").With($"/proc/{Environment.ProcessId}/ns/mnt", "mnt:[4026531]");
        Assert.Equal(["/proc/7/root/orders.out"], Of(7).Value);
    }

    [Fact]
    public void A_process_that_ended_says_so() => Assert.Equal(ReadingState.Failed, Of(8).State);

    [Fact]
    public async Task The_kernel_s_own_files_tell_of_what_a_program_writes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads Linux's own /proc");
        string output = Path.Combine(_tree.Root, "orders.out"), log = Path.Combine(_tree.Root, "orders.log");
        // Ready once both files are open; it stays until its input ends.
        await using StartedProgram program = await StartedProgram.StartAsync("sh", ["-c", $"exec 3>>'{log}' 4>&1 2>'{output}'; echo ready; exec 1>&2; echo moved; read end"]);
        while (!File.ReadAllText(output).Contains("moved", StringComparison.Ordinal)) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        IPlatform platform = HostPlatform.Detect(TimeProvider.System);
        Assert.Equal([output, log], platform.LogFilesOf(platform.FindProcess(program.Id).Value).Value);
    }

    private void With(int descriptor, string target, string info) => _tree.With($"/proc/7/fd/{descriptor}", target).With($"/proc/7/fdinfo/{descriptor}", info);

    private Reading<ImmutableArray<string>> Of(int pid) => _tree.Platform.LogFilesOf(new ProcessKey(pid, 5000));
}
