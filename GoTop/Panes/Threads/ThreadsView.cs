using System.Collections.Immutable;
using GoTop.Panes.Scheduler;
using GoTop.Widgets;

namespace GoTop.Panes.Threads;

/// <summary>The list of threads, or one that has been opened.</summary>
public sealed record ThreadsView
{
    public string? Ended { get; init; }

    public NoticeView? Notice { get; init; }

    /// <summary>Of an open thread.</summary>
    public string? Title { get; init; }

    public ImmutableArray<(string Text, Tone Tone)> Lines { get; init; } = [];

    public TableView? Table { get; init; }

    /// <summary>Said where the table has no rows.</summary>
    public string Empty { get; init; } = "";

    /// <summary>Beside an open thread's list, where there is room.</summary>
    public DurationPanel? Delays { get; init; }
}
