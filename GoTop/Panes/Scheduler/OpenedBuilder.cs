using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Goroutines;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>What Enter opens: a long wait, or a place where goroutines wait.</summary>
internal static class OpenedBuilder
{
    public static OpenedPart? Of(object opened, TraceReport report, PaneState state, int visibleRows) => opened switch
    {
        SchedulingWait wait => Of(wait, report, state, visibleRows),
        TraceTables.SiteKey key => Of(key, report, state, visibleRows),
        _ => null,
    };

    /// <summary>Rows of the table that is moved in.</summary>
    public static ImmutableArray<CodeLocation> Frames(object opened, TraceReport report) => opened switch
    {
        SchedulingWait wait => wait.Stack.IsDefaultOrEmpty ? wait.Site : wait.Stack,
        TraceTables.SiteKey key when Blocked(report, key) is { } site => site.Site.AddRange(site.Callers.Frames),
        TraceTables.SiteKey key when Syscall(report, key) is { } site => site.Site.AddRange(site.Callers.Frames),
        _ => [],
    };

    private static OpenedPart Of(SchedulingWait wait, TraceReport report, PaneState state, int visibleRows)
    {
        string start = wait.StartFunction.Length > 0 ? wait.StartFunction : "an unknown function";
        string maker = wait.MadeRunnableBy is { } goroutine ? $"Made runnable by goroutine {Figures.Invariant($"{goroutine}")}" : "Made runnable by the runtime";
        return new OpenedPart(
            $"Goroutine {Figures.Invariant($"{wait.Goroutine}")} waited {Figures.Nanoseconds(wait.DurationNanoseconds)} to run",
            [
                ($"started with {start}", Tone.Normal),
                ($"runnable from {Figures.Nanoseconds(wait.AtNanoseconds)} after the trace began; before: {wait.Reason}", Tone.Dim),
            ],
            "Where it stood", Stack(Frames(wait, report), state, visibleRows),
            maker, wait.WakerSite.IsDefaultOrEmpty ? null : StackView.Of(wait.WakerStack.IsDefaultOrEmpty ? wait.WakerSite : wait.WakerStack),
            "The trace tells no place: timers and the network have none.");
    }

    private static OpenedPart Of(TraceTables.SiteKey key, TraceReport report, PaneState state, int visibleRows)
    {
        if (Blocked(report, key) is { } blocked)
        {
            return new OpenedPart(
                $"{SiteWords.Of(blocked.Site)} [{blocked.Reason}]", Lines(blocked.Count, blocked.TotalNanoseconds, blocked.MaxNanoseconds, report, "goroutines waited here"),
                "Where they wait" + Others(blocked.Callers), Stack(Frames(key, report), state, visibleRows), "Who ended these waits", blocked.WokenBy.IsDefaultOrEmpty ? null : TraceTables.Wakers(blocked),
                "The trace does not tell.");
        }

        if (Syscall(report, key) is { } call)
        {
            return new OpenedPart(
                $"{SiteWords.Of(call.Site)} [syscall]", Lines(call.Count, call.TotalNanoseconds, call.MaxNanoseconds, report, "threads were in it"),
                "Where the calls are made" + Others(call.Callers), Stack(Frames(key, report), state, visibleRows), "", null, "");
        }

        return new OpenedPart(key.Reason, [("Not in the latest trace.", Tone.Warning)], "", StackView.Of([]), "", null, "");
    }

    private static ImmutableArray<(string Text, Tone Tone)> Lines(long count, long total, long max, TraceReport report, string who) =>
    [
        ($"{Figures.Counted(count, "time")}, {Figures.Nanoseconds(total)} in all, {Figures.Nanoseconds(total / Math.Max(1, count))} on average, longest {Figures.Nanoseconds(max)}", Tone.Normal),
        (Figures.Invariant($"{total / Math.Max(1.0, report.DurationNanoseconds):0.0} {who} on average"), Tone.Dim),
    ];

    private static string Others(SiteCallers callers) => callers.HasOthers ? ", as first seen; also called from elsewhere" : "";

    private static TableView Stack(ImmutableArray<CodeLocation> frames, PaneState state, int visibleRows)
    {
        frames = frames.IsDefault ? [] : frames;
        (int selected, int top) = ListNavigation.Resolve(state, new NumberedRows(frames.Length), visibleRows);
        return StackView.Of(frames) with { Selected = selected, Top = top };
    }

    private static BlockedSite? Blocked(TraceReport report, TraceTables.SiteKey key) => report.BlockedSites.FirstOrDefault(site => TraceTables.SiteKey.Of(site) == key);

    private static SiteDurations? Syscall(TraceReport report, TraceTables.SiteKey key) => report.SyscallSites.FirstOrDefault(site => TraceTables.SiteKey.Of(site) == key);
}
