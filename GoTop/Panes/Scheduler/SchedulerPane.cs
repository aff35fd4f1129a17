using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>How long goroutines wait to run, what stops the world and what they wait for: from memory at each tick, and from traces.</summary>
/// <remarks>What is made of a trace is kept between frames: the trace stays the same for many of them.</remarks>
public sealed class SchedulerPane : Pane<SchedulerView>
{
    private readonly LastResult<SameObject, TraceSymptoms> _symptoms = new();
    private readonly LastResult<(SameObject Report, int View, string Filter, int Sort, bool Inverted), SortableTable> _tables = new();

    public override string Id => "scheduler";

    public override string Title => "Scheduler";

    public override string ShortTitle => "Sched";

    public override ImmutableArray<string> Views => SchedulerViews.Titles;

    public override ImmutableArray<string> SortColumns(PaneInput input) => Table(input) is { } table && input.State.Levels.IsEmpty ? [.. table.Columns.Select(column => column.Title)] : [];

    public override bool HasRows(PaneState state) => state.View is not (SchedulerViews.Overview or SchedulerViews.Timeline);

    public override SchedulerView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new SchedulerView { Notice = NoticeView.NoObservation };
        Snapshot now = observation.Now;
        SchedulerView view = new()
        {
            Ended = PaneFrame.Ended(observation),
            View = input.State.View,
            Status = TraceStatus.Of(input, observation),
            History = observation.History,
        };
        if (Report(input) is not { } report) return input.State.View == SchedulerViews.Overview ? WithMemory(view, input, observation) : view with { Notice = NoTrace(now) };
        if (Opened(input.State) is { } opened) return view with { Opened = OpenedBuilder.Of(opened, report, input.State, OpenedRows(input, opened, report)) };
        return input.State.View switch
        {
            SchedulerViews.Timeline => view with { Timeline = TimelinePart.Of(report, input.State, input.Width, TimelineRows(input)) },
            SchedulerViews.Waits => view with { List = Waits(input, report) },
            SchedulerViews.Blocking => view with { List = Blocking(input, report) },
            SchedulerViews.Stops => view with { List = Stops(input, report) },
            SchedulerViews.Tasks => view with { List = Tasks(input, report) },
            _ => WithMemory(view, input, observation) with { Summary = Summary(input, report) },
        };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        switch (command)
        {
            case PaneCommand.Back:
                return ListNavigation.Close(state);
            case PaneCommand.NextView when state.Levels.IsEmpty:
                return PaneState.Initial with { View = (state.View + 1) % SchedulerViews.Titles.Length };
        }

        if (Report(input) is not { } report) return state;
        if (Opened(state) is { } opened) return ListNavigation.Handle(state, command, new NumberedRows(OpenedBuilder.Frames(opened, report).Length), OpenedRows(input, opened, report));
        if (state.View == SchedulerViews.Timeline) return HandleTimeline(state, command, input, report);
        if (Table(input) is not { } table) return state;
        int rows = TableRows(input, table, report);
        return command switch
        {
            PaneCommand.NextSort or PaneCommand.Invert => ListNavigation.HandleSort(state, command, table.Columns, input.Width),
            PaneCommand.Open when state.View is SchedulerViews.Waits or SchedulerViews.Blocking && ListNavigation.Resolve(state, table, rows).Selected is >= 0 and int row =>
                ListNavigation.Open(state, table.KeyAt(row)),
            _ => ListNavigation.Handle(state, command, table, rows),
        };
    }

    protected override void Draw(SchedulerView view, DrawContext context) => SchedulerDrawing.Draw(view, context);

    private static TraceReport? Report(PaneInput input) => input.Observation?.Now.Facts.Trace.ValueOr(null)?.Report;

    private static object? Opened(PaneState state) => state.Levels.IsEmpty ? null : state.Levels[^1].Opened;

    private static SchedulerView WithMemory(SchedulerView view, PaneInput input, Observation observation)
    {
        RuntimeCounters counters = observation.Now.Go.Counters;
        bool seen = counters.SchedulingLatency.HasValue || counters.Procs.HasValue || counters.RecentPausesNanoseconds.HasValue;
        return view with
        {
            Memory = seen ? MemoryFigures.Of(observation, input.Comparison) : null,
            MemoryMissing = seen ? null : NoticeView.Absent(counters.SchedulingLatency, "scheduler figures from memory", observation.Now),
        };
    }

    private static NoticeView NoTrace(Snapshot now) => TraceStatus.Missing(now) is { } missing
        ? new NoticeView(Tone.Warning, "No trace, and none can be taken", missing, "The overview (v) shows what memory tells.", now.Sources)
        : new NoticeView(Tone.Accent, "No trace yet", "This view shows what an execution trace tells.", "t takes one.", []);

    private static PaneState HandleTimeline(PaneState state, PaneCommand command, PaneInput input, TraceReport report)
    {
        int rows = TimelineRows(input), highest = Math.Max(0, report.Timeline.Procs.Length - rows), top = Math.Clamp(state.Top, 0, highest);
        return command switch
        {
            PaneCommand.Left => state with { Selected = TimelinePart.Move(state, report.Timeline, input.Width, -1) },
            PaneCommand.Right => state with { Selected = TimelinePart.Move(state, report.Timeline, input.Width, 1) },
            PaneCommand.Home => state with { Selected = 0 },
            PaneCommand.End => state with { Selected = Math.Max(0, report.Timeline.Buckets - 1) },
            PaneCommand.Up => state with { Top = Math.Max(0, top - 1) },
            PaneCommand.Down => state with { Top = Math.Min(highest, top + 1) },
            PaneCommand.PageUp => state with { Top = Math.Max(0, top - rows) },
            PaneCommand.PageDown => state with { Top = Math.Min(highest, top + rows) },
            _ => state,
        };
    }

    /// <summary>Of Ps: beside them stand the pinned lanes, the axis, the rule and the readout.</summary>
    private static int TimelineRows(PaneInput input) => Math.Max(1, Widgets.Lanes.Rows(SchedulerViews.Rows(input) - Box.Rows(false) - 1, TimelinePart.Pinned));

    private static int OpenedRows(PaneInput input, object opened, TraceReport report) => ListLayout.Of(
        SchedulerViews.Rows(input) - OpenedDrawing.HeadRows, OpenedBuilder.Frames(opened, report).Length, OpenedDrawing.LikelySecond).TableRows;

    private static int TableRows(PaneInput input, SortableTable table, TraceReport report) =>
        ListLayout.Of(SchedulerViews.Rows(input), table.Count, SecondRows(input.State.View, report)).TableRows;

    private static int SecondRows(int view, TraceReport report) => view switch
    {
        SchedulerViews.Waits => ListDrawing.HistogramRows,
        SchedulerViews.Stops => Math.Max(1, report.LongestStops.Length),
        SchedulerViews.Tasks => Math.Max(1, report.Wakers.Length),
        _ => 0,
    };

    private static DurationPanel Latency(TraceReport report)
    {
        DurationSummary latency = report.SchedulingLatency;
        return new DurationPanel(
            $"{Figures.Counted(latency.Count, "wait")} to run, in the trace",
            latency.Count == 0 ? null : $"p50 {Figures.Nanoseconds(latency.P50Nanoseconds)}, p99 {Figures.Nanoseconds(latency.P99Nanoseconds)}, max {Figures.Nanoseconds(latency.MaxNanoseconds)}",
            Histogram.Of(report.SchedulingLatencyHistogram), null);
    }

    private TraceSummary Summary(PaneInput input, TraceReport report) => new(
        report.Verdict,
        TraceAnswer.Of(_symptoms.Get(new SameObject(report), report, TraceSymptoms.Of)),
        Latency(report),
        SummaryDrawing.LaneRows(input, report) is > 0 and int rows ? TimelinePart.Of(report, PaneState.Initial, SummaryDrawing.LaneColumns(input.Width), rows) : null);

    private TraceList Waits(PaneInput input, TraceReport report) =>
        List(input, report, "Longest waits to run", "No goroutine waited to run.", "", null, Latency(report));

    private TraceList Blocking(PaneInput input, TraceReport report) =>
        List(input, report, "Where goroutines wait, and system calls", "No wait both began and ended within the trace.", "", null, null);

    private TraceList Stops(PaneInput input, TraceReport report) =>
        List(input, report, "Stops of the world and ranges", "Neither a stop of the world nor a GC cycle.", "Longest stops", TraceTables.LongestStops(report), MemoryFigures.StopsOf(input.Observation!.Now, input.Comparison));

    private TraceList Tasks(PaneInput input, TraceReport report) =>
        List(input, report, "User tasks and regions", "The program has none (runtime/trace NewTask, WithRegion).", "Who made others runnable", TraceTables.Wakers(report), null);

    private TraceList List(PaneInput input, TraceReport report, string title, string empty, string secondTitle, TableView? second, DurationPanel? histogram)
    {
        SortableTable table = Table(input)!;
        return new TraceList(title, table.View(input.State, TableRows(input, table, report)), empty, secondTitle, second, histogram);
    }

    private SortableTable? Table(PaneInput input)
    {
        if (Report(input) is not { } report || input.State.View is SchedulerViews.Overview or SchedulerViews.Timeline) return null;
        return _tables.Get(
            (new SameObject(report), input.State.View, input.State.Filter, input.State.SortColumn, input.State.Inverted),
            (report, input.State),
            static made => made.State.View switch
            {
                SchedulerViews.Waits => TraceTables.Waits(made.report, made.State),
                SchedulerViews.Blocking => TraceTables.Blocked(made.report, made.State),
                SchedulerViews.Stops => TraceTables.Stops(made.report, made.State),
                _ => TraceTables.Tasks(made.report, made.State),
            });
    }
}
