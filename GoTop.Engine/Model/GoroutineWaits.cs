using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>Who waits on what, at the moment of a <see cref="GoroutineTable"/>.</summary>
public sealed record GoroutineWaits
{
    /// <summary>What is waited on, each once.</summary>
    public required ImmutableArray<WaitObject> Objects { get; init; }

    /// <summary>Element types of the channels among them, in Go's notation; index 0 is the empty text.</summary>
    public required ImmutableArray<string> ElementTypes { get; init; }

    /// <summary>In the order of the table's rows; a goroutine in a select has one for each channel.</summary>
    public required ImmutableArray<GoroutineWait> Waits { get; init; }

    /// <summary>Goroutines that wait on something of these kinds, but on what could not be told: most of them moved meanwhile.</summary>
    public required int Unread { get; init; }

    /// <summary>What is missing as a whole, and why; each a sentence for the screen.</summary>
    public required ImmutableArray<string> Missing { get; init; }
}

/// <param name="Row">Index into <see cref="GoroutineTable.Rows"/>.</param>
/// <param name="WaitsOn">Index into <see cref="GoroutineWaits.Objects"/>.</param>
public readonly record struct GoroutineWait(int Row, int WaitsOn);

public enum WaitObjectKind : byte
{
    Channel,

    /// <summary>A sync.Mutex; also the one inside a RWMutex, when only writers wait for one another.</summary>
    Mutex,
    RWMutex,
    WaitGroup,
    Cond,

    /// <summary>The runtime's semaphore of something else: a file descriptor's lock, say.</summary>
    Semaphore,
}

/// <summary>Something that goroutines wait on.</summary>
/// <param name="Address">Of the hchan, or of the variable of this type of package sync.</param>
public readonly record struct WaitObject(ulong Address, WaitObjectKind Kind)
{
    /// <summary>
    /// Of a channel: values in its buffer. Of a WaitGroup: calls of Done that are missing. Of a RWMutex: readers that hold
    /// it. −1 when it could not be read; 0 of other kinds.
    /// </summary>
    public int Count { get; init; }

    /// <summary>Of a channel: how many values its buffer takes.</summary>
    public int Capacity { get; init; }

    /// <summary>Of a channel: it is closed. Of a Mutex or RWMutex: somebody has it locked (for writing); Go does not note who.</summary>
    public bool IsClosedOrLocked { get; init; }

    /// <summary>Of a channel: goroutines wait to send to it, selects included.</summary>
    public bool SendersWait { get; init; }

    /// <summary>Of a channel: goroutines wait to receive from it, selects included.</summary>
    public bool ReceiversWait { get; init; }

    /// <summary>Of a channel: index into <see cref="GoroutineWaits.ElementTypes"/>; 0 when unknown.</summary>
    public int ElementType { get; init; }
}
