namespace GoTop.Engine.Config;

/// <summary>The <c>[profiles]</c> table: how profiles and traces are kept fresh while a pane shows them.</summary>
public sealed record ProfileSettings
{
    public const int LongestSeconds = 60;

    /// <summary>Length of a CPU profile.</summary>
    public int CpuSeconds { get; init; } = 2;

    /// <summary>From the start of one to the start of the next; the rest is a pause.</summary>
    public TimeSpan CpuEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Heap, allocs, mutex, block and threadcreate.</summary>
    public TimeSpan HeapEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The goroutine profile, up to 20,000 goroutines.</summary>
    public TimeSpan GoroutineEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Length of a trace.</summary>
    public int TraceSeconds { get; init; } = 1;

    /// <summary>From the end of one trace to the start of the next; zero takes none by itself.</summary>
    public TimeSpan TraceEvery { get; init; }
}
