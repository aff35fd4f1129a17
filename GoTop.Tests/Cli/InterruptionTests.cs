using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace GoTop.Tests.Cli;

/// <summary>The real program, interrupted by signals.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-interrupt-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_command_that_was_not_done_tells_so_by_its_exit_code(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a signal");
        string program = Path.Combine(AppContext.BaseDirectory, "gotop.dll");
        Assert.SkipUnless(File.Exists(program), "gotop.dll is not beside the tests");
        string pipe = Path.Combine(_folder, "pipe");
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([pipe]).ExecuteAsync(TestContext.Current.CancellationToken);
        // Whoever runs the tests may have it ignore what interrupts (nohup, the background of a script), and .NET keeps to that.
        using Process process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT,TERM", "dotnet", program, "analyze", pipe]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            // Opening it to write returns once the command has it open to read: it runs then, and listens for signals.
            await using FileStream writer = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write), TestContext.Current.CancellationToken);
            await writer.WriteAsync("goroutine 1 [running]:\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await writer.FlushAsync(TestContext.Current.CancellationToken);
            await CliWrap.Cli.Wrap("sh").WithArguments(["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}")]).ExecuteAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            Assert.Equal(exitCode, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
