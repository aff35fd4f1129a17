using GoTop.Engine.GoRuntime.Symbols;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Addresses of the runtime's global variables, for the file's preferred base; null where not found. Those in
/// <see cref="SchedLock"/> and <see cref="AssistQueueLock"/> lie inside sched and work, at offsets that depend on the version.
/// </summary>
internal sealed record RuntimeGlobals
{
    public ulong? AllGoroutinesLength { get; init; }

    public ulong? AllGoroutinesPointer { get; init; }

    public ulong? WaitReasonStrings { get; init; }

    public ulong? SchedLock { get; init; }

    public ulong? GcController { get; init; }

    public ulong? GcPhase { get; init; }

    public ulong? MemStats { get; init; }

    public ulong? AssistQueueLock { get; init; }

    /// <summary>runtime.semtable.</summary>
    public ulong? SemaphoreTable { get; init; }

    /// <summary>runtime.allm.</summary>
    public ulong? AllThreads { get; init; }

    /// <summary>The slice header of runtime.allp.</summary>
    public ulong? AllProcs { get; init; }
}

/// <summary>Finds global variables without symbols, from the code of functions that use them: one per processor architecture.</summary>
internal interface IGlobalFinder
{
    RuntimeGlobals Find(SymbolTable symbols);
}
