using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>
/// What all lines of a target's logs were, also of those that came too fast to be kept. Counters run from the moment at which
/// GoTop began to follow; what stood in the logs before counts for patterns and crashes alone.
/// </summary>
public sealed record LogCounters
{
    public const int LevelCount = (int)LineLevel.Fatal + 1;

    /// <summary>Monotonic; the sampler fills it in.</summary>
    public long ReadAtNanoseconds { get; init; }

    /// <summary>When following began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The wall time of this reading, on the clock of the patterns' times.</summary>
    public required DateTimeOffset At { get; init; }

    public required long Lines { get; init; }

    /// <summary>By <see cref="LineLevel"/>.</summary>
    public required ImmutableArray<long> ByLevel { get; init; }

    /// <summary>Most frequent first; at most <see cref="Analysis.Logs.PatternTable.MostTold"/>.</summary>
    public ImmutableArray<LogPattern> Patterns { get; init; } = [];

    /// <summary>Lines whose pattern is not among those that are kept.</summary>
    public long LinesOfOtherPatterns { get; init; }

    /// <summary>Grouped, the newest first; at most <see cref="Analysis.Logs.CrashTable.MostGroups"/>.</summary>
    public ImmutableArray<LogCrash> Crashes { get; init; } = [];

    /// <summary>Panics and fatal errors since following began, recovered ones included.</summary>
    public long CrashTotal { get; init; }

    /// <summary>The newest line of <c>GODEBUG=gctrace=1</c>; null when there was none.</summary>
    public GcTraceLine? GcTrace { get; init; }

    /// <summary>The newest line of <c>GODEBUG=schedtrace=N</c>; null when there was none.</summary>
    public SchedTraceLine? SchedTrace { get; init; }

    /// <summary>How many lines match each filter that is watched; by the filters' texts.</summary>
    public ImmutableArray<LogMatches> Matches { get; init; } = [];

    public long this[LineLevel level] => (int)level < ByLevel.Length ? ByLevel[(int)level] : 0;
}

/// <param name="Filter">Its text.</param>
/// <param name="Lines">Since following began.</param>
public readonly record struct LogMatches(string Filter, long Lines);

/// <summary>Lines that say the same but for numbers, quoted texts and values.</summary>
/// <param name="Template">The message with <c>*</c> for what differs.</param>
/// <param name="Lines">How many there were.</param>
/// <param name="FirstAt">When the first arrived; of what stood in the log before: when following began.</param>
public sealed record LogPattern(string Template, LineLevel Level, long Lines, DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    /// <summary>It came only after the program's usual patterns had been learnt.</summary>
    public bool IsNew { get; init; }
}

public enum LogCrashKind : byte
{
    /// <summary>A panic that ended the program.</summary>
    Panic,

    /// <summary>The runtime gave up: deadlock, concurrent map writes, out of memory …</summary>
    FatalError,

    /// <summary>A signal that ended the program.</summary>
    Signal,

    /// <summary>A panic that was recovered and logged with its stack, as net/http does.</summary>
    Recovered,
}

/// <summary>Panics or fatal errors of one kind, reason and place.</summary>
/// <param name="Reason">Of the newest: Go's first line, without <c>panic: </c>.</param>
/// <param name="Goroutine">At fault, of the newest; null where none is (deadlock) or none was printed.</param>
/// <param name="Place">The innermost frame of the service's own code; null without a stack.</param>
/// <param name="Count">How many there were, also before following began.</param>
/// <param name="CountSince">How many since then.</param>
/// <param name="Text">The newest one's first lines.</param>
public sealed record LogCrash(
    LogCrashKind Kind, string Reason, long? Goroutine, CodeLocation? Place, long Count, long CountSince, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    string Origin, ImmutableArray<string> Text);

/// <summary>A line of <c>gctrace=1</c>, as runtime/mgc.go prints it.</summary>
/// <param name="CpuPercent">Share of CPU time for GC since the program's start.</param>
/// <param name="PauseNanoseconds">Both stops of the world together.</param>
/// <param name="LiveBytes">Marked; the heap after the cycle. Printed in MB.</param>
/// <param name="GoalBytes">Of this cycle.</param>
public sealed record GcTraceLine(long Cycle, double CpuPercent, long PauseNanoseconds, long LiveBytes, long GoalBytes, int Procs, bool Forced, DateTimeOffset At);

/// <summary>A line of <c>schedtrace</c>, as runtime/proc.go prints it.</summary>
/// <param name="RunQueue">The global run queue and those of all Ps.</param>
public sealed record SchedTraceLine(int Gomaxprocs, int IdleProcs, int Threads, int SpinningThreads, int IdleThreads, long RunQueue, DateTimeOffset At);
