namespace GoTop.Engine.Analysis.Traces;

/// <summary>A P, what it does and for how long it has done what.</summary>
internal sealed class TrackedProc
{
    private readonly int _id;
    private readonly TimelineBuilder _timeline;
    private readonly TimelineBuilder.Lane? _lane;

    /// <summary>By use: in all, and in the bucket of the timeline that is under way and not yet given to it.</summary>
    private readonly long[] _nanoseconds = new long[(int)ProcUse.Idle + 1], _inBucket = new long[(int)ProcUse.Idle + 1];

    private ProcUse _use = ProcUse.Idle;
    private long _since;
    private long _bucketEnd;
    private long _runningSince;
    private long _running;
    private bool _isRunning;
    private TrackedGoroutine? _goroutine;
    private bool _inSyscall;

    /// <param name="time">When it was met.</param>
    public TrackedProc(int id, TimelineBuilder timeline, long time)
    {
        _id = id;
        _timeline = timeline;
        _lane = timeline.NewLane(id);
        _since = time;
        _bucketEnd = timeline.EndOfBucket(time);
    }

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
        // Most changes fall into the bucket that is under way: then there is nothing to find and to spread.
        if (time <= _bucketEnd) _inBucket[(int)_use] += time - _since;
        else NextBucket(time);
        _since = time;
        _use = use;
    }

    /// <param name="end">Of the trace so far; what is under way counts up to it.</param>
    public ProcTime Total(long end)
    {
        NextBucket(end);
        _since = end;
        return new ProcTime(
            _id, _isRunning ? _running + end - _runningSince : _running, _nanoseconds[(int)ProcUse.Go], _nanoseconds[(int)ProcUse.Gc], _nanoseconds[(int)ProcUse.Syscall]);
    }

    private void NextBucket(long time)
    {
        for (int use = 0; use < _inBucket.Length; use++)
        {
            _timeline.AddWithin(_lane, (ProcUse)use, _bucketEnd - 1, _inBucket[use]);
            _nanoseconds[use] += _inBucket[use];
            _inBucket[use] = 0;
        }

        _timeline.Add(_lane, _use, _since, time);
        _nanoseconds[(int)_use] += time - _since;
        _bucketEnd = _timeline.EndOfBucket(time);
    }
}
