using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary>Analyses a goroutine dump and turns it into the document that other tools read.</summary>
public static class GoroutineDumpDocumentBuilder
{
    /// <summary>A dump of nothing but different stacks would make a document larger than itself.</summary>
    private const int GroupsListed = 10_000;

    public static GoroutineDumpDocument Build(GoroutineDump dump)
    {
        ImmutableArray<DumpGroup> groups = DumpGroups.Of(dump);
        WaitAges ages = WaitAges.Of(dump);
        return new GoroutineDumpDocument
        {
            GoVersion = dump.GoVersion,
            Format = dump.Format == DumpFormat.Counts ? "counts" : "stacks",
            Goroutines = dump.Goroutines,
            Groups = [.. groups.Take(GroupsListed).Select(Group)],
            GroupsNotListed = Math.Max(0, groups.Length - GroupsListed),
            States =
            [
                .. groups.GroupBy(group => (group.Key.State, group.Key.WaitReason))
                    .Select(state => new DumpStatePart(State(state.Key.State), Reason(state.Key.WaitReason), state.Sum(group => group.Count)))
                    .OrderByDescending(state => state.Count),
            ],
            Tags =
            [
                .. groups.SelectMany(group => group.Tags, (group, tag) => (tag, group.Count)).GroupBy(tagged => tagged.tag, StringComparer.Ordinal)
                    .Select(tag => new DumpTagPart(tag.Key, tag.Sum(tagged => tagged.Count)))
                    .OrderByDescending(tag => tag.Count).ThenBy(tag => tag.Tag, StringComparer.Ordinal),
            ],
            WaitAges = [.. ages.Buckets.Where(bucket => bucket.Count > 0).Select(bucket => new WaitAgePart(bucket.FromSeconds, bucket.ToSeconds, bucket.Count))],
            WaitAgeUnknown = ages.Unknown,
            Crash = dump.Crashes.IsEmpty ? null : Crash(dump, dump.Crashes[^1]),
            EarlierCrashes = [.. dump.Crashes.SkipLast(1).Select(crash => Crash(dump, crash))],
            Truncated = dump.Truncation,
            Problems = dump.Problems,
        };
    }

    private static DumpGroupPart Group(DumpGroup group) => new()
    {
        Count = group.Count,
        State = State(group.Key.State),
        WaitReason = Reason(group.Key.WaitReason),
        CreatedBy = group.Key.CreatedBy is { } creator ? Frame(creator) : null,
        Stack = [.. group.Key.Stack.Frames.Select(Frame)],
        OldestMinutes = group.OldestMinutes,
        ElidedAfter = group.Key.Stack.ElidedAfter < 0 ? null : group.Key.Stack.ElidedAfter,
        ElidedFrames = group.Key.Stack.ElidedFrames,
        StackIncomplete = group.Incomplete > 0 ? "the text ends inside it"
            : group.StackUnavailable > 0 ? "running on another thread"
            : group.Key.Stack.Frames.IsEmpty ? "the text has none"
            : null,
        LockedToThread = group.LockedToThread,
        Tags = group.Tags,
        Labels = [.. group.Labels.Select(label => new LabelCountPart(label.Label.Key, label.Label.Value, label.Count))],
    };

    private static CrashPart Crash(GoroutineDump dump, CrashReport crash) => new(
        crash.Kind switch { CrashKind.Panic => "panic", CrashKind.FatalError => "fatalError", _ => "signal" },
        crash.Messages[0],
        crash.Messages,
        crash.Signal,
        crash.Details,
        crash.FaultingGoroutine,
        FaultingStack(dump, crash),
        crash.Line);

    private static ImmutableArray<FramePart> FaultingStack(GoroutineDump dump, CrashReport crash)
    {
        if (crash.FaultingGoroutine is not { } id) return [];
        // Ids begin anew with each run of a log.
        foreach (DumpedGoroutine row in dump.Rows.AsSpan()[crash.FirstRow..])
        {
            if (row.Id == id) return row.Stack < 0 ? [] : [.. dump.Stacks[row.Stack].Frames.Select(frame => Frame(dump.Locations[frame]))];
        }

        return [];
    }

    private static string? State(GoroutineState? state) => state is { } known ? JsonNames.Of(known) : null;

    private static string? Reason(string reason) => reason.Length == 0 ? null : reason;

    private static FramePart Frame(CodeLocation location) => new(
        location.Function, location.File.Length == 0 ? null : location.File, location.Line == 0 ? null : location.Line);
}
