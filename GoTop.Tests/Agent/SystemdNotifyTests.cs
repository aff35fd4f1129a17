using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using GoTop.Agent;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>The real program with a socket as systemd gives it to a unit with Type=notify and WatchdogSec.</summary>
public sealed class SystemdNotifyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-notify-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_says_when_it_is_ready_that_it_lives_and_that_it_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux'");
        string program = Path.Combine(AppContext.BaseDirectory, "gotop.dll");
        Assert.SkipUnless(File.Exists(program), "gotop.dll is not beside the tests");
        string path = Path.Combine(_folder, "notify"), config = Path.Combine(_folder, "gotop.toml");
        await File.WriteAllTextAsync(config, $"[agent]\nfolder = '{_folder}'\n", TestContext.Current.CancellationToken);
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        ProcessStartInfo start = new("dotnet", [program, "agent", "--config", config]) { RedirectStandardError = true };
        start.Environment["NOTIFY_SOCKET"] = path;
        start.Environment["WATCHDOG_USEC"] = "500000";
        start.Environment.Remove("WATCHDOG_PID");
        using Process agent = Process.Start(start)!;
        Task<string> told = agent.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            List<string> before = await UntilAsync(socket, "READY=1");
            Assert.DoesNotContain("STOPPING=1", before);
            long first = TimeProvider.System.GetTimestamp();
            await UntilAsync(socket, "WATCHDOG=1");
            await UntilAsync(socket, "WATCHDOG=1");
            await UntilAsync(socket, "WATCHDOG=1");
            // Three in a row span two periods of at least half of the time, less what the first had waited in the socket.
            Assert.True(TimeProvider.System.GetElapsedTime(first) > TimeSpan.FromMilliseconds(200), "pings come much more often than twice in their time");
            await CliWrap.Cli.Wrap("kill").WithArguments(["-TERM", agent.Id.ToString(CultureInfo.InvariantCulture)]).ExecuteAsync(TestContext.Current.CancellationToken);
            await UntilAsync(socket, "STOPPING=1");
            await agent.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, agent.ExitCode);
            Assert.Contains("<6>", await told, StringComparison.Ordinal);
            Assert.Contains("agent has stopped", await told, StringComparison.Ordinal);
        }
        finally
        {
            if (!agent.HasExited) agent.Kill();
        }
    }

    [Theory]
    [SupportedOSPlatform("linux")]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "1", null)]
    [InlineData("", null, null)]
    [InlineData("-5", null, null)]
    [InlineData("0", null, null)]
    [InlineData("99999999999999999999", null, null)]
    public void Pings_are_wanted_when_systemd_says_so(string microseconds, string? process, double? seconds) =>
        Assert.Equal(seconds, WatchdogPing.Patience(name => name == "WATCHDOG_USEC" ? microseconds : process)?.TotalSeconds);

    private static async Task<List<string>> UntilAsync(Socket socket, string wanted)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        byte[] buffer = new byte[4096];
        List<string> others = [];
        while (true)
        {
            int length = await socket.ReceiveAsync(buffer, limit.Token);
            string[] lines = Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Contains(wanted)) return others;
            others.AddRange(lines);
        }
    }
}
