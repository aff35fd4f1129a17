using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Sums what a log's scheduler events say of every process of the machine, and of its processors.</summary>
internal sealed class SchedulerTotals
{
    private const int MaxThreads = 200_000;
    private const int MaxProcesses = 20_000;
    private const int MaxCores = 8192;

    /// <summary>Nothing waits or runs for a day; such a time is damaged.</summary>
    private const long LongestNanoseconds = 86_400_000_000_000;

    private readonly Dictionary<int, ThreadState> _threads = [];
    private readonly Dictionary<int, ProcessTotals> _processes = [];
    private readonly SortedDictionary<int, CoreState> _cores = [];
    private readonly DurationDigest _delays = new();
    private long _switches, _preemptions, _migrations, _interruptNanoseconds;
    private bool _isReadyTold;

    public void Add(in KernelEvent happened)
    {
        switch (happened.Kind)
        {
            case KernelEventKind.Switch:
                Switch(happened);
                break;
            case KernelEventKind.Ready:
                _isReadyTold = true;
                if (Thread(happened.Thread) is { IsRunning: false, ReadySince: null } woken) woken.ReadySince = happened.TimeNanoseconds;
                break;
            case KernelEventKind.Interrupt:
                _interruptNanoseconds = SafeSum.Add(_interruptNanoseconds, happened.Value);
                break;
            case KernelEventKind.ThreadEnd:
                _threads.Remove(happened.Thread);
                break;
            case KernelEventKind.Lost:
                // What spans the gap is not known.
                _threads.Clear();
                foreach (CoreState core in _cores.Values) core.Since = null;
                break;
        }
    }

    /// <summary>Null where there were no context switches.</summary>
    public SchedulerFigures? Figures() => _switches == 0 ? null : new SchedulerFigures(
        _switches, _preemptions, _migrations, _isReadyTold ? _delays.Summary : null, _interruptNanoseconds,
        [.. _cores.Select(core => new CoreTimes(core.Key, core.Value.Busy, core.Value.Idle))]);

    /// <summary>The process with what is told of it; as it was where there were no context switches.</summary>
    public LoggedProcess Describe(LoggedProcess process)
    {
        if (_switches == 0) return process;
        ProcessTotals totals = _processes.GetValueOrDefault(process.Id) ?? new ProcessTotals();
        return process with
        {
            OnCpuNanoseconds = totals.OnCpu,
            ContextSwitches = totals.Switches,
            Preemptions = totals.Preemptions,
            CoreMigrations = totals.Migrations,
            RunQueueDelay = _isReadyTold ? totals.Delays?.Summary ?? new DurationSummary(0, 0, 0, 0, 0) : null,
        };
    }

    public ImmutableArray<int> Processes => [.. _processes.Keys];

    private void Switch(in KernelEvent happened)
    {
        _switches++;
        long now = happened.TimeNanoseconds;
        CoreState? core = Core(happened.Cpu);
        long ran = core?.Since is { } since && core.Thread == happened.OtherThread ? Between(since, now) ?? 0 : 0;
        if (core is not null)
        {
            if (happened.OtherThread == 0) core.Idle = SafeSum.Add(core.Idle, ran);
            else core.Busy = SafeSum.Add(core.Busy, ran);
            core.Since = now;
            core.Thread = happened.Thread;
        }

        if (happened.OtherThread > 0) Leave(happened, ran);
        if (happened.Thread > 0) Come(happened);
    }

    private void Leave(in KernelEvent happened, long ran)
    {
        bool isPreempted = happened.Stop == ThreadStop.Preempted;
        if (isPreempted) _preemptions++;
        if (Process(happened.OtherProcess) is { } process)
        {
            process.OnCpu = SafeSum.Add(process.OnCpu, ran);
            process.Switches++;
            if (isPreempted) process.Preemptions++;
        }

        if (happened.Stop == ThreadStop.Ended)
        {
            _threads.Remove(happened.OtherThread);
        }
        else if (Thread(happened.OtherThread) is { } thread)
        {
            thread.IsRunning = false;
            thread.LastCpu = happened.Cpu;
            thread.ReadySince = isPreempted ? happened.TimeNanoseconds : null;
        }
    }

    private void Come(in KernelEvent happened)
    {
        if (Thread(happened.Thread) is not { } thread) return;
        ProcessTotals? process = Process(happened.Process);
        thread.IsRunning = true;
        // Without ready events only preempted threads are known to wait, which would be half of the truth.
        if (_isReadyTold && thread.ReadySince is { } since && Between(since, happened.TimeNanoseconds) is { } delay)
        {
            _delays.Add(delay);
            if (process is not null) (process.Delays ??= new DurationDigest()).Add(delay);
        }

        thread.ReadySince = null;
        if (thread.LastCpu is { } before && before != happened.Cpu)
        {
            _migrations++;
            if (process is not null) process.Migrations++;
        }

        thread.LastCpu = happened.Cpu;
    }

    private static long? Between(long start, long end) => SafeSum.Difference(end, start) is >= 0 and < LongestNanoseconds and var time ? time : null;

    private ThreadState? Thread(int thread)
    {
        if (_threads.TryGetValue(thread, out ThreadState? known)) return known;
        if (thread <= 0 || _threads.Count >= MaxThreads) return null;
        return _threads[thread] = new ThreadState();
    }

    private ProcessTotals? Process(int process)
    {
        if (_processes.TryGetValue(process, out ProcessTotals? known)) return known;
        if (process < 0 || _processes.Count >= MaxProcesses) return null;
        return _processes[process] = new ProcessTotals();
    }

    private CoreState? Core(int cpu)
    {
        if (_cores.TryGetValue(cpu, out CoreState? known)) return known;
        if (cpu < 0 || _cores.Count >= MaxCores) return null;
        return _cores[cpu] = new CoreState();
    }

    private sealed class ThreadState
    {
        public long? ReadySince { get; set; }

        public int? LastCpu { get; set; }

        public bool IsRunning { get; set; }
    }

    private sealed class ProcessTotals
    {
        public long OnCpu { get; set; }

        public long Switches { get; set; }

        public long Preemptions { get; set; }

        public long Migrations { get; set; }

        public DurationDigest? Delays { get; set; }
    }

    private sealed class CoreState
    {
        public long? Since { get; set; }

        public int Thread { get; set; }

        public long Busy { get; set; }

        public long Idle { get; set; }
    }
}
