using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>Where the parts of the pane go; the same for drawing and for paging.</summary>
internal readonly record struct GoroutinesLayout(int HeadRows, bool BesideOneAnother, int TableWidth, int StackRows, int TableRows)
{
    private const int NarrowestBeside = 110;
    private const int GroupTableWidth = 46;

    public static GoroutinesLayout List(int height, int headRows) => new(headRows, false, 0, 0, Math.Max(0, height - headRows - Table.HeadRows));

    /// <summary>A view's list, and where there is room more about the selected row below; its size does not follow the selection.</summary>
    public static GoroutinesLayout ListWithPreview(int height, int headRows)
    {
        int below = Math.Max(0, height - headRows), preview = PreviewRows(below);
        return new GoroutinesLayout(headRows, false, 0, preview, Math.Max(0, below - preview - Table.HeadRows));
    }

    /// <param name="below">Rows below the head.</param>
    public static int PreviewRows(int below) => below < 18 ? 0 : Math.Min(18, below * 2 / 5);

    /// <param name="frames">Rows that the stack would like.</param>
    public static GoroutinesLayout Group(int width, int height, int headRows, int frames)
    {
        int below = Math.Max(0, height - headRows);
        if (width >= NarrowestBeside)
            return new GoroutinesLayout(headRows, true, GroupTableWidth, below, Math.Max(0, below - Box.Rows(false) - Table.HeadRows));
        // The stack is what one opens a group for: it gets up to two thirds.
        int stack = Math.Min(frames + Box.Rows(false) + Table.HeadRows, below * 2 / 3);
        return new GoroutinesLayout(headRows, false, width, stack, Math.Max(0, below - stack - Box.Rows(false) - Table.HeadRows));
    }
}
