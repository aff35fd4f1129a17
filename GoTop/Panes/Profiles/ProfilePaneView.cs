using System.Collections.Immutable;
using GoTop.Widgets;
using GoTop.Widgets.Flame;

namespace GoTop.Panes.Profiles;

/// <summary>What a pane of profiles shows: a list, an open function or a flame graph, below a head that says what it covers.</summary>
public sealed record ProfilePaneView
{
    public string? Ended { get; init; }

    /// <summary>In the place of everything else.</summary>
    public NoticeView? Notice { get; init; }

    public ProfileHead Head { get; init; } = new("");

    /// <summary>Rows that the head takes.</summary>
    public int HeadRows { get; init; }

    public TableView? Table { get; init; }

    /// <summary>Said in place of the rows when there are none.</summary>
    public string Empty { get; init; } = "";

    public FlameView? Flame { get; init; }

    /// <summary>Of the selected frame, below the flame graph.</summary>
    public ImmutableArray<(string Text, Tone Tone)> Details { get; init; } = [];
}

/// <param name="Title">The figure of first interest.</param>
public sealed record ProfileHead(string Title)
{
    /// <summary>When what is shown was taken; null leaves the moment out.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>What it covers; the moment stands after it: <c>2.0 s at</c> 12:31:05.</summary>
    public string Covers { get; init; } = "";

    /// <summary>More of that, after the moment.</summary>
    public string Status { get; init; } = "";

    public Tone StatusTone { get; init; } = Tone.Dim;

    /// <summary>What stands out, or what stands in the way.</summary>
    public string Verdict { get; init; } = "";

    public Tone VerdictTone { get; init; }

    /// <summary>Names of the views.</summary>
    public ImmutableArray<string> Tabs { get; init; } = [];

    /// <summary>The one that is shown.</summary>
    public int Tab { get; init; }

    /// <summary>Beside the tabs: what is opened, filtered, left out, compared.</summary>
    public string Aside { get; init; } = "";

    public FlameLegend Legend { get; init; }
}

/// <summary>What the colours of a flame graph stand for.</summary>
public enum FlameLegend : byte
{
    None,
    Origins,
    Growth,
}
