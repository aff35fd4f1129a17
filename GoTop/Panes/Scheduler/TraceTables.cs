using System.Collections.Immutable;
using GoTop.Engine.Analysis;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>The tables of a trace's views.</summary>
internal static class TraceTables
{
    private const string SyscallReason = "syscall";

    private static readonly ImmutableArray<TableColumn> WaitColumns =
    [
        new("WAITED", 8, Align.Right),
        new("FROM", 8, Align.Right, Priority: 5),
        new("GOROUTINE", 9, Align.Right, Priority: 4),
        new("START FUNCTION", 18, Grow: 2, Fit: Fit.GoName),
        new("AFTER", 14, Priority: 2),
        new("STOOD AT", 22, Priority: 1, Grow: 3, Fit: Fit.GoName),
        new("MADE RUNNABLE BY", 22, Priority: 3, Grow: 2, Fit: Fit.GoName),
    ];

    private static readonly ImmutableArray<TableColumn> BlockedColumns =
    [
        new("TOTAL", 8, Align.Right),
        new("COUNT", 7, Align.Right, Priority: 2),
        new("LONGEST", 8, Align.Right, Priority: 3),
        new("REASON", 13, Priority: 1),
        new("WHERE", 26, Grow: 4, Fit: Fit.GoName),
        new("ENDED BY, OR CALLER", 22, Priority: 4, Grow: 3, Fit: Fit.GoName),
    ];

    private static readonly ImmutableArray<TableColumn> StopColumns =
    [
        new("TOTAL", 8, Align.Right),
        new("COUNT", 7, Align.Right),
        new("P50", 8, Align.Right, Priority: 2),
        new("P99", 8, Align.Right, Priority: 1),
        new("LONGEST", 8, Align.Right),
        new("KIND", 5),
        new("NAME", 24, Grow: 1),
    ];

    private static readonly ImmutableArray<TableColumn> LongestColumns =
    [
        new("LASTED", 8, Align.Right),
        new("AT", 8, Align.Right),
        new("KIND", 24, Grow: 1),
        new("GOROUTINE", 9, Align.Right, Priority: 1),
    ];

    private static readonly ImmutableArray<TableColumn> TaskColumns =
    [
        new("TOTAL", 8, Align.Right),
        new("COUNT", 7, Align.Right),
        new("P50", 8, Align.Right, Priority: 1),
        new("P99", 8, Align.Right),
        new("LONGEST", 8, Align.Right),
        new("KIND", 6),
        new("TYPE", 20, Grow: 1),
    ];

    private static readonly ImmutableArray<TableColumn> ProcColumns =
    [
        new("P", 5),
        new("IN USE", 7, Align.Right),
        new("GO CODE", 7, Align.Right),
        new("GC", 7, Align.Right),
        new("SYSCALLS", 8, Align.Right),
        new("SCHEDULING", 10, Align.Right, Priority: 1),
        new("IDLE", 7, Align.Right),
    ];

    private static readonly ImmutableArray<TableColumn> WakerColumns =
    [
        new("WOKE", 7, Align.Right),
        new("WAITED", 8, Align.Right),
        new("WHO", 30, Grow: 1, Fit: Fit.GoName),
    ];

    public static SortableTable Waits(TraceReport report, PaneState state) => SortableTable.Of(WaitColumns, report.WorstSchedulingWaits.Select(wait => new SortableRow(
        wait,
        [
            new(Figures.Nanoseconds(wait.DurationNanoseconds), wait.DurationNanoseconds >= 10e6 ? Tone.Warning : Tone.Normal),
            new("+" + Figures.Nanoseconds(wait.AtNanoseconds), Tone.Dim),
            new(Figures.Invariant($"{wait.Goroutine}")),
            new(wait.StartFunction.Length > 0 ? wait.StartFunction : "not told"),
            new(wait.Reason),
            new(SiteWords.Of(wait.Site)),
            new(Maker(wait)),
        ],
        [wait.DurationNanoseconds, wait.AtNanoseconds, wait.Goroutine, double.NaN, double.NaN, double.NaN, double.NaN])), state);

    /// <summary>System calls stand among them: whoever is in one waits as well.</summary>
    public static SortableTable Blocked(TraceReport report, PaneState state) => SortableTable.Of(
        BlockedColumns,
        report.BlockedSites.Select(site => Blocked(SiteKey.Of(site), site.Count, site.TotalNanoseconds, site.MaxNanoseconds, site.Site, Ender(site)))
            .Concat(report.SyscallSites.Select(site => Blocked(SiteKey.Of(site), site.Count, site.TotalNanoseconds, site.MaxNanoseconds, site.Site, SiteWords.CalledBy(site.Callers))))
            .OrderByDescending(row => row.Order[0]),
        state);

    public static SortableTable Stops(TraceReport report, PaneState state) => SortableTable.Of(
        StopColumns,
        report.StopTheWorld.Select(stop => Durations("stop", StopWords.Kind(stop.Name) + (TraceSymptoms.IsOwn(stop.Name) ? ", by this trace itself" : ""), stop.Durations))
            .Concat(report.Ranges.Select(range => Durations("range", range.Name, range.Durations))),
        state);

    public static TableView LongestStops(TraceReport report)
    {
        ImmutableArray<WorldStop> stops = [.. report.LongestStops.OrderByDescending(stop => stop.DurationNanoseconds)];
        return new TableView(LongestColumns, stops.Length, (row, column) => column switch
        {
            0 => new TableCell(Figures.Nanoseconds(stops[row].DurationNanoseconds), stops[row].DurationNanoseconds >= 10e6 ? Tone.Warning : Tone.Normal),
            1 => new TableCell("+" + Figures.Nanoseconds(stops[row].AtNanoseconds), Tone.Dim),
            2 => new TableCell(StopWords.Kind(stops[row].Kind)),
            _ => new TableCell(Figures.Invariant($"{stops[row].Goroutine}"), Tone.Dim),
        })
        {
            HasScrollBar = false,
        };
    }

    /// <summary>How each P spent the trace; all together in the first row.</summary>
    public static TableView Procs(TraceReport report)
    {
        ImmutableArray<ProcTime> procs = report.Procs;
        ProcTime all = new(-1, procs.Total(proc => proc.RunningNanoseconds), procs.Total(proc => proc.GoNanoseconds), procs.Total(proc => proc.GcNanoseconds), procs.Total(proc => proc.SyscallNanoseconds));
        return new TableView(ProcColumns, procs.IsEmpty ? 0 : procs.Length + 1, (row, column) => row == 0
            ? ProcCell(all, Math.Max(1.0, report.DurationNanoseconds) * procs.Length, "all", column)
            : ProcCell(procs[row - 1], Math.Max(1.0, report.DurationNanoseconds), Figures.Invariant($"P{procs[row - 1].Id}"), column))
        {
            HasScrollBar = false,
        };
    }

    public static SortableTable Tasks(TraceReport report, PaneState state) => SortableTable.Of(
        TaskColumns,
        report.Tasks.Select(task => Durations("task", task.Type, task.Latency, task.Count)).Concat(report.Regions.Select(region => Durations("region", region.Name, region.Durations))),
        state);

    public static TableView Wakers(TraceReport report) => Wakers(report.Wakers.Length, row => report.Wakers[row].Count, row => report.Wakers[row].WaitedNanoseconds, row => report.Wakers[row].Site);

    public static TableView Wakers(BlockedSite site) => Wakers(site.WokenBy.Length, row => site.WokenBy[row].Count, null, row => site.WokenBy[row].Site);

    private static TableView Wakers(int count, Func<int, long> woke, Func<int, long>? waited, Func<int, ImmutableArray<CodeLocation>> site) =>
        new(waited is null ? WakerColumns.RemoveAt(1) : WakerColumns, count, (row, column) => (column, waited) switch
        {
            (0, _) => new TableCell(Figures.Count(woke(row))),
            (1, not null) => new TableCell(Figures.Nanoseconds(waited(row)), Tone.Dim),
            _ => new TableCell(SiteWords.OfWaker(site(row))),
        })
        {
            HasScrollBar = false,
        };

    private static SortableRow Blocked(SiteKey key, long count, long total, long max, ImmutableArray<CodeLocation> site, string endedBy) => new(
        key,
        [
            new(Figures.Nanoseconds(total)), new(Figures.Count(count)), new(Figures.Nanoseconds(max)),
            new(key.Reason, key.Reason == SyscallReason ? Tone.Warning : key.Reason is "sync" or "chan send" ? Tone.Accent : Tone.Normal),
            new(SiteWords.Of(site)), new(endedBy, Tone.Dim),
        ],
        [total, count, max, double.NaN, double.NaN, double.NaN]);

    private static SortableRow Durations(string kind, string name, DurationSummary durations, long? count = null) => new(
        (kind, name),
        [
            new(Figures.Nanoseconds(durations.TotalNanoseconds)), new(Figures.Count(count ?? durations.Count)), new(Figures.Nanoseconds(durations.P50Nanoseconds)),
            new(Figures.Nanoseconds(durations.P99Nanoseconds)), new(Figures.Nanoseconds(durations.MaxNanoseconds)), new(kind, Tone.Dim), new(name),
        ],
        [durations.TotalNanoseconds, count ?? durations.Count, durations.P50Nanoseconds, durations.P99Nanoseconds, durations.MaxNanoseconds, double.NaN, double.NaN]);

    private static TableCell ProcCell(ProcTime proc, double whole, string name, int column)
    {
        if (column == 0) return new TableCell(name);
        double part = column switch
        {
            1 => proc.RunningNanoseconds,
            2 => proc.GoNanoseconds,
            3 => proc.GcNanoseconds,
            4 => proc.SyscallNanoseconds,
            5 => proc.RunningNanoseconds - proc.GoNanoseconds - proc.GcNanoseconds - proc.SyscallNanoseconds,
            _ => whole - proc.RunningNanoseconds,
        };
        // Durations are rounded each for itself, so that a rest may come out just below nothing.
        return new TableCell(Figures.Percent(Math.Max(0, part / whole * 100)));
    }

    private static string Ender(BlockedSite site) => site.WokenBy.IsDefaultOrEmpty ? "" : SiteWords.OfWaker(site.WokenBy[0].Site);

    private static string Maker(SchedulingWait wait) =>
        !wait.WakerSite.IsDefaultOrEmpty ? SiteWords.Of(wait.WakerSite)
        : wait.MadeRunnableBy is { } goroutine ? Figures.Invariant($"goroutine {goroutine}")
        : "runtime";

    /// <summary>A place of waiting, the same from one trace to the next.</summary>
    /// <param name="Path">Its functions and lines.</param>
    internal readonly record struct SiteKey(string Reason, string Path)
    {
        public static SiteKey Of(BlockedSite site) => new(site.Reason, PathOf(site.Site));

        public static SiteKey Of(SiteDurations site) => new(SyscallReason, PathOf(site.Site));

        private static string PathOf(ImmutableArray<CodeLocation> site) =>
            site.IsDefaultOrEmpty ? "" : string.Join('\n', site.Select(frame => Figures.Invariant($"{frame.Function}:{frame.Line}")));
    }
}
