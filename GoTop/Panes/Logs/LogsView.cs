using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Widgets;

namespace GoTop.Panes.Logs;

/// <summary>What the Logs pane shows: lines, or one of its tables, or what was opened in one.</summary>
public sealed record LogsView
{
    public string? Ended { get; init; }

    public required ImmutableArray<string> Views { get; init; }

    public int View { get; init; }

    /// <summary>Behind the views' names.</summary>
    public required string Status { get; init; }

    public Tone StatusTone { get; init; } = Tone.Dim;

    /// <summary>Lines a second by level; empty where there is no room, or nothing is told.</summary>
    public ImmutableArray<(string Text, Tone Tone)> Rates { get; init; } = [];

    /// <summary>Those that are shown, oldest first.</summary>
    public ImmutableArray<LogEntry> Lines { get; init; } = [];

    /// <summary>How many newer lines are out of sight.</summary>
    public int Below { get; init; }

    /// <summary>Columns that the lines are shifted to the left by.</summary>
    public int Skip { get; init; }

    /// <summary>Each line is preceded by the name of its log.</summary>
    public bool ShowsOrigins { get; init; }

    /// <summary>Said where there is nothing to be shown.</summary>
    public string Empty { get; init; } = "";

    public TableView? Table { get; init; }
}
