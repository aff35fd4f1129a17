namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>
/// What the events of one generation refer to. A trace of format 2 is cut into generations of about a second; one of format
/// 1 is a single generation.
/// </summary>
public abstract class TraceGeneration
{
    /// <summary>As the trace numbers it, from 1.</summary>
    public abstract long Number { get; }

    /// <summary>Stacks are numbered from 1 to this.</summary>
    public abstract int StackCount { get; }

    /// <summary>The clocks at about one moment; null before Go 1.25.</summary>
    public abstract TraceClockSnapshot? Clock { get; }

    /// <summary>Batches of Go's own trace experiments, which are passed over.</summary>
    public abstract int ExperimentalBatches { get; }

    /// <summary>Writes a stack's frames, innermost first, as many as fit.</summary>
    /// <param name="stack">As events give it; 0 is the empty stack.</param>
    /// <param name="frames"><see cref="TraceLimits.MaxFrames"/> hold any stack.</param>
    /// <returns>How many the stack has, which may be more than fit.</returns>
    public abstract int ReadStack(int stack, Span<TraceFrame> frames);

    /// <summary>The message of a log event, by its <see cref="TraceEvent.Value"/>.</summary>
    public abstract string ReadText(long text);
}

/// <summary>One frame of a stack.</summary>
/// <param name="Function">Number in <see cref="TraceReader.Names"/>, e.g. of <c>main.(*service).work</c>.</param>
/// <param name="File">Number in <see cref="TraceReader.Names"/>.</param>
public readonly record struct TraceFrame(ulong ProgramCounter, int Function, int File, int Line);

/// <summary>Several clocks read together.</summary>
/// <param name="TraceNanoseconds">On the clock of the events.</param>
/// <param name="MonotonicNanoseconds">Go's <c>nanotime</c>.</param>
/// <param name="WallNanoseconds">Since 1970, UTC.</param>
public readonly record struct TraceClockSnapshot(long TraceNanoseconds, long MonotonicNanoseconds, long WallNanoseconds);
