using System.Collections.Immutable;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <summary>
/// The line that names a pane's views, with the one shown standing out. Where not all fit, those around the one shown do,
/// and marks say on which side there are more.
/// </summary>
public static class ViewBar
{
    private const string Earlier = "< ", Later = " >";

    /// <summary>Draws on the first row, and returns the column after it.</summary>
    public static int Draw(ImmutableArray<string> views, int shown, DrawContext context)
    {
        int width = context.Surface.Width;
        (int first, int last) = Visible(views, shown, width);
        int x = 0;
        if (first > 0) x = context.Write(x, 0, Earlier, Tone.Dim);
        for (int i = first; i <= last; i++)
        {
            Style style = i == shown ? context.Theme.SelectedRow().Bold() : context.Theme.DimText;
            x = context.Write(x, 0, width - x, $" {views[i]} ", style);
        }

        return last < views.Length - 1 ? context.Write(x, 0, Later, Tone.Dim) : x;
    }

    private static (int First, int Last) Visible(ImmutableArray<string> views, int shown, int width)
    {
        if (views.Sum(Width) <= width) return (0, views.Length - 1);
        int room = width - Earlier.Length - Later.Length - Width(views[shown]), first = shown, last = shown;
        while (true)
        {
            if (last + 1 < views.Length && Width(views[last + 1]) <= room) room -= Width(views[++last]);
            else if (first > 0 && Width(views[first - 1]) <= room) room -= Width(views[--first]);
            else return (first, last);
        }
    }

    private static int Width(string view) => PlainCells.Columns(view) + 2;
}
