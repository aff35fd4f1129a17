using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>Go's goroutine states as a stack dump names them.</summary>
public enum GoroutineState : byte
{
    Idle = 0,
    Runnable = 1,
    Running = 2,
    Syscall = 3,
    Waiting = 4,
    Dead = 6,
    CopyStack = 8,
    Preempted = 9,
    Leaked = 10,
}

/// <summary>
/// All goroutines of a process at one moment. Rows hold indices into the shared lists, so 100,000 of them stay small.
/// </summary>
public sealed record GoroutineTable
{
    public required ImmutableArray<GoroutineRow> Rows { get; init; }

    /// <summary>Functions and call sites that rows and stacks refer to.</summary>
    public required ImmutableArray<CodeLocation> Locations { get; init; }

    /// <summary>Wait reasons in the target's own words, e.g. <c>chan receive</c>; index 0 is the empty text.</summary>
    public required ImmutableArray<string> WaitReasons { get; init; }

    /// <summary>Distinct stacks as indices into <see cref="Locations"/>, innermost frame first.</summary>
    public required ImmutableArray<ImmutableArray<int>> Stacks { get; init; }

    /// <summary>The target runtime's monotonic clock when this was read, in nanoseconds; what wait times count from.</summary>
    public required long NowNanoseconds { get; init; }

    /// <summary>
    /// Records that changed while being read and were left out, rather than shown wrong; and rows left without the
    /// stack that was asked for, because their goroutines moved.
    /// </summary>
    public required int Torn { get; init; }

    /// <summary>Goroutines of the runtime itself (GC workers, finalizer …), which are not among the rows.</summary>
    public required int SystemGoroutines { get; init; }

    /// <summary>Goroutines beyond the reader's cap, which are not among the rows.</summary>
    public int BeyondCap { get; init; }

    /// <summary>
    /// Distinct sets of profiler labels that rows refer to, keys in alphabetical order; the first is the empty set. All of
    /// them or none.
    /// </summary>
    public Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>> LabelSets { get; init; }

    /// <summary>Read only while someone looks at it.</summary>
    public Reading<GoroutineWaits> Waits { get; init; }
}

/// <param name="Id">Go's goid.</param>
/// <param name="WaitReason">Index into <see cref="GoroutineTable.WaitReasons"/>; 0 when not waiting.</param>
/// <param name="WaitSinceNanoseconds">
/// On the target's monotonic clock; 0 when the runtime has not set it: only a GC cycle does, so the wait is at least this long.
/// </param>
/// <param name="CreatedBy">Index of the <c>go</c> statement's location; −1 when unknown (the main goroutine).</param>
/// <param name="StartFunction">Index of the location of the function it was started with; −1 when unknown.</param>
/// <param name="ParentId">The creating goroutine's id (1.21+); 0 when unknown.</param>
/// <param name="Stack">Index into <see cref="GoroutineTable.Stacks"/>; −1 when its stack was not asked for or cannot be walked.</param>
/// <param name="LockedToThread">It called runtime.LockOSThread.</param>
public readonly record struct GoroutineRow(
    long Id, GoroutineState State, int WaitReason, long WaitSinceNanoseconds,
    int CreatedBy, int StartFunction, long ParentId, int Stack, bool LockedToThread)
{
    /// <summary>Index into <see cref="GoroutineTable.LabelSets"/>; 0 for none, −1 when they could not be read.</summary>
    public int Labels { get; init; }
}

/// <summary>A place in the target's source. File and line are empty and 0 when its tables do not tell.</summary>
public readonly record struct CodeLocation(string Function, string File, int Line);
