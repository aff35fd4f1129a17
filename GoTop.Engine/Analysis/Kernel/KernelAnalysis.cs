using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>
/// Folds a kernel's events into reports of one interval after another; what is under way at the end of one goes on in the
/// next. Keeps the target's living threads, and of others only sums. Not for use by two threads at once.
/// </summary>
public sealed class KernelAnalysis : IKernelEventSink
{
    /// <summary>A process of more threads than this has other troubles.</summary>
    private const int MaxThreads = 32_768;

    private const int MaxCores = 8192;

    private readonly int _target;
    private readonly Dictionary<int, int> _nodeOf;
    private readonly Dictionary<int, TrackedThread> _threads = [];
    private readonly SortedDictionary<int, TrackedCore> _cores = [];

    /// <summary>The same by number: each event is of one.</summary>
    private TrackedCore?[] _coreAt = [];

    private readonly LongestRunQueueWaits _longest = new();
    private readonly StackTally _stacks = new();
    private readonly TransferSums _transfers = new();
    private long _start;
    private long _knownSince;
    private long _lastEvent;
    private long _events;
    private long _lost;

    /// <param name="targetProcess">Whose threads are told apart.</param>
    /// <param name="cores">For their NUMA nodes; those missing are on node 0.</param>
    /// <param name="beganAtNanoseconds">Nothing from before is told.</param>
    public KernelAnalysis(int targetProcess, IEnumerable<LogicalCore> cores, KernelCoverage coverage, long beganAtNanoseconds)
    {
        _target = targetProcess;
        _nodeOf = cores.ToDictionary(core => core.Id, core => core.NumaNode);
        Coverage = coverage;
        _start = _knownSince = _lastEvent = beganAtNanoseconds;
    }

    /// <summary>What the events tell. When it shrinks, what was under way is unknown.</summary>
    public KernelCoverage Coverage
    {
        get;
        set
        {
            bool shrinks = field is not null && field.Told != value.Told;
            field = value;
            if (shrinks) ForgetAll(_lastEvent);
        }
    }

    private bool SeesAll => Coverage.Tells(KernelFacts.AllSwitches);

    public void OnEvent(in KernelEvent happened)
    {
        _events++;
        // A source that is out of order must not make times negative.
        _lastEvent = Math.Max(_lastEvent, happened.TimeNanoseconds);
        switch (happened.Kind)
        {
            case KernelEventKind.Switch:
                Switch(happened);
                break;
            case KernelEventKind.Ready:
                if (Find(happened.Thread, happened.Process) is { } woken) woken.Ready(happened.TimeNanoseconds);
                break;
            case KernelEventKind.Interrupt:
                if (CoreOf(happened.Cpu) is { } interrupted) interrupted.Interrupt(Math.Max(0, happened.Value));
                break;
            case KernelEventKind.ThreadStart:
                Find(happened.Thread, happened.Process);
                break;
            case KernelEventKind.ThreadEnd:
                if (_threads.TryGetValue(happened.Thread, out TrackedThread? ended)) ended.HasEnded = true;
                break;
            case KernelEventKind.Lost:
                _lost += Math.Max(1, happened.Value);
                ForgetAll(happened.TimeNanoseconds);
                break;
            default:
                if (happened.Process == _target) _transfers.Add(happened);
                break;
        }
    }

    public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack)
    {
        _events++;
        _lastEvent = Math.Max(_lastEvent, sample.TimeNanoseconds);
        TrackedCore? core = CoreOf(sample.Cpu);
        core?.Sample(sample, SeesAll);
        if (sample.Process != _target) return;
        core?.SampleTarget(kernelStack, userStack);
        if (Find(sample.Thread, sample.Process) is { } thread) thread.Samples++;
        _stacks.Add(kernelStack, userStack);
    }

    /// <summary>The report since the last one, and begins the next interval.</summary>
    /// <param name="endNanoseconds">All events until then have been handed over.</param>
    /// <param name="processName">Null for a process whose name is not known.</param>
    /// <param name="names">Names the addresses of stacks.</param>
    public KernelReport Take(long endNanoseconds, Func<int, string?> processName, IStackNames names)
    {
        long end = CountTo(endNanoseconds);
        KernelReport report = new KernelReportBuilder(_target, Coverage, processName).Build(
            new IntervalFigures(_start, end, _events, _lost, _threads.Values, _cores.Values, _longest, _stacks, _transfers), names);
        StartInterval(end);
        return report;
    }

    /// <summary>Begins the next interval without a report of the last one, which would name all its stacks.</summary>
    /// <param name="endNanoseconds">All events until then have been handed over.</param>
    public void Discard(long endNanoseconds) => StartInterval(CountTo(endNanoseconds));

    private long CountTo(long endNanoseconds)
    {
        long end = Math.Max(endNanoseconds, _start);
        foreach (TrackedThread thread in _threads.Values) thread.Count(end);
        foreach (TrackedCore core in _cores.Values) core.Count(end);
        return end;
    }

    private void StartInterval(long start)
    {
        _start = start;
        (_events, _lost) = (0, 0);
        foreach (int ended in _threads.Values.Where(thread => thread.HasEnded).Select(thread => thread.Thread).ToList()) _threads.Remove(ended);
        foreach (TrackedThread thread in _threads.Values) thread.StartInterval();
        foreach (TrackedCore core in _cores.Values) core.StartInterval();
        _longest.Clear();
        _stacks.Clear();
        _transfers.Clear();
    }

    private void Switch(in KernelEvent happened)
    {
        TrackedCore? core = CoreOf(happened.Cpu);
        core?.Switch(happened, SeesAll);
        int known = _threads.Count;
        if (Find(happened.OtherThread, happened.OtherProcess) is { } leaving)
        {
            // Of a thread not heard of before, only its core tells since when it has run.
            leaving.SwitchOut(happened, _threads.Count == known ? _knownSince : core?.LeftBegan);
            if (happened.Stop == ThreadStop.Ended) leaving.HasEnded = true;
        }

        if (Find(happened.Thread, happened.Process) is { } coming && coming.SwitchIn(happened, core?.Node ?? 0) is { } waited)
            Waited(coming, waited.Since, waited.Preempted, happened, core);
    }

    private void Waited(TrackedThread thread, long since, bool preempted, in KernelEvent happened, TrackedCore? core)
    {
        long now = happened.TimeNanoseconds;
        Contenders? who = null;
        if (core is not null && SeesAll)
        {
            core.WhoRan(since, now, thread.RanInstead);
            // Few of many thousands are kept, and only of those it is told one by one.
            if (_longest.Keeps(now - since)) core.WhoRan(since, now, who = new Contenders());
        }

        _longest.Offer(new LongWait(thread.Thread, since, now - since, happened.Cpu, preempted, who));
    }

    /// <summary>A thread of the target; null for every other. Where the process is not told, a known thread is the target's.</summary>
    private TrackedThread? Find(int thread, int process)
    {
        if (thread <= 0 || (process != _target && process != KernelEvent.Unknown)) return null;
        if (_threads.TryGetValue(thread, out TrackedThread? known)) return known;
        if (process != _target || _threads.Count >= MaxThreads) return null;
        TrackedThread added = new(thread);
        _threads.Add(thread, added);
        return added;
    }

    private TrackedCore? CoreOf(int cpu)
    {
        if (cpu is < 0 or >= MaxCores) return null;
        if (cpu < _coreAt.Length && _coreAt[cpu] is { } known) return known;
        TrackedCore added = new(cpu, _nodeOf.GetValueOrDefault(cpu));
        added.BeginAt(Math.Max(_start, _knownSince));
        _cores.Add(cpu, added);
        if (cpu >= _coreAt.Length) Array.Resize(ref _coreAt, cpu + 1);
        _coreAt[cpu] = added;
        return added;
    }

    private void ForgetAll(long now)
    {
        _knownSince = now;
        foreach (TrackedThread thread in _threads.Values) thread.Forget(now);
        foreach (TrackedCore core in _cores.Values) core.Forget(now);
    }
}
