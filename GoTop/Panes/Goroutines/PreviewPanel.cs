using System.Collections.Immutable;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>More about the selected row, below the list: a stack, or lines.</summary>
public sealed record PreviewPanel(string Title, StackPanel? Stack, ImmutableArray<(string Text, Tone Tone)> Lines)
{
    public static PreviewPanel Of(StackPanel stack) => new("Stack", stack, []);

    public static PreviewPanel Of(string title, ImmutableArray<(string Text, Tone Tone)> lines) => new(title, null, lines);
}
