using CliWrap;
using CliWrap.Buffered;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Kernel;
using Xunit;
using CommandLine = CliWrap.Cli;

namespace GoTop.Tests.Support;

/// <summary>The kernel's events of a process, collected with root's rights; skips where these are missing.</summary>
internal sealed class KernelCollecting : IAsyncDisposable
{
    private static readonly Interest Shown = new() { KernelEvents = true };

    private readonly string? _mounted;
    private readonly KernelSource _source;

    private KernelCollecting(KernelSource source, string? mounted)
    {
        _source = source;
        _mounted = mounted;
    }

    public string CostToTarget => _source.CostToTarget;

    public static async Task<KernelCollecting> RequireAsync(int processId)
    {
        string? mounted = await RequireTracepointsAsync();
        IPlatform platform = HostPlatform.Detect(TimeProvider.System);
        KernelCollecting collecting = new(new KernelSource(platform, platform.FindProcess(processId).Value, KernelEventsMode.Shown, TimeProvider.System), mounted);
        SourceResult begun = await collecting._source.ReadAsync(Shown, TestContext.Current.CancellationToken);
        if (begun.State is not SourceState.Denied and not SourceState.NotSupported) return collecting;
        await collecting.DisposeAsync();
        Assert.Skip(begun.Reason!);
        return collecting;
    }

    /// <summary>Where tracefs is mounted for the test, to be unmounted after it; null where it was.</summary>
    public static async Task<string?> RequireTracepointsAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "perf_event_open is Linux's");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "collecting of all cores needs root");
        string? mounted = null;
        if (!File.Exists("/sys/kernel/tracing/events/sched/sched_switch/format") && !(await File.ReadAllTextAsync("/proc/self/mounts")).Contains(" tracefs ", StringComparison.Ordinal))
        {
            // A container's or a bare machine's tracefs is not mounted; ours goes with the test.
            mounted = Directory.CreateTempSubdirectory("gotop-tracefs-").FullName;
            BufferedCommandResult mount = await CommandLine.Wrap("mount").WithArguments(["-t", "tracefs", "tracefs", mounted]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
            Assert.SkipUnless(mount.ExitCode == 0, $"tracefs cannot be mounted: {mount.StandardError.Trim()}");
        }

        return mounted;
    }

    public static void Unmount(string? mounted)
    {
        if (mounted is null) return;
        using System.Diagnostics.Process unmount = System.Diagnostics.Process.Start("umount", [mounted]);
        unmount.WaitForExit();
        Directory.Delete(mounted);
    }

    /// <summary>The next report that covers so much time.</summary>
    public async Task<KernelReport> NextAsync(TimeSpan length)
    {
        await Task.Delay(length, TimeProvider.System, TestContext.Current.CancellationToken);
        while (true)
        {
            SourceResult read = await _source.ReadAsync(Shown, TestContext.Current.CancellationToken);
            if (read.Facts.Kernel.TryGet(out KernelReport? report)) return report;
            Assert.Equal(SourceState.NotYet, read.State);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        Unmount(_mounted);
    }
}
