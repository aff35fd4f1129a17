using GoTop.Widgets;

namespace GoTop.Panes.Cores;

/// <summary>Where the parts of the pane go; the same for drawing and for scrolling.</summary>
/// <param name="CoreRows">Lines of cores that are shown at once.</param>
internal readonly record struct CoresLayout(int WordRows, int CoreRows, int ProcRows)
{
    public const int ProcWidth = 18;

    private const int Words = 3;
    private const int CoreWidth = 38;

    /// <summary>The rule above the cores, which holds the legend.</summary>
    private const int LegendRows = 1;

    public static int CoreColumns(int width) => Math.Clamp(width / CoreWidth, 1, 6);

    public static int ProcColumns(int width) => Math.Max(1, width / ProcWidth);

    public static CoresLayout Of(int width, int height, int lines, int procs)
    {
        int words = height < 14 ? Math.Min(2, height) : Words;
        int left = Math.Max(0, height - words - LegendRows);
        int wanted = Box.Rows(false) + Math.Max(1, (procs + ProcColumns(width) - 1) / ProcColumns(width));
        // The Ps get what the cores leave them, and two fifths at least.
        int procRows = Math.Min(wanted, Math.Max(left - lines, left * 2 / 5));
        return new CoresLayout(words, Math.Max(0, left - procRows), procRows);
    }
}
