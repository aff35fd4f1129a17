using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

public sealed record SchedulerView
{
    public string? Ended { get; init; }

    /// <summary>In the place of everything else.</summary>
    public NoticeView? Notice { get; init; }

    public MemoryPart? Memory { get; init; }

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
