using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Overview;

/// <summary>A titled list of figures.</summary>
public sealed record FigureBlock(string Title, ImmutableArray<FigureRow> Rows);

public sealed record OverviewView
{
    public NoticeView? Notice { get; init; }

    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>What is said when there is no finding; and what could not be judged.</summary>
    public string Verdict { get; init; } = "";

    public Tone VerdictTone { get; init; }

    /// <summary>What the service's own metrics tell of its requests: a line for each protocol that they count.</summary>
    public ImmutableArray<ServiceLine> Service { get; init; } = [];

    /// <summary>What the last trace says, with its age; null without one.</summary>
    public string? Trace { get; init; }

    /// <summary>By importance, for each number of columns: see <see cref="OverviewBlocks"/>.</summary>
    public OverviewBlocks? Blocks { get; init; }

    /// <summary>Null where there are no groups; <see cref="GroupsMissing"/> says why.</summary>
    public TableView? Groups { get; init; }

    public string GroupsMissing { get; init; } = "";

    public string GroupsTitle { get; init; } = "";

    public ImmutableArray<SourceStatus> Sources { get; init; } = [];

    /// <summary>Shown where the screen is tall.</summary>
    public ImmutableArray<(string Title, CurveView Curve)> Curves { get; init; } = [];

    public HistoryView History { get; init; } = HistoryView.Empty;
}
