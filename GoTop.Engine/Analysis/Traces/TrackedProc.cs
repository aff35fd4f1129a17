namespace GoTop.Engine.Analysis.Traces;

/// <summary>A P, what it does and for how long it has done what.</summary>
internal sealed class TrackedProc(int id, TimelineBuilder timeline)
{
    private readonly TimelineBuilder.Lane? _lane = timeline.NewLane(id);
    private readonly long[] _nanoseconds = new long[(int)ProcUse.Idle + 1];
    private ProcUse _use = ProcUse.Idle;
    private long _useSince;
    private long _runningSince;
    private long _running;
    private bool _isRunning;
    private TrackedGoroutine? _goroutine;
    private bool _inSyscall;

    /// <summary>When its sweep began; null when it does not sweep.</summary>
    public long? SweepSince { get; private set; }

    public void Start(long time)
    {
        _isRunning = true;
        _runningSince = time;
        Update(time);
    }

    public void Stop(long time)
    {
        if (_isRunning) _running += time - _runningSince;
        _isRunning = false;
        _goroutine = null;
        _inSyscall = false;
        Update(time);
    }

    public void Run(TrackedGoroutine? goroutine, bool inSyscall, long time)
    {
        _goroutine = goroutine;
        _inSyscall = inSyscall;
        Update(time);
    }

    public void Sweep(long? since, long time)
    {
        SweepSince = since;
        Update(time);
    }

    /// <summary>To be called when something it depends on has changed.</summary>
    public void Update(long time)
    {
        ProcUse use = !_isRunning ? ProcUse.Idle
            : SweepSince is not null || _goroutine is { WorksForGc: true } ? ProcUse.Gc
            : _goroutine is null ? ProcUse.Scheduling
            : _inSyscall ? ProcUse.Syscall : ProcUse.Go;
        if (use == _use) return;
        Account(time);
        _use = use;
    }

    /// <param name="end">Of the trace so far; what is under way counts up to it.</param>
    public ProcTime Total(long end)
    {
        Account(end);
        return new ProcTime(
            id, _isRunning ? _running + end - _runningSince : _running, _nanoseconds[(int)ProcUse.Go], _nanoseconds[(int)ProcUse.Gc], _nanoseconds[(int)ProcUse.Syscall]);
    }

    private void Account(long time)
    {
        _nanoseconds[(int)_use] += time - _useSince;
        timeline.Add(_lane, _use, _useSince, time);
        _useSince = time;
    }
}
