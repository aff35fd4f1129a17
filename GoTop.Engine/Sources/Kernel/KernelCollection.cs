using System.Runtime.ExceptionServices;
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
    private ExceptionDispatchInfo? _broken;
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
            DrainWhole();
            if (_until - _taken < shortestNanoseconds) return null;
            _taken = _until;
            return _analysis.Take(_until, _session.ProcessName, _names);
        }
    }

    /// <summary>Begins the next report without giving this one.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            DrainWhole();
            _taken = _until;
            _analysis.Discard(_until);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The session is the system's, and would go on without us.
        try
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _pump.ConfigureAwait(false);
        }
        finally
        {
            _stop.Dispose();
            try
            {
                _session.Dispose();
            }
            finally
            {
                _names.Dispose();
            }
        }
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
                    if (!TryDrain()) return;
                    if (timer.Period != _session.DrainEvery) timer.Period = _session.DrainEvery;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }
    }

    private bool TryDrain()
    {
        try
        {
            Drain();
            return true;
        }
        catch (Exception broken)
        {
            // The next reading tells it, whatever it was.
            _broken = ExceptionDispatchInfo.Capture(broken);
            return false;
        }
    }

    private void DrainWhole()
    {
        _broken?.Throw();
        Drain();
    }

    private void Drain()
    {
        _until = Math.Max(_until, _session.Drain(_analysis));
        _analysis.Coverage = _session.Coverage;
    }
}
