using System.Globalization;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Linux;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Linux;
using GoTop.Tests.Support;
using Xunit;
using CommandLine = CliWrap.Cli;

namespace GoTop.Tests.Sources.Kernel;

/// <summary>The kernel's events of a Go program against what else is known of it. Two at once would compete for the cores.</summary>
[Collection("kernel events")]
public sealed class KernelLiveTests
{
    [Fact]
    public async Task Run_queue_delay_is_that_of_schedstat_and_time_on_a_core_as_well()
    {
        await using GoService service = await GoService.StartAsync(await GoToolchain.RequireAsync("workers"), "-workers", "8", "-listen", "");
        await PinAsync(service.ProcessId, core: 0);
        using KernelWatching watching = await KernelWatching.RequireAsync(service.ProcessId);
        (KernelReport report, Bounds onCpu, Bounds delay) = await WatchAsync(service.ProcessId, watching);

        Within(delay, report.RunQueueDelay.Value.TotalNanoseconds, 0.05);
        Within(onCpu, report.Target.OnCpuNanoseconds, 0.05);
        Assert.Equal(0, report.LostEvents);
        Assert.True(report.Target.Preemptions > 0);
        // Eight threads on one core wait seven eighths of their time, mostly for one another.
        Assert.True(report.Target.ReadyNanoseconds > 4 * report.Target.OnCpuNanoseconds);
        Assert.Equal(service.ProcessId, report.RanInstead.Value[0].Process);
        CoreActivity core = report.Cores.Single(one => one.Cpu == 0);
        Ratio(report.Target.OnCpuNanoseconds, core.TargetNanoseconds, 0.05);
        Ratio(report.DurationNanoseconds, core.BusyNanoseconds + core.IdleNanoseconds + core.UnknownNanoseconds, 0.02);
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.27")]
    public async Task Samples_name_the_same_functions_as_the_service_s_own_CPU_profile(string version)
    {
        // A signal that preempts and one that samples come together: the service's own profile would show that, and not the work.
        await using GoService service = await GoService.StartAsync(
            await GoToolchain.RequireAsync("workers", version), "asyncpreemptoff=1", ["-workers", "2"]);
        await using KernelCollecting collecting = await KernelCollecting.RequireAsync(service.ProcessId);
        await collecting.NextAsync(TimeSpan.FromSeconds(1));
        using HttpClient http = new();
        Task<byte[]> own = http.GetByteArrayAsync(new Uri($"http://{service.Address}/debug/pprof/profile?seconds=5"), TestContext.Current.CancellationToken);
        KernelReport report = await collecting.NextAsync(TimeSpan.FromSeconds(5));
        AnalysedProfile profile = new(ProfileReader.Read(await own, cancellation: TestContext.Current.CancellationToken));

        string[] expected = [.. profile.Functions(1).OrderByDescending(function => function.Flat).Take(5).Select(function => function.Function)];
        string[] found = [.. report.Samples.Value.Functions.Where(function => function.Kind == FrameKind.Go).OrderByDescending(function => function.SelfAndKernel).Take(5).Select(function => function.Function)];
        Assert.Equal(expected.Order(), found.Order());
        Assert.Contains("main.alpha", found);
        Assert.EndsWith("main.go", report.Samples.Value.Lines[0].Location.File, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_that_wake_each_other_migrate_wait_and_are_told_with_their_wakeups()
    {
        await using GoService service = await GoService.StartAsync(await GoToolchain.RequireAsync("workers"), "-workers", "0", "-pairs", "1", "-listen", "");
        await using KernelCollecting collecting = await KernelCollecting.RequireAsync(service.ProcessId);
        await collecting.NextAsync(TimeSpan.FromSeconds(0.5));
        KernelReport report = await collecting.NextAsync(TimeSpan.FromSeconds(1));

        ThreadActivity[] pair = [.. report.Threads.Where(thread => thread.VoluntarySwitches > 100).Take(2)];
        Assert.Equal(2, pair.Length);
        Assert.All(pair, thread => Assert.Contains(thread.OffCpu, wait => wait.Reason == "sleeping" && wait.Count > 100));
        Assert.All(pair, thread => Assert.True(thread.RunQueueDelay.Count > 100));
        Assert.True(report.Coverage.Tells(KernelFacts.AllSwitches | KernelFacts.Ready | KernelFacts.Samples));
    }

    [Fact]
    public async Task Without_root_s_rights_time_on_a_core_and_preemptions_are_those_of_schedstat()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "perf_event_open is Linux's");
        await using GoService service = await GoService.StartAsync(await GoToolchain.RequireAsync("workers"), "-workers", "3", "-listen", "");
        await PinAsync(service.ProcessId, core: 0);
        using KernelWatching watching = KernelWatching.RequireOwn(service.ProcessId);
        (KernelReport report, Bounds onCpu, _) = await WatchAsync(service.ProcessId, watching);

        Within(onCpu, report.Target.OnCpuNanoseconds, 0.05);
        Assert.True(report.Target.Preemptions > 0);
        Assert.True(report.Target.ReadyNanoseconds > report.Target.OnCpuNanoseconds);
        Assert.Equal("needs root", report.RunQueueDelay.Reason);
    }

    /// <summary>Events of single threads cost the target most, so they end where it switches often.</summary>
    [Fact]
    public async Task Without_root_s_rights_a_target_that_switches_too_often_is_spared()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "perf_event_open is Linux's");
        await using GoService service = await GoService.StartAsync(await GoToolchain.RequireAsync("workers"), "-workers", "0", "-pairs", "2", "-listen", "");
        await PinAsync(service.ProcessId, core: 0);
        KernelFiles files = new("/");
        using OwnSession? session = OwnSession.TryOpen(files, service.ProcessId, [0], "needs root", new KernelSymbols(files), out int error);
        Assert.SkipWhen(session is null, LinuxKernelEvents.Why(files, error));
        KernelAnalysis analysis = new(service.ProcessId, [], session!.Coverage, session.BegunAtNanoseconds);
        for (int drains = 0; session.Coverage.Told != KernelFacts.None; drains++)
        {
            Assert.True(drains < 1000, "it goes on");
            await Task.Delay(session.DrainEvery, TimeProvider.System, TestContext.Current.CancellationToken);
            session.Drain(analysis);
        }

        Assert.Contains("to spare the target", session.Coverage.WhyNot(KernelFacts.Switches), StringComparison.Ordinal);
        analysis.Coverage = session.Coverage;
        analysis.Take(session.Drain(analysis), _ => null, new KernelWatching.NoNames());
        await Task.Delay(session.DrainEvery, TimeProvider.System, TestContext.Current.CancellationToken);
        KernelReport after = analysis.Take(session.Drain(analysis), _ => null, new KernelWatching.NoNames());
        Assert.Equal(0, after.Events);
        Assert.Equal(ReadingState.NotSupported, after.Samples.State);
    }

    private static async Task PinAsync(int processId, int core) =>
        await CommandLine.Wrap("taskset").WithArguments(["-a", "-c", "-p", $"{core}", $"{processId}"]).ExecuteAsync(TestContext.Current.CancellationToken);

    /// <summary>Nanoseconds on a core and waiting for one, of all threads.</summary>
    private static (long OnCpu, long Delay) SchedStat(int processId)
    {
        (long onCpu, long delay) = (0, 0);
        foreach (string thread in Directory.GetDirectories($"/proc/{processId}/task"))
        {
            string[] words = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
            onCpu += long.Parse(words[0], CultureInfo.InvariantCulture);
            delay += long.Parse(words[1], CultureInfo.InvariantCulture);
        }

        return (onCpu, delay);
    }

    /// <summary>
    /// Some seconds of events and what schedstat counts in them. Taking the events and reading schedstat are not one act: where
    /// that takes long, the window is not well known, and another one is tried.
    /// </summary>
    private static async Task<(KernelReport Report, Bounds OnCpu, Bounds Delay)> WatchAsync(int processId, KernelWatching watching)
    {
        for (int attempt = 0; ; attempt++)
        {
            (Bounds onCpuBefore, Bounds delayBefore) = Around(processId, watching.Begin);
            // schedstat counts a wait when it ends, and the whole of it. The longer the window, the less those at its ends matter.
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
            (Bounds onCpuAfter, Bounds delayAfter) = Around(processId, watching.End);
            (Bounds onCpu, Bounds delay) = (onCpuAfter.Since(onCpuBefore), delayAfter.Since(delayBefore));
            if (delay.Width <= 0.02 || attempt == 10) return (watching.Report(), onCpu, delay);
        }
    }

    /// <summary>What schedstat has at some moment of an act.</summary>
    private static (Bounds OnCpu, Bounds Delay) Around(int processId, Action act)
    {
        (long onCpu, long delay) = SchedStat(processId);
        act();
        (long onCpuAfter, long delayAfter) = SchedStat(processId);
        return (new Bounds(onCpu, onCpuAfter), new Bounds(delay, delayAfter));
    }

    private static void Within(Bounds expected, long actual, double tolerance) => Assert.True(
        actual >= expected.Least * (1 - tolerance) && actual <= expected.Most * (1 + tolerance),
        string.Create(CultureInfo.InvariantCulture, $"{actual / 1e6:0.0} ms instead of {expected.Least / 1e6:0.0} to {expected.Most / 1e6:0.0} ms"));

    private static void Ratio(long expected, long actual, double tolerance) =>
        Assert.True(Math.Abs((double)actual / expected - 1) <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{actual / 1e6:0.0} ms instead of {expected / 1e6:0.0} ms"));

    private readonly record struct Bounds(long Least, long Most)
    {
        public double Width => (double)(Most - Least) / Most;

        public Bounds Since(Bounds before) => new(Least - before.Most, Most - before.Least);
    }
}
