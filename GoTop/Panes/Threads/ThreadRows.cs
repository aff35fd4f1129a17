using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Threads;

/// <summary>The target's threads as rows, by their number.</summary>
internal static class ThreadRows
{
    /// <summary>Sorts below any figure.</summary>
    private const double Absent = -1;

    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("CPU", 6, Align.Right),
        new("DELAY", 6, Align.Right),
        new("TID", 7, Align.Right),
        new("STATE", 10, Grow: 1),
        new("CORE", 4, Align.Right, Priority: 1),
        new("ALLOWED", 8, Priority: 8),
        new("VOL/S", 7, Align.Right, Priority: 6),
        new("FORCED/S", 8, Align.Right, Priority: 5),
        new("P99 WAIT", 8, Align.Right, Priority: 4),
        new("PREEMPT/S", 9, Align.Right, Priority: 7),
        new("MOVED/S", 8, Align.Right, Priority: 7),
        new("M", 4, Align.Right, Priority: 3),
        new("P", 3, Align.Right, Priority: 6),
        new("GOROUTINE", 9, Align.Right, Priority: 2),
        new("RUNS", 20, Grow: 3, Fit: Fit.GoName),
        new("NAME", 12, Priority: 9),
    ];

    private static readonly ImmutableArray<string> OfKernelEvents = ["P99 WAIT", "PREEMPT/S", "MOVED/S"];

    public static SortableTable Of(Snapshot now, ImmutableArray<ThreadFigures> threads, GoroutineNames goroutines, PaneState state)
    {
        // Columns that nothing fills would only take room.
        bool hasEvents = now.Kernel.TryGet(out KernelFigures? events) && events.Report.Coverage.Tells(KernelFacts.Switches), differ = threads.Any(thread => Differs(thread, now));
        ImmutableArray<int> shown = [.. Enumerable.Range(0, Columns.Length).Where(i => (hasEvents || !OfKernelEvents.Contains(Columns[i].Title)) && (differ || Columns[i].Title != "ALLOWED"))];
        double seconds = now.Kernel.TryGet(out KernelFigures? kernel) ? Math.Max(1e-3, kernel.Seconds) : 1;
        IEnumerable<SortableRow> rows = threads
            .OrderByDescending(thread => thread.CpuPercent.ValueOr(0) + thread.RunQueueDelayPercent.ValueOr(0))
            .Select(thread => Row(thread, now, goroutines, seconds))
            .Select(row => row with { Cells = [.. shown.Select(i => row.Cells[i])], Order = [.. shown.Select(i => row.Order[i])] });
        return SortableTable.Of([.. shown.Select(i => Columns[i])], rows, state);
    }

    /// <summary>Its cores, where they are others than the whole process's.</summary>
    public static bool Differs(ThreadFigures thread, Snapshot now) =>
        thread.AllowedCores.TryGet(out CoreSet? own) && (!now.Process.AllowedCores.TryGet(out CoreSet? all) || !own.Equals(all));

    /// <summary>What its M does, in a word or the name of the goroutine's function.</summary>
    public static (string Text, Tone Tone) Runs(ThreadFigures thread, GoroutineNames goroutines)
    {
        if (!thread.Go.TryGet(out GoThread go)) return thread.Go.State == ReadingState.NotSupported ? ("not a thread of Go's", Tone.Dim) : (Figure.MissingText, Tone.Dim);
        if (go.Goroutine is { } id) return goroutines.Function(id) is { } function ? (function, Panes.Goroutines.StackView.ToneOf(function)) : ("the runtime's own, or ended", Tone.Dim);
        if (go.LockedGoroutine is { } locked) return (Figures.Invariant($"kept for goroutine {locked}"), Tone.Dim);
        return (go.Spinning ? "looks for work" : go.Blocked ? "parked" : "idle", Tone.Dim);
    }

    private static SortableRow Row(ThreadFigures thread, Snapshot now, GoroutineNames goroutines, double seconds)
    {
        ThreadActivity? activity = thread.Kernel.ValueOr(null);
        GoThread? go = thread.Go.TryGet(out GoThread known) ? known : null;
        (string runs, Tone tone) = Runs(thread, goroutines);
        return new SortableRow(
            thread.Id,
            [
                Figure.Of(thread.CpuPercent, Figures.Percent).Cell,
                Figure.Of(thread.RunQueueDelayPercent, Figures.Percent, ThreadWords.ToneOfDelay).Cell,
                new(Figures.Invariant($"{thread.Id}"), thread.IsNew ? Tone.Accent : Tone.Normal),
                new(ThreadWords.State(thread), ThreadWords.ToneOf(thread.Counters.State)),
                Figure.Of(thread.LastCore, core => Figures.Invariant($"{core}")).Cell,
                Differs(thread, now) ? new(thread.AllowedCores.Value.ToString(), Tone.Warning) : new("", Tone.Dim),
                Figure.Of(thread.VoluntarySwitchesPerSecond, Figures.PerSecond).Cell,
                Figure.Of(thread.InvoluntarySwitchesPerSecond, Figures.PerSecond).Cell,
                activity is { RunQueueDelay.Count: > 0 } ? new(Figures.Nanoseconds(activity.RunQueueDelay.P99Nanoseconds), activity.RunQueueDelay.P99Nanoseconds >= 10e6 ? Tone.Warning : Tone.Normal) : None,
                activity is null ? None : new(Figures.PerSecond(activity.Preemptions / seconds)),
                activity is null ? None : new(Figures.PerSecond(activity.CoreMigrations / seconds)),
                go is null ? None : new(Figures.Invariant($"{go.Value.Id}")),
                go?.Proc is { } proc ? new(Figures.Invariant($"{proc}")) : None,
                go?.Goroutine is { } id ? new(Figures.Invariant($"{id}")) : None,
                new(runs, tone),
                new(ThreadWords.Name(thread), Tone.Dim),
            ],
            [
                thread.CpuPercent.ValueOr(Absent), thread.RunQueueDelayPercent.ValueOr(Absent), thread.Id, double.NaN, thread.LastCore.TryGet(out int last) ? last : Absent, double.NaN,
                thread.VoluntarySwitchesPerSecond.ValueOr(Absent), thread.InvoluntarySwitchesPerSecond.ValueOr(Absent), activity?.RunQueueDelay.P99Nanoseconds ?? Absent,
                activity?.Preemptions ?? Absent, activity?.CoreMigrations ?? Absent, go?.Id ?? Absent, go?.Proc ?? Absent, go?.Goroutine ?? Absent, double.NaN, double.NaN,
            ]);
    }

    private static TableCell None => new(Figure.MissingText, Tone.Dim);
}
