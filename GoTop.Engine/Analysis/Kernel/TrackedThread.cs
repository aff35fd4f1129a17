using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>A thread of the target: what it does now, since when, and what that sums up to in the interval.</summary>
internal sealed class TrackedThread(int thread)
{
    private static readonly TimeHistogram NoDelays = new([], []);

    private readonly List<OffCpu> _offCpu = [];
    private ThreadState _state;
    private int _waitReason;
    private long _since;
    private long _countedTo;
    private long _onCpu;
    private long _ready;
    private bool _preempted;
    private int _lastNode = KernelEvent.Unknown;
    private DurationDigest? _delays;

    private enum ThreadState : byte
    {
        Unknown,
        Running,
        Waiting,
        Ready,
    }

    public int Thread => thread;

    public int LastCpu { get; private set; } = KernelEvent.Unknown;

    public long Preemptions { get; private set; }

    public long VoluntarySwitches { get; private set; }

    public long CoreMigrations { get; private set; }

    public long NodeMigrations { get; private set; }

    public long Samples { get; set; }

    public bool HasEnded { get; set; }

    public Contenders RanInstead { get; } = new();

    /// <summary>Time in which it ran or wanted to: what threads are ordered by.</summary>
    public long Demand => _onCpu + _ready;

    public bool WasActive => Demand > 0 || Samples > 0 || Preemptions > 0 || VoluntarySwitches > 0 || _offCpu.Count > 0;

    /// <param name="ranSince">Since when it must have run if it is not known to have done anything else; null when that is not known.</param>
    public void SwitchOut(in KernelEvent happened, long? ranSince)
    {
        long now = happened.TimeNanoseconds;
        if (_state == ThreadState.Unknown && ranSince is { } since) (_state, _countedTo) = (ThreadState.Running, Math.Max(_countedTo, since));
        // What is switched out ran; if it was not seen to begin, its time until now is unknown.
        if (_state == ThreadState.Running) Count(now);
        if (LastCpu == KernelEvent.Unknown) LastCpu = happened.Cpu;
        switch (happened.Stop)
        {
            case ThreadStop.Preempted:
                Preemptions++;
                Enter(ThreadState.Ready, now);
                _preempted = true;
                break;
            case ThreadStop.Waiting:
                VoluntarySwitches++;
                Enter(ThreadState.Waiting, now);
                _waitReason = happened.WaitReason;
                break;
            default:
                Enter(ThreadState.Unknown, now);
                break;
        }
    }

    public void Ready(long now)
    {
        // Woken while it still runs, it has never waited.
        if (_state is ThreadState.Running or ThreadState.Ready) return;
        EndWait(now);
        Enter(ThreadState.Ready, now);
        _preempted = false;
    }

    /// <summary>When it became ready, and whether by losing its core; null when it was not seen to.</summary>
    public (long Since, bool Preempted)? SwitchIn(in KernelEvent happened, int node)
    {
        long now = happened.TimeNanoseconds;
        (long, bool)? waited = null;
        if (_state == ThreadState.Ready)
        {
            Count(now);
            (_delays ??= new DurationDigest()).Add(now - _since);
            waited = (_since, _preempted);
        }
        else
        {
            EndWait(now);
        }

        if (LastCpu != KernelEvent.Unknown && happened.Cpu != KernelEvent.Unknown && LastCpu != happened.Cpu)
        {
            CoreMigrations++;
            if (_lastNode != node) NodeMigrations++;
        }

        if (happened.Cpu != KernelEvent.Unknown) (LastCpu, _lastNode) = (happened.Cpu, node);
        Enter(ThreadState.Running, now);
        return waited;
    }

    /// <summary>Events were lost: what it does is not known, and what it was doing is not counted.</summary>
    public void Forget(long now) => Enter(ThreadState.Unknown, now);

    /// <summary>Counts the state it is in up to now.</summary>
    public void Count(long now)
    {
        long nanoseconds = now - _countedTo;
        if (nanoseconds <= 0) return;
        _countedTo = now;
        switch (_state)
        {
            case ThreadState.Running:
                _onCpu += nanoseconds;
                break;
            case ThreadState.Ready:
                _ready += nanoseconds;
                break;
            case ThreadState.Waiting:
                OffCpuOf(_waitReason).Total += nanoseconds;
                break;
        }
    }

    public void AddDelaysTo(DurationDigest all)
    {
        if (_delays is not null) all.Add(_delays);
    }

    public void AddTo(ThreadSums sums)
    {
        sums.OnCpu += _onCpu;
        sums.Ready += _ready;
        sums.Preemptions += Preemptions;
        sums.VoluntarySwitches += VoluntarySwitches;
        sums.CoreMigrations += CoreMigrations;
        sums.NodeMigrations += NodeMigrations;
        sums.Samples += Samples;
        foreach (OffCpu wait in _offCpu) sums.AddWait(wait.Reason, wait.Count, wait.Total, wait.Max);
    }

    public ThreadActivity Report(long now, KernelSystem system, Func<int, string?> name, int contenders) => new()
    {
        Thread = thread,
        OnCpuNanoseconds = _onCpu,
        ReadyNanoseconds = _ready,
        OffCpu = [.. _offCpu.OrderByDescending(wait => wait.Total).Select(wait => new OffCpuTime(wait.Reason, WaitReasonNames.Of(system, wait.Reason), wait.Count, wait.Total, wait.Max))],
        RunQueueDelay = _delays?.Summary ?? default,
        RunQueueDelayHistogram = _delays?.Histogram() ?? NoDelays,
        Preemptions = Preemptions,
        VoluntarySwitches = VoluntarySwitches,
        CoreMigrations = CoreMigrations,
        NodeMigrations = NodeMigrations,
        Samples = Samples,
        LastCpu = LastCpu,
        WaitsSinceNanoseconds = _state == ThreadState.Ready ? Math.Max(0, now - _since) : 0,
        RanInstead = RanInstead.Top(contenders, name),
    };

    /// <summary>What is under way goes on.</summary>
    public void StartInterval()
    {
        _offCpu.Clear();
        (_onCpu, _ready, _delays) = (0, 0, null);
        (Preemptions, VoluntarySwitches, CoreMigrations, NodeMigrations, Samples) = (0, 0, 0, 0, 0);
        RanInstead.Clear();
    }

    private void Enter(ThreadState state, long now)
    {
        _state = state;
        _since = now;
        _countedTo = Math.Max(_countedTo, now);
    }

    private void EndWait(long now)
    {
        if (_state != ThreadState.Waiting) return;
        Count(now);
        OffCpu wait = OffCpuOf(_waitReason);
        wait.Count++;
        wait.Max = Math.Max(wait.Max, now - _since);
    }

    private OffCpu OffCpuOf(int reason)
    {
        foreach (OffCpu known in _offCpu)
        {
            if (known.Reason == reason) return known;
        }

        OffCpu added = new() { Reason = reason };
        _offCpu.Add(added);
        return added;
    }

    private sealed class OffCpu
    {
        public int Reason;
        public long Count;
        public long Total;
        public long Max;
    }
}
