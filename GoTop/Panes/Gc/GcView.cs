using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Gc;

public sealed record GcView
{
    public string? Ended { get; init; }

    public NoticeView? Notice { get; init; }

    public ImmutableArray<FigureRow> Figures { get; init; } = [];

    public CurveView? Heap { get; init; }

    public CurveView? GcCpu { get; init; }

    public CurveView? Allocation { get; init; }

    public ImmutableArray<MemoryRow> Memory { get; init; } = [];

    /// <summary>What the whole bar of a memory row stands for.</summary>
    public double MemoryWholeBytes { get; init; }

    public string MemoryTitle { get; init; } = "";

    public ImmutableArray<DurationBucket> Pauses { get; init; } = [];

    public string PausesTitle { get; init; } = "";

    public string? PausesRight { get; init; }

    /// <summary>Why there are no pauses to show, or what to know about them.</summary>
    public string? PausesNote { get; init; }

    public HistoryView History { get; init; } = HistoryView.Empty;
}

/// <param name="Bytes">NaN when absent.</param>
public sealed record MemoryRow(string Label, Figure Value, double Bytes);
