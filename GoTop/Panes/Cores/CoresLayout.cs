namespace GoTop.Panes.Cores;

/// <summary>Where the parts of the pane go; the same for drawing and for scrolling.</summary>
/// <param name="CoreRows">Lines of cores that are shown at once.</param>
/// <param name="CurveRows">Of the curve between cores and Ps; 0 where there is no room for it.</param>
internal readonly record struct CoresLayout(int WordRows, int CoreRows, int CurveRows, int ProcRows)
{
    /// <summary>The views' names.</summary>
    public const int HeadRows = 1;

    private const int Words = 3;
    private const int CoreWidth = 38;

    /// <summary>The rule above the cores, which holds the legend.</summary>
    private const int LegendRows = 1;

    private const int NarrowestCurve = 7;

    /// <summary>As few as let all cores be seen without scrolling, since a longer bar tells more.</summary>
    /// <param name="nodes">How many cores each node has.</param>
    public static int CoreColumns(int width, int height, int procs, ReadOnlySpan<int> nodes)
    {
        int most = Math.Clamp(width / CoreWidth, 1, 6);
        for (int columns = 1; columns < most; columns++)
        {
            int lines = 0;
            foreach (int cores in nodes) lines += 1 + ((cores + columns - 1) / columns);
            if (lines <= Of(width, height, lines, procs).CoreRows) return columns;
        }

        return most;
    }

    public static int WordsAbove(int height) => height < 14 ? Math.Min(2, height) : Words;

    public static CoresLayout Of(int width, int height, int lines, int procs)
    {
        int words = WordsAbove(height);
        int left = Math.Max(0, height - words - LegendRows);
        int wanted = ProcGrid.Rows(width, procs);
        // The Ps get what the cores leave them, and two fifths at least.
        int procRows = Math.Min(wanted, Math.Max(left - lines, left * 2 / 5));
        int cores = Math.Max(0, left - procRows), spare = cores - Math.Max(2, lines);
        int curve = spare >= NarrowestCurve ? Math.Min(spare, 24) : 0;
        return new CoresLayout(words, cores - curve, curve, procRows);
    }
}
