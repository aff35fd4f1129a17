using System.Collections.Immutable;

namespace GoTop.Engine.Export;

/// <summary>
/// The analysis of a goroutine dump, as <c>gotop analyze --json</c> prints it. The names are a contract with other tools:
/// see docs/json.md.
/// </summary>
public sealed record GoroutineDumpDocument
{
    public string Kind { get; init; } = "goroutineDump";

    /// <summary>Null where the text does not tell it, as mostly.</summary>
    public required string? GoVersion { get; init; }

    /// <summary><c>stacks</c> (debug=2, standard error) or <c>counts</c> (debug=1, which has neither ids nor states).</summary>
    public required string Format { get; init; }

    public required long Goroutines { get; init; }

    /// <summary>Largest first.</summary>
    public required ImmutableArray<DumpGroupPart> Groups { get; init; }

    /// <summary>Groups beyond those listed, the smallest ones.</summary>
    public required int GroupsNotListed { get; init; }

    public required ImmutableArray<DumpStatePart> States { get; init; }

    /// <summary>How many goroutines have a tag, most first; one may have several.</summary>
    public required ImmutableArray<DumpTagPart> Tags { get; init; }

    public required ImmutableArray<WaitAgePart> WaitAges { get; init; }

    /// <summary>Goroutines of which the text tells no time of waiting: less than a minute, or not noted by the runtime.</summary>
    public required long WaitAgeUnknown { get; init; }

    /// <summary>What ended the program; of a log of several runs the last one. Null for a dump of a living one.</summary>
    public required CrashPart? Crash { get; init; }

    /// <summary>The crashes before that one in the same text, oldest first.</summary>
    public required ImmutableArray<CrashPart> EarlierCrashes { get; init; }

    /// <summary>Why the text ends too early; null when it seems whole.</summary>
    public required string? Truncated { get; init; }

    /// <summary>What could not be taken in, in words.</summary>
    public required ImmutableArray<string> Problems { get; init; }
}

public sealed record DumpGroupPart
{
    public required long Count { get; init; }

    /// <summary>As in a snapshot: <c>waiting</c>, <c>running</c> …; null where the text does not tell.</summary>
    public required string? State { get; init; }

    /// <summary>Go's words; null when it does not wait or the text does not tell.</summary>
    public required string? WaitReason { get; init; }

    public required FramePart? CreatedBy { get; init; }

    /// <summary>Innermost first.</summary>
    public required ImmutableArray<FramePart> Stack { get; init; }

    /// <summary>Null where the text tells no time.</summary>
    public required int? OldestMinutes { get; init; }

    /// <summary>After how many frames of the stack some were left out; null when none were.</summary>
    public required int? ElidedAfter { get; init; }

    /// <summary>How many were left out; null when none were, or not told (up to Go 1.20).</summary>
    public required int? ElidedFrames { get; init; }

    /// <summary>Why the stack is empty or a part; null when it is whole.</summary>
    public required string? StackIncomplete { get; init; }

    public required long LockedToThread { get; init; }

    public required ImmutableArray<string> Tags { get; init; }

    public required ImmutableArray<LabelCountPart> Labels { get; init; }
}

public sealed record DumpStatePart(string? State, string? WaitReason, long Count);

public sealed record DumpTagPart(string Tag, long Count);

/// <param name="ToSeconds">Null for the last.</param>
public sealed record WaitAgePart(long FromSeconds, long? ToSeconds, long Count);

public sealed record LabelCountPart(string Key, string Value, long Count);

/// <param name="Kind"><c>panic</c>, <c>fatalError</c> or <c>signal</c>.</param>
/// <param name="Reason">Go's first line.</param>
/// <param name="Messages">All of its lines.</param>
/// <param name="Line">Where in the text, from 1.</param>
public sealed record CrashPart(
    string Kind, string Reason, ImmutableArray<string> Messages, string? Signal, ImmutableArray<string> Details, long? FaultingGoroutine,
    ImmutableArray<FramePart> FaultingStack, long Line);
