using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Goroutines;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>The tables of the pane's views.</summary>
internal static class KernelTables
{
    private const double LongWaitNanoseconds = 10e6;

    private static readonly ImmutableArray<TableColumn> InsteadColumns = [new("HAD IT", 8, Align.Right), new("SHARE", 6, Align.Right), new("WHO HAD THE CORE MEANWHILE", 20, Grow: 1)];

    private static readonly ImmutableArray<TableColumn> WaitColumns =
    [
        new("WAITED", 8, Align.Right),
        new("AT", 8, Align.Right, Priority: 3),
        new("THREAD", 7, Align.Right),
        new("CORE", 4, Align.Right, Priority: 2),
        new("AFTER", 9, Priority: 1),
        new("WHO HAD THE CORE MEANWHILE", 20, Grow: 1),
    ];

    private static readonly ImmutableArray<TableColumn> FunctionColumns =
    [
        new("SELF", 6, Align.Right),
        new("+KERNEL", 7, Align.Right, Priority: 1),
        new("TOTAL", 6, Align.Right),
        new("SAMPLES", 7, Align.Right, Priority: 2),
        new("KIND", 6),
        new("FUNCTION", 26, Grow: 1, Fit: Fit.GoName),
    ];

    private static readonly ImmutableArray<TableColumn> LineColumns = FunctionColumns.Add(new TableColumn("WHERE", 18, Priority: 3, Grow: 1, Fit: Fit.Start));

    private static readonly ImmutableArray<TableColumn> OffColumns =
    [
        new("TIME", 8, Align.Right),
        new("SHARE", 6, Align.Right),
        new("WAITS", 7, Align.Right, Priority: 1),
        new("LONGEST", 8, Align.Right, Priority: 2),
        new("WHAT ITS THREADS DO", 22, Grow: 1),
        new("MOST OF ALL", 14, Priority: 3),
    ];

    private static readonly ImmutableArray<TableColumn> ProcessColumns =
    [
        new("CPU", 7, Align.Right),
        new("SAMPLES", 8, Align.Right),
        new("PID", 8, Align.Right),
        new("PROCESS", 20, Grow: 1),
    ];

    public static TableView Instead(KernelReport report, int target)
    {
        ImmutableArray<RanInstead> instead = report.RanInstead.ValueOr([]);
        double total = Math.Max(1, instead.Sum(who => (double)who.Nanoseconds));
        return new TableView(InsteadColumns, instead.Length, (row, column) =>
        {
            (string text, Tone tone) = ProcessWords.Of(instead[row], target);
            return column switch
            {
                0 => new TableCell(Figures.Nanoseconds(instead[row].Nanoseconds)),
                1 => new TableCell(Figures.Percent(instead[row].Nanoseconds / total * 100)),
                _ => new TableCell(text, tone),
            };
        })
        {
            HasScrollBar = false,
        };
    }

    /// <summary>The same rows as in <see cref="Waits"/>, longest first, where nothing can be moved in.</summary>
    public static TableView Longest(KernelReport report, int target) => Waits(report, target, PaneState.Initial).View(PaneState.Initial, report.LongestWaits.Length) with { HasScrollBar = false, Selected = -1, SortColumn = -1 };

    public static SortableTable Waits(KernelReport report, int target, PaneState state) => SortableTable.Of(
        WaitColumns,
        report.LongestWaits.Select(wait => new SortableRow(
            (wait.Thread, wait.AtNanoseconds),
            [
                new(Figures.Nanoseconds(wait.DurationNanoseconds), wait.DurationNanoseconds >= LongWaitNanoseconds ? Tone.Warning : Tone.Normal),
                new("+" + Figures.Nanoseconds(Math.Max(0, wait.AtNanoseconds - report.StartNanoseconds)), Tone.Dim),
                new(Figures.Invariant($"{wait.Thread}")),
                new(wait.Cpu >= 0 ? Figures.Invariant($"{wait.Cpu}") : Figure.MissingText),
                wait.Preempted ? new("preempted", Tone.Accent) : new("woken"),
                new(wait.RanInstead.IsDefaultOrEmpty ? Figure.MissingText : ProcessWords.Shares(wait.RanInstead, target), wait.RanInstead.IsDefaultOrEmpty ? Tone.Dim : ProcessWords.Of(wait.RanInstead[0], target).Tone),
            ],
            [wait.DurationNanoseconds, wait.AtNanoseconds, wait.Thread, wait.Cpu, double.NaN, double.NaN])),
        state);

    public static SortableTable Functions(CpuSamples samples, PaneState state) => SortableTable.Of(
        FunctionColumns, samples.Functions.Select(one => Row((one.Function, one.Kind), one.Function, one.Kind, one.Self, one.SelfAndKernel, one.Total, samples.Count, null)), state);

    public static SortableTable Lines(CpuSamples samples, PaneState state) => SortableTable.Of(
        LineColumns,
        samples.Lines.Select(one => Row(new SampledFrame(one.Location, one.Kind), GoroutineWords.Function(one.Location), one.Kind, one.Self, one.SelfAndKernel, one.Total, samples.Count, ProfileRows.PlaceOf(one.Location.File, one.Location.Line))),
        state);

    /// <summary>All of its threads' time: on a core, waiting for one, and waiting for what.</summary>
    public static SortableTable OffCpu(KernelFigures kernel, PaneState state)
    {
        KernelReport report = kernel.Report;
        ThreadActivity all = report.Target;
        double whole = Math.Max(1.0, all.OnCpuNanoseconds + (double)all.ReadyNanoseconds + all.OffCpu.Sum(off => (double)off.TotalNanoseconds));
        List<SortableRow> rows = [Row("on a core", Tone.Good, all.OnCpuNanoseconds, 0, 0, thread => thread.OnCpuNanoseconds)];
        if (kernel.ReadyPercent.HasValue)
            rows.Add(Row("ready, without a core", Tone.Critical, all.ReadyNanoseconds, all.RunQueueDelay.Count, all.RunQueueDelay.MaxNanoseconds, thread => thread.ReadyNanoseconds));
        foreach (OffCpuTime off in all.OffCpu)
        {
            int reason = off.WaitReason;
            rows.Add(Row($"off: {PlainText.Clean(off.Reason, 64)}", Tone.Normal, off.TotalNanoseconds, off.Count, off.MaxNanoseconds, thread => thread.OffCpu.FirstOrDefault(one => one.WaitReason == reason).TotalNanoseconds));
        }

        return SortableTable.Of(OffColumns, rows, state);

        SortableRow Row(string what, Tone tone, long total, long count, long longest, Func<ThreadActivity, long> of)
        {
            ThreadActivity? most = report.Threads.IsDefaultOrEmpty ? null : report.Threads.MaxBy(of);
            return new SortableRow(
                what,
                [
                    new(Figures.Nanoseconds(total)), new(Figures.Percent(total / whole * 100)), count > 0 ? new(Figures.Count(count)) : new("", Tone.Dim), longest > 0 ? new(Figures.Nanoseconds(longest)) : new("", Tone.Dim),
                    new(what, total > 0 ? tone : Tone.Dim), new(most is not null && of(most) > 0 ? Figures.Invariant($"thread {most.Thread}") : "", Tone.Dim),
                ],
                [total, total, count, longest, double.NaN, double.NaN]);
        }
    }

    public static SortableTable Processes(KernelFigures kernel, ImmutableArray<ProcessActivity> processes, int target, PaneState state)
    {
        double seconds = Math.Max(1e-3, kernel.Seconds);
        bool timed = kernel.Report.Coverage.Tells(Engine.KernelEvents.KernelFacts.AllSwitches);
        return SortableTable.Of(
            ProcessColumns,
            processes.Select(one => new SortableRow(
                one.Process,
                [
                    timed ? new(Figures.Percent(one.OnCpuNanoseconds / seconds / 1e7)) : new(Figure.MissingText, Tone.Dim),
                    new(Figures.Count(one.Samples), one.Samples > 0 ? Tone.Normal : Tone.Dim),
                    new(one.Process >= 0 ? Figures.Invariant($"{one.Process}") : Figure.MissingText),
                    one.Process < 0 ? new("not known", Tone.Dim)
                        : new(one.Name is { Length: > 0 } name ? PlainText.Clean(name, 64) : "unnamed", one.Process == target ? Tone.Accent : Tone.Normal),
                ],
                [timed ? one.OnCpuNanoseconds : one.Samples, one.Samples, one.Process, double.NaN])),
            state);
    }

    public static string Kind(FrameKind kind) => kind switch { FrameKind.Go => "Go", FrameKind.Kernel => "kernel", _ => "native" };

    /// <summary>Own code of Go stands out; the kernel's and C's each have a colour of their own.</summary>
    public static Tone ToneOf(FrameKind kind, string function) => kind switch { FrameKind.Go => StackView.ToneOf(function), FrameKind.Kernel => Tone.Warning, _ => Tone.Title };

    private static SortableRow Row(object key, string function, FrameKind kind, long self, long selfAndKernel, long total, long all, string? where)
    {
        double whole = Math.Max(1, all);
        Tone tone = ToneOf(kind, function);
        ImmutableArray<TableCell> cells =
        [
            new(Figures.Percent(self / whole * 100), self > 0 ? Tone.Normal : Tone.Dim), new(Figures.Percent(selfAndKernel / whole * 100), Tone.Dim), new(Figures.Percent(total / whole * 100)),
            new(Figures.Count(self), Tone.Dim), new(Kind(kind), tone), new(function, tone),
        ];
        ImmutableArray<double> order = [self, selfAndKernel, total, self, double.NaN, double.NaN];
        return where is null ? new SortableRow(key, cells, order) : new SortableRow(key, cells.Add(new TableCell(where, Tone.Dim)), order.Add(double.NaN));
    }
}
