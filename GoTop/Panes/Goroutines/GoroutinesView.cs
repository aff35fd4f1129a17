using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>What the goroutines pane shows: a list; or a group, with its stacks and its goroutines; or one goroutine.</summary>
public sealed record GoroutinesView
{
    public string? Ended { get; init; }

    /// <summary>In the place of everything else.</summary>
    public NoticeView? Notice { get; init; }

    /// <summary>Bold first line.</summary>
    public string Title { get; init; } = "";

    /// <summary>Lines below it, and how they are meant.</summary>
    public ImmutableArray<(string Text, Tone Tone)> Lines { get; init; } = [];

    /// <summary>The list, or the goroutines of the group.</summary>
    public TableView? Table { get; init; }

    /// <summary>Said in place of the rows when there are none.</summary>
    public string Empty { get; init; } = "";

    /// <summary>Of the open group.</summary>
    public StackPanel? Stack { get; init; }

    /// <summary>Of the group selected in the list, where there is room for it.</summary>
    public StackPanel? Preview { get; init; }
}

/// <param name="Index">Which of the stacks, from 0.</param>
/// <param name="Missing">Why there is no stack to show.</param>
public sealed record StackPanel(ImmutableArray<StackShape> Stacks, int Index, int GroupCount, string? Missing);
