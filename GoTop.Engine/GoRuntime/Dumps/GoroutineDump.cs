using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// The goroutines of a text that the Go runtime printed: <c>goroutine?debug=2</c>, a crash's standard error, or
/// <c>goroutine?debug=1</c>. Rows hold indices into the shared lists, so 100,000 of them stay small.
/// </summary>
public sealed record GoroutineDump
{
    public required DumpFormat Format { get; init; }

    /// <summary>In the order of the text. A row of <see cref="DumpFormat.Counts"/> stands for several goroutines.</summary>
    public required ImmutableArray<DumpedGoroutine> Rows { get; init; }

    /// <summary>What stood between the brackets of the headers, minutes apart.</summary>
    public required ImmutableArray<GoroutineStatus> Statuses { get; init; }

    public required ImmutableArray<DumpedFrames> Stacks { get; init; }

    /// <summary>Functions and call sites that rows and stacks refer to.</summary>
    public required ImmutableArray<CodeLocation> Locations { get; init; }

    /// <summary>Distinct sets of profiler labels, in the order they are printed: from Go 1.27 on, in debug=1 from any version.</summary>
    public required ImmutableArray<ImmutableArray<GoroutineLabel>> LabelSets { get; init; }

    /// <summary>What ended the program, in the order of the text; a log of several runs has several.</summary>
    public required ImmutableArray<CrashReport> Crashes { get; init; }

    /// <summary>
    /// Stacks of the runtime's own (<c>runtime stack:</c>, <c>goroutine 0</c>), which belong to threads and are no goroutines.
    /// </summary>
    public required ImmutableArray<ThreadFrames> ThreadStacks { get; init; }

    /// <summary>Why the text ends too early, with the place; null when it seems whole.</summary>
    public required string? Truncation { get; init; }

    /// <summary>Goroutines beyond <see cref="DumpLimits.Rows"/>, which are not among the rows.</summary>
    public required long BeyondCap { get; init; }

    /// <summary>What of the text could not be taken in, in words with counts: lines too long, labels that are none, too many distinct stacks.</summary>
    public required ImmutableArray<string> Problems { get; init; }

    /// <summary>Length of the text in bytes.</summary>
    public required long TextBytes { get; init; }

    /// <summary>The version, where a path of the standard library tells it (<c>golang.org/toolchain@v0.0.1-go1.25.1…</c>); else null.</summary>
    public required string? GoVersion { get; init; }

    /// <summary>All goroutines: those of the rows and those beyond the cap.</summary>
    public required long Goroutines { get; init; }
}

public enum DumpFormat : byte
{
    /// <summary>A header and a stack for each goroutine: debug=2, or standard error.</summary>
    Stacks,

    /// <summary>Stacks with the number of goroutines that have them: debug=1. It tells neither ids nor states, but that all of goroutineleak are leaked.</summary>
    Counts,
}

/// <param name="Id">Go's goid; 0 in debug=1.</param>
/// <param name="Count">1; in debug=1 how many goroutines the row stands for.</param>
/// <param name="Status">Index into <see cref="GoroutineDump.Statuses"/>; −1 when the text does not tell (goroutine?debug=1, or a header cut off).</param>
/// <param name="WaitMinutes">Whole minutes waiting; 0 for less than one, and where the runtime has not noted the time.</param>
/// <param name="Labels">Index into <see cref="GoroutineDump.LabelSets"/>; −1 without labels.</param>
/// <param name="Stack">Index into <see cref="GoroutineDump.Stacks"/>; −1 when there is none (see <see cref="Marks"/>).</param>
/// <param name="CreatedBy">Index of the <c>go</c> statement's location; −1 when not told.</param>
/// <param name="ParentId">The creating goroutine's id (1.21+); 0 when not told.</param>
public readonly record struct DumpedGoroutine(
    long Id, int Count, int Status, int WaitMinutes, int Labels, int Stack, int CreatedBy, long ParentId, DumpedGoroutineMarks Marks);

[Flags]
public enum DumpedGoroutineMarks : byte
{
    None = 0,

    /// <summary>It was running on another thread, so the runtime could not print its stack.</summary>
    StackUnavailable = 1,

    /// <summary>The text ends inside it: its outer frames and its creator are missing.</summary>
    Incomplete = 2,
}

/// <param name="WaitReason">Go's words, e.g. <c>chan receive</c>; empty when not waiting.</param>
/// <param name="Leaked">Found by the leak detector: nothing can ever wake it (1.26+).</param>
/// <param name="SynctestBubble">The testing/synctest bubble it belongs to; 0 for none.</param>
public readonly record struct GoroutineStatus(GoroutineState State, string WaitReason, bool LockedToThread, bool Leaked, long SynctestBubble);

/// <param name="Frames">Indices into <see cref="GoroutineDump.Locations"/>, innermost first.</param>
/// <param name="ElidedAfter">Frames were left out after this many; −1 when none were.</param>
/// <param name="ElidedFrames">How many; null where the text does not say (up to Go 1.20).</param>
public sealed record DumpedFrames(ImmutableArray<int> Frames, int ElidedAfter, int? ElidedFrames);

/// <param name="Title">Its header, e.g. <c>runtime stack:</c>.</param>
/// <param name="Stack">Index into <see cref="GoroutineDump.Stacks"/>; −1 when empty.</param>
public readonly record struct ThreadFrames(string Title, int Stack);
