namespace GoTop.Bench.Report;

internal static class MarkdownTable
{
    /// <summary>A table whose first column is text and whose other columns are figures.</summary>
    public static IEnumerable<string> Lines(string[] heads, IEnumerable<string[]> rows)
    {
        yield return Row(heads);
        yield return Row([.. heads.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (string[] row in rows) yield return Row(row);
        yield return "";
    }

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";
}
