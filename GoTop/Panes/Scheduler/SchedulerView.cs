using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>What the scheduler pane shows: one of its views, or what has been opened in it.</summary>
public sealed record SchedulerView
{
    public string? Ended { get; init; }

    /// <summary>In the place of everything else.</summary>
    public NoticeView? Notice { get; init; }

    /// <summary>Which of <see cref="SchedulerViews.Titles"/>.</summary>
    public int View { get; init; }

    public TraceStatus? Status { get; init; }

    /// <summary>Always there in the overview; below a trace's answers, where there is a trace.</summary>
    public MemoryPart? Memory { get; init; }

    /// <summary>Why memory tells nothing; in its place.</summary>
    public NoticeView? MemoryMissing { get; init; }

    /// <summary>Null while there is no trace; likewise the others.</summary>
    public TraceSummary? Summary { get; init; }

    public TimelinePart? Timeline { get; init; }

    public TraceList? List { get; init; }

    public OpenedPart? Opened { get; init; }

    public HistoryView History { get; init; } = HistoryView.Empty;
}

/// <summary>What is known at each tick, at no cost: from the runtime's memory.</summary>
/// <param name="Fit">How GOMAXPROCS fits the cores that may be used, in words.</param>
/// <param name="Recent">Scheduling latency since the last reading; <paramref name="Longer"/> since the mark, or since the start.</param>
/// <param name="Stops">Of the world, by length.</param>
/// <param name="ProcsMissing">Why there are no Ps.</param>
public sealed record MemoryPart(
    ImmutableArray<(string Text, Tone Tone)> Fit, DurationPanel Recent, DurationPanel Longer, ImmutableArray<FigureRow> Rows, DurationPanel Stops,
    ImmutableArray<ProcCounters> Procs, string? ProcsMissing, string Queues);

/// <summary>Durations by length, with what they come to.</summary>
/// <param name="Right">Count and quantiles; null where there is nothing.</param>
/// <param name="Note">Why there are none, or what to know about them.</param>
public sealed record DurationPanel(string Title, string? Right, ImmutableArray<DurationBucket> Buckets, string? Note);

/// <summary>What a trace says at first sight.</summary>
public sealed record TraceSummary(string Verdict, ImmutableArray<TraceAnswer> Answers, DurationPanel Latency, TimelinePart? Timeline);

/// <summary>A table of a trace that can be moved in, and what stands below it.</summary>
/// <param name="Second">A table below; null for none.</param>
/// <param name="Histogram">Durations below, or beside the second table; null for none.</param>
/// <param name="Empty">Said in place of the rows where there are none.</param>
public sealed record TraceList(string Title, TableView Table, string Empty, string SecondTitle, TableView? Second, DurationPanel? Histogram);

/// <summary>A wait or a place that has been opened: its stack, and who ended it.</summary>
public sealed record OpenedPart(string Title, ImmutableArray<(string Text, Tone Tone)> Lines, string FirstTitle, TableView First, string SecondTitle, TableView? Second, string SecondMissing);
