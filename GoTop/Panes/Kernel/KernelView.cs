using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>What the kernel pane shows: one of its views, or what has been opened in it.</summary>
public sealed record KernelView
{
    public string? Ended { get; init; }

    /// <summary>In the place of everything else.</summary>
    public NoticeView? Notice { get; init; }

    /// <summary>Which of <see cref="KernelViews.Titles"/>.</summary>
    public int View { get; init; }

    /// <summary>The answer in words: short of cores or not, and who has them.</summary>
    public (string Text, Tone Tone) Verdict { get; init; } = ("", Tone.Normal);

    /// <summary>What is collected, how much of it, and whether some was lost.</summary>
    public (string Text, Tone Tone) Status { get; init; } = ("", Tone.Normal);

    /// <summary>What is not told, and why; empty where all is.</summary>
    public string NotTold { get; init; } = "";

    /// <summary>In the place of the figures: there are no events, and why. The verdict stands by the counters alone.</summary>
    public NoticeView? NoEvents { get; init; }

    public KernelOverview? Overview { get; init; }

    public KernelList? List { get; init; }

    public HistoryView History { get; init; } = HistoryView.Empty;
}

/// <summary>The first view.</summary>
/// <param name="Waits">Of threads for a core, by the kernel; beside them those of goroutines for a P, by Go, on the same axis.</param>
/// <param name="WaitsNote">Why one of them is missing, or what to know about them; null for nothing.</param>
/// <param name="Instead">Who had the cores while its threads waited; likewise its note.</param>
public sealed record KernelOverview(
    HistogramSide Waits, HistogramSide GoWaits, string? WaitsNote, ImmutableArray<FigureRow> Figures, TableView Instead, string? InsteadNote, TableView Longest);

/// <summary>A table that can be moved in.</summary>
/// <param name="Empty">Said where it has no rows.</param>
public sealed record KernelList(string Title, TableView Table, string Empty);
