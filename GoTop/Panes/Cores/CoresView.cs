using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Cores;

public sealed record CoresView
{
    public string? Ended { get; init; }

    public NoticeView? Notice { get; init; }

    /// <summary>Which of the pane's views.</summary>
    public int View { get; init; }

    /// <summary>Of the second view: who has each core, or what has been opened there; null in the first.</summary>
    public TableView? Table { get; init; }

    /// <summary>Above that table: of which core, or why processes are not told.</summary>
    public string TableTitle { get; init; } = "";

    /// <summary>GOMAXPROCS, allowed cores and quota, and whether they fit together.</summary>
    public ImmutableArray<(string Text, Tone Tone)> Words { get; init; } = [];

    /// <summary>A node's heading, or some of its cores side by side.</summary>
    public ImmutableArray<CoreLine> Lines { get; init; } = [];

    /// <summary>In how many columns.</summary>
    public int Columns { get; init; } = 1;

    public CurveView? Curve { get; init; }

    /// <summary>First line shown.</summary>
    public int Top { get; init; }

    /// <summary>Why there are no cores.</summary>
    public string? CoresMissing { get; init; }

    /// <summary>Null when it is not known on which cores the target may run.</summary>
    public CoreSet? Allowed { get; init; }

    public ImmutableArray<ProcCounters> Procs { get; init; } = [];

    public string ProcsTitle { get; init; } = "";

    public string? ProcsMissing { get; init; }
}

/// <param name="Heading">Null for a line of cores.</param>
public sealed record CoreLine(string? Heading, ImmutableArray<CoreLoad> Cores);
