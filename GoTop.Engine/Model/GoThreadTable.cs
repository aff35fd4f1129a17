using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>The Go runtime's threads (Ms) at one moment: which OS thread each is, and what it runs. Read from memory.</summary>
public sealed record GoThreadTable
{
    /// <summary>Newest first, as the runtime lists them.</summary>
    public required ImmutableArray<GoThread> Threads { get; init; }

    /// <summary>Records that changed while they were read, and were left out.</summary>
    public required int Torn { get; init; }
}

/// <summary>An M.</summary>
/// <param name="Id">The runtime's own number, as in dumps: <c>m=3</c>.</param>
/// <param name="OwnThreadId">The OS thread's number as the target knows it; see <see cref="ThreadCounters.OwnId"/>.</param>
/// <param name="Goroutine">The goroutine it runs; null when it runs none: it looks for work, sleeps, or does the runtime's own.</param>
/// <param name="Proc">The P that it holds; null when it holds none: it is idle or in a system call that took long.</param>
/// <param name="LockedGoroutine">The goroutine that has locked itself to this thread; null when none has.</param>
/// <param name="Spinning">It has no work and looks for some.</param>
/// <param name="Blocked">It sleeps until the runtime wakes it.</param>
public readonly record struct GoThread(long Id, int OwnThreadId, long? Goroutine, int? Proc, long? LockedGoroutine, bool Spinning, bool Blocked);
