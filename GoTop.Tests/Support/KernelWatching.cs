using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Linux;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Linux;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>The kernel's events of a process between two exact moments; nothing is named, which would take time.</summary>
internal sealed class KernelWatching : IDisposable
{
    private readonly string? _mounted;
    private readonly IKernelEventSession _session;
    private readonly KernelAnalysis _analysis;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _pump;
    private KernelReport? _report;

    private KernelWatching(IKernelEventSession session, int processId, string? mounted)
    {
        _session = session;
        _mounted = mounted;
        _analysis = new KernelAnalysis(processId, [], session.Coverage, session.BegunAtNanoseconds);
        _pump = PumpAsync(_stop.Token);
    }

    public static async Task<KernelWatching> RequireAsync(int processId)
    {
        string? mounted = await KernelCollecting.RequireTracepointsAsync();
        IPlatform platform = HostPlatform.Detect(TimeProvider.System);
        GoTop.Engine.Model.Reading<IKernelEventSession> opened = platform.OpenKernelEvents(platform.FindProcess(processId).Value);
        if (opened.TryGet(out IKernelEventSession? session)) return new KernelWatching(session, processId, mounted);
        KernelCollecting.Unmount(mounted);
        Assert.Skip(opened.Reason!);
        return null!;
    }

    /// <summary>As any user may: the process's own threads alone.</summary>
    public static KernelWatching RequireOwn(int processId)
    {
        KernelFiles files = new("/");
        OwnSession? session = OwnSession.TryOpen(files, processId, [.. Enumerable.Range(0, Environment.ProcessorCount)], "needs root", new KernelSymbols(files), out int error);
        Assert.SkipWhen(session is null, LinuxKernelEvents.Why(files, error));
        return new KernelWatching(session!, processId, mounted: null);
    }

    public void Begin() => Take();

    public void End() => _report = Take();

    public KernelReport Report() => _report!;

    public void Dispose()
    {
        _stop.Cancel();
        _pump.Wait(TestContext.Current.CancellationToken);
        _session.Dispose();
        _stop.Dispose();
        KernelCollecting.Unmount(_mounted);
    }

    private KernelReport Take()
    {
        lock (_lock) return _analysis.Take(_session.Drain(_analysis), _ => null, new NoNames());
    }

    private async Task PumpAsync(CancellationToken cancellation)
    {
        try
        {
            using PeriodicTimer timer = new(_session.DrainEvery, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                lock (_lock) _session.Drain(_analysis);
            }
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }
    }

    internal sealed class NoNames : IStackNames
    {
        public void AddFrames(ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user, List<SampledFrame> frames)
        {
        }
    }
}
