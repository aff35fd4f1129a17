using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>What the goroutines pane shows: a view's list; or what was opened of it: a group with its stacks, goroutines, one goroutine.</summary>
public sealed record GoroutinesView
{
    public string? Ended { get; init; }

    /// <summary>The names of the pane's views, and which of them this is; null when something of it is open.</summary>
    public (ImmutableArray<string> Names, int Shown)? Views { get; init; }

    /// <summary>Room is kept below the list for more about the selected row.</summary>
    public bool HasPreview { get; init; }

    /// <summary>In the place of everything below that line.</summary>
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

    /// <summary>Of the row selected in the list, where there is room for it.</summary>
    public PreviewPanel? Preview { get; init; }
}

/// <param name="Index">Which of the stacks, from 0.</param>
/// <param name="Missing">Why there is no stack to show.</param>
public sealed record StackPanel(ImmutableArray<StackShape> Stacks, int Index, int GroupCount, string? Missing);
