using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>What the locks pane shows: a list of places, or one place with its stacks.</summary>
public sealed record LocksView
{
    public string? Ended { get; init; }

    /// <summary>In the place of everything else.</summary>
    public NoticeView? Notice { get; init; }

    public ProfileHead Head { get; init; } = new("");

    /// <summary>Rows that the head takes.</summary>
    public int HeadRows { get; init; }

    /// <summary>Why what was asked for is not there, above what is shown in its place; null when it is.</summary>
    public string? Instead { get; init; }

    /// <summary>Rows that it takes.</summary>
    public int InsteadRows { get; init; }

    public TableView? Table { get; init; }

    /// <summary>Said in place of the rows when there are none.</summary>
    public string Empty { get; init; } = "";
}
