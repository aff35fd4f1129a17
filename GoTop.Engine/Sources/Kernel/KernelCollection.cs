using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;

namespace GoTop.Engine.Sources.Kernel;

/// <summary>A session of events and what is concluded from them; a task of its own takes the events before their rings are full.</summary>
internal sealed class KernelCollection : IAsyncDisposable
{
    private readonly IKernelEventSession _session;
    private readonly KernelAnalysis _analysis;
    private readonly TargetStackNames _names;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _pump;
    private long _until;
    private long _taken;

    public KernelCollection(IKernelEventSession session, KernelAnalysis analysis, TargetStackNames names, TimeProvider time)
    {
        _session = session;
        _analysis = analysis;
        _names = names;
        _time = time;
        _until = _taken = session.BegunAtNanoseconds;
        _pump = PumpAsync(_stop.Token);
    }

    public string CostToTarget
    {
        get
        {
            lock (_lock) return _session.CostToTarget;
        }
    }

    /// <summary>The report since the last one; null when that is too short a time.</summary>
    public KernelReport? Take(long shortestNanoseconds)
    {
        lock (_lock)
        {
            Drain();
            if (_until - _taken < shortestNanoseconds) return null;
            _taken = _until;
            return _analysis.Take(_until, _session.ProcessName, _names);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _stop.Dispose();
        _session.Dispose();
        _names.Dispose();
    }

    private async Task PumpAsync(CancellationToken cancellation)
    {
        try
        {
            using PeriodicTimer timer = new(_session.DrainEvery, _time);
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                lock (_lock)
                {
                    Drain();
                    if (timer.Period != _session.DrainEvery) timer.Period = _session.DrainEvery;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or InvalidDataException)
        {
            // The next reading meets the same and tells it.
        }
    }

    private void Drain()
    {
        _until = Math.Max(_until, _session.Drain(_analysis));
        _analysis.Coverage = _session.Coverage;
    }
}
