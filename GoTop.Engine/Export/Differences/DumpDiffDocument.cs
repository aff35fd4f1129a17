using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Differences;

/// <summary>What <c>gotop diff A B --json</c> prints of two goroutine dumps: see docs/json.md.</summary>
public sealed record DumpDiffDocument
{
    private const int MostGroups = 1000;

    public string Kind { get; } = "goroutineDumpDiff";

    public required long GoroutinesBefore { get; init; }

    public required long GoroutinesAfter { get; init; }

    /// <summary>Of those before, how many the runtime had found leaked (Go 1.26 and later, when it has been asked).</summary>
    public required long LeakedBefore { get; init; }

    public required long LeakedAfter { get; init; }

    /// <summary>Those whose number changed, the most grown first.</summary>
    public required ImmutableArray<GroupChangePart> Groups { get; init; }

    /// <summary>Changed groups beyond those listed.</summary>
    public required int GroupsNotListed { get; init; }

    public static DumpDiffDocument Of(GoroutineDump before, GoroutineDump after)
    {
        ImmutableArray<DumpGroup> groupsBefore = DumpGroups.Of(before), groupsAfter = DumpGroups.Of(after);
        ImmutableArray<GroupChange<DumpGroupKey>> changes = [.. GroupChanges.Between(groupsBefore, groupsAfter).Where(change => change.Change != 0)];
        return new DumpDiffDocument
        {
            GoroutinesBefore = before.Goroutines,
            GoroutinesAfter = after.Goroutines,
            LeakedBefore = Leaked(groupsBefore),
            LeakedAfter = Leaked(groupsAfter),
            Groups = [.. changes.Take(MostGroups).Select(Part)],
            GroupsNotListed = Math.Max(0, changes.Length - MostGroups),
        };
    }

    private static long Leaked(ImmutableArray<DumpGroup> groups) => groups.Where(group => group.Key.State == GoroutineState.Leaked).Sum(group => group.Count);

    private static GroupChangePart Part(GroupChange<DumpGroupKey> change) => new(
        change.Kind switch
        {
            GroupChangeKind.New => "new",
            GroupChangeKind.Gone => "gone",
            GroupChangeKind.Growing => "growing",
            _ => "shrinking",
        },
        change.Before,
        change.After,
        change.Key.State is { } state ? JsonNames.Of(state) : null,
        change.Key.WaitReason.Length == 0 ? null : change.Key.WaitReason,
        change.Key.CreatedBy is { } creator ? new FramePart(creator.Function, creator.File, creator.Line) : null,
        [.. change.Key.Stack.Frames.Select(frame => new FramePart(frame.Function, frame.File, frame.Line))])
    {
        IsLeaked = change.Key.State == GoroutineState.Leaked,
    };
}

/// <param name="Change"><c>new</c>, <c>growing</c>, <c>shrinking</c> or <c>gone</c>.</param>
public sealed record GroupChangePart(
    string Change, long Before, long After, string? State, string? WaitReason, FramePart? CreatedBy, ImmutableArray<FramePart> Stack)
{
    /// <summary>The runtime has found that nothing can wake them; those of the same stack that merely wait are a group of their own.</summary>
    [JsonIgnore]
    public bool IsLeaked { get; init; }
}
