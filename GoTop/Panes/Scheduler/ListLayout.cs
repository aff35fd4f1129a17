namespace GoTop.Panes.Scheduler;

/// <summary>Where a view's two parts go, one below the other; the same for drawing and for paging.</summary>
/// <param name="FirstRows">With its rule and its head.</param>
internal readonly record struct ListLayout(int FirstRows, int SecondRows)
{
    private const int Heads = 2;
    private const int LeastSecond = 5;

    /// <summary>Rows of the first part's table.</summary>
    public int TableRows => Math.Max(0, FirstRows - Heads);

    /// <param name="first">Rows of its table; likewise the second, 0 when there is none.</param>
    public static ListLayout Of(int height, int first, int second)
    {
        if (second == 0) return new ListLayout(height, 0);
        int wanted = Math.Max(1, first) + Heads, other = Math.Min(second + Heads, Math.Max(LeastSecond, height / 3));
        // The second one gets what the first leaves, and a third if need be.
        int rows = Math.Min(wanted, height - other);
        return height < Heads + LeastSecond + 2 ? new ListLayout(height, 0) : new ListLayout(rows, height - rows);
    }
}
