using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// Gathers a <see cref="TraceReport"/> from a trace's events as they are read. Holds what is alive at a time and totals, never
/// the events. What counts is what is complete: a wait that began before the trace, or does not end in it, is in no total.
/// </summary>
public sealed partial class TraceAnalysis : ITraceSink
{
    private const int WaitsKept = 10, StopsKept = 64, FunctionsShown = 50;

    /// <summary>No time: a trace of format 1 begins at −1.</summary>
    private const long NotBegun = long.MinValue;

    private readonly TraceReader _reader;
    private readonly TraceNames _names;
    private readonly StackSites _sites;
    private readonly BlockingTotals _blocking;
    private readonly TimelineBuilder _timeline = new();
    private readonly IdMap<TrackedGoroutine> _goroutines = new();
    private readonly Stack<TrackedGoroutine> _freeGoroutines = [];
    private readonly IdMap<TrackedProc> _procs = new();

    /// <summary>Those with small numbers once more: nearly always all.</summary>
    private readonly TrackedProc?[] _nearProcs = new TrackedProc?[256];

    private static readonly long LongestNanoseconds = TraceLimits.Longest.Ticks * TimeSpan.NanosecondsPerTick;

    private readonly SeenIds _seen = new();
    private readonly NamedDigests _stops = new();
    private readonly NamedDigests _ranges = new();
    private readonly DurationDigest _latency = new();
    private readonly DurationDigest _running = new();
    private readonly DurationDigest _syscalls = new();
    private readonly IdMap<Totals> _syscallSites = new();
    private readonly Longest<Wait> _longestWaits = new(WaitsKept);
    private readonly Longest<(int Name, long At, long Duration, long Goroutine)> _longestStops = new(StopsKept);
    private readonly IdMap<long> _samplesByFunction = new();
    private TrackedGoroutine? _lastGoroutine;
    private int _generations;
    private long _events;
    private long _first = NotBegun;
    private long _last;
    private long _samples;
    private long _gomaxprocs = -1;
    private long _firstGoal, _lastGoal, _firstLive, _lastLive, _maxLive;
    private long? _markSince;
    private TraceClockSnapshot? _clock;

    /// <param name="reader">Whose events are coming.</param>
    public TraceAnalysis(TraceReader reader)
    {
        _reader = reader;
        _names = reader.Names;
        _sites = new StackSites(_names);
        _blocking = new BlockingTotals(_names, _sites);
    }

    public void OnGeneration(TraceGeneration generation)
    {
        _generations++;
        _clock ??= generation.Clock;
        _sites.Begin(generation);
    }

    /// <exception cref="TraceFormatException">A time cannot be.</exception>
    public void OnEvents(ReadOnlySpan<TraceEvent> events)
    {
        if (events.IsEmpty) return;
        // Events come in the order of their times.
        long length = events[^1].TimeNanoseconds - (_first == NotBegun ? events[0].TimeNanoseconds : _first);
        if (Math.Abs((double)length) > LongestNanoseconds) throw new TraceFormatException(string.Create(CultureInfo.InvariantCulture, $"an event lies {length / 86_400e9:#,0.#} days after the first"));
        _events += events.Length;
        foreach (ref readonly TraceEvent each in events)
        {
            switch (each.Kind)
            {
                case TraceEventKind.StateTransition:
                    if (each.Resource == TraceResource.Goroutine) OnGoroutine(in each);
                    else if (each.Resource == TraceResource.Proc) OnProc(in each);
                    break;
                case TraceEventKind.RegionBegin:
                    OnRegionBegin(in each);
                    break;
                case TraceEventKind.RegionEnd:
                    OnRegionEnd(in each);
                    break;
                case TraceEventKind.TaskBegin:
                    OnTaskBegin(in each);
                    break;
                case TraceEventKind.TaskEnd:
                    OnTaskEnd(in each);
                    break;
                case TraceEventKind.RangeBegin or TraceEventKind.RangeActive:
                    OnRangeBegin(in each);
                    break;
                case TraceEventKind.RangeEnd:
                    OnRangeEnd(in each);
                    break;
                case TraceEventKind.Metric:
                    OnMetric(in each);
                    break;
                case TraceEventKind.Label:
                    OnLabel(in each);
                    break;
                case TraceEventKind.StackSample:
                    _samples++;
                    _samplesByFunction.Add(_sites.Innermost(each.Stack), out _)++;
                    break;
                case TraceEventKind.Sync when _first == NotBegun:
                    _first = each.TimeNanoseconds;
                    _timeline.Begin(_first);
                    break;
            }
        }

        _last = events[^1].TimeNanoseconds;
    }

    /// <summary>What was found up to here.</summary>
    /// <param name="endedEarly">Where and why reading stopped before the end, if it did.</param>
    public TraceReport Report(string? endedEarly = null)
    {
        TraceReport report = new()
        {
            GoVersion = string.Create(CultureInfo.InvariantCulture, $"go1.{_reader.Version}"),
            StartNanoseconds = _first == NotBegun ? 0 : _first,
            DurationNanoseconds = _first == NotBegun ? 0 : _last - _first,
            StartedAt = StartedAt(),
            Bytes = _reader.BytesRead,
            Generations = _generations,
            Events = _events,
            Goroutines = _seen.Count,
            EndedEarly = endedEarly,
            SchedulingLatency = _latency.Summary,
            SchedulingLatencyHistogram = _latency.Histogram(),
            WorstSchedulingWaits = [.. _longestWaits.Descending().Select(Describe)],
            Running = _running.Summary,
            Syscalls = _syscalls.Summary,
            SyscallSites =
            [
                .. _syscallSites.Entries().OrderByDescending(entry => entry.Value.Total).Take(FunctionsShown)
                    .Select(entry => new SiteDurations(_sites.Frames((int)entry.Key), entry.Value.Count, entry.Value.Total, entry.Value.Max)
                    {
                        Callers = _sites.Callers((int)entry.Key),
                    }),
            ],
            Blocked = _blocking.Reasons(),
            BlockedSites = _blocking.Sites(),
            Wakers = _blocking.Wakers(),
            StopTheWorld = _stops.Summaries(_names),
            LongestStops = [.. _longestStops.Descending().OrderBy(stop => stop.At).Select(stop => new WorldStop(_names[stop.Name], stop.At - _first, stop.Duration, stop.Goroutine))],
            Ranges = _ranges.Summaries(_names),
            Regions = _regions.Summaries(_names),
            Tasks = Tasks(),
            Procs = [.. _procs.Entries().OrderBy(entry => entry.Key).Select(entry => entry.Value.Total(_last))],
            Timeline = _timeline.Build(_last),
            Heap = new HeapRange(Known(_firstGoal), Known(_lastGoal), Known(_firstLive), Known(_lastLive), Known(_maxLive)),
            Gomaxprocs = _gomaxprocs < 0 ? null : _gomaxprocs,
            CpuSamples = _samples,
            CpuFunctions =
            [
                .. _samplesByFunction.Entries().OrderByDescending(entry => entry.Value).Take(FunctionsShown)
                    .Select(entry => new FunctionSamples(_names[(int)entry.Key], entry.Value)),
            ],
            Verdict = "",
        };
        return report with { Verdict = TraceVerdict.Of(report) };
    }

    private static long? Known(long value) => value == 0 ? null : value;

    private DateTimeOffset? StartedAt()
    {
        if (_clock is not { } clock) return null;
        long ticks = (clock.WallNanoseconds + _first - clock.TraceNanoseconds) / 100;
        return ticks > 0 && ticks < (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks ? DateTimeOffset.UnixEpoch.AddTicks(ticks) : null;
    }

    private void OnMetric(in TraceEvent metric)
    {
        switch (metric.Name)
        {
            case TraceNames.Gomaxprocs:
                _gomaxprocs = metric.Value;
                break;
            case TraceNames.HeapLiveBytes:
                if (_firstLive == 0) _firstLive = metric.Value;
                _lastLive = metric.Value;
                _maxLive = Math.Max(_maxLive, metric.Value);
                break;
            case TraceNames.HeapGoalBytes:
                if (_firstGoal == 0) _firstGoal = metric.Value;
                _lastGoal = metric.Value;
                break;
        }
    }

    private void OnProc(in TraceEvent transition)
    {
        if (transition.From == transition.To) return;
        TrackedProc proc = Proc((int)transition.Id, transition.TimeNanoseconds);
        if (transition.To == TraceState.Running) proc.Start(transition.TimeNanoseconds);
        else if (transition.From == TraceState.Running) proc.Stop(transition.TimeNanoseconds);
    }

    /// <summary>The P's state, made when it is met for the first time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TrackedProc Proc(int id, long time)
    {
        TrackedProc?[] near = _nearProcs;
        return (uint)id < (uint)near.Length && near[id] is { } known ? known : FindProc(id, time);
    }

    private TrackedProc FindProc(int id, long time)
    {
        ref TrackedProc? proc = ref _procs.Add(id, out _)!;
        proc ??= new TrackedProc(id, _timeline, time);
        if ((uint)id < (uint)_nearProcs.Length) _nearProcs[id] = proc;
        return proc;
    }

    /// <summary>The goroutine's state, made when it is met for the first time.</summary>
    private TrackedGoroutine Goroutine(long id)
    {
        if (_lastGoroutine is { } last && last.Id == id) return last;
        ref TrackedGoroutine found = ref _goroutines.Find(id);
        return _lastGoroutine = Unsafe.IsNullRef(ref found) ? NewGoroutine(id) : found;
    }

    private TrackedGoroutine NewGoroutine(long id)
    {
        _seen.Add(id);
        if (!_freeGoroutines.TryPop(out TrackedGoroutine? goroutine)) goroutine = new TrackedGoroutine();
        goroutine.Reset(id);
        return _goroutines.Add(id, out _) = goroutine;
    }

    private void Forget(TrackedGoroutine goroutine)
    {
        _goroutines.Remove(goroutine.Id);
        _lastGoroutine = null;
        _freeGoroutines.Push(goroutine);
    }

    private SchedulingWait Describe(Wait wait) => new(
        wait.Goroutine, wait.Since - _first, wait.Duration, _names[wait.StartFunction],
        wait.Cause switch
        {
            RunnableCause.Created => "created",
            RunnableCause.EndOfSyscall => "syscall",
            _ => _names[wait.Reason],
        },
        _sites.Frames(wait.Site), wait.MadeRunnableBy == TraceEvent.None ? null : wait.MadeRunnableBy, _sites.Frames(wait.WakerSite))
    {
        Stack = wait.Stack,
        WakerStack = wait.WakerStack,
    };

    private readonly record struct Wait(
        long Goroutine, long Since, long Duration, int StartFunction, RunnableCause Cause, int Reason, int Site, long MadeRunnableBy, int WakerSite,
        ImmutableArray<CodeLocation> Stack, ImmutableArray<CodeLocation> WakerStack);
}
