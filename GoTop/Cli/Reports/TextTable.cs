using GoTop.Engine.Model;

namespace GoTop.Cli.Reports;

/// <summary>Columns of plain text, as wide as their widest cell; the last column is left-aligned and as long as it is.</summary>
internal sealed class TextTable(params string[] head)
{
    private const int LongestCell = 200;

    private readonly List<string[]> _rows = [];

    /// <summary>So many columns from the left hold text, and are left-aligned as well.</summary>
    public int LeftColumns { get; init; }

    /// <param name="cells">As many as there are heads. Cleaned here, so they may be a file's own text.</param>
    public void Add(params ReadOnlySpan<string> cells)
    {
        string[] row = new string[cells.Length];
        for (int i = 0; i < cells.Length; i++) row[i] = PlainText.Clean(cells[i], LongestCell);
        _rows.Add(row);
    }

    /// <summary>Nothing at all when there is no row.</summary>
    public void Write(TextWriter output, string title)
    {
        if (_rows.Count == 0) return;
        output.WriteLine();
        output.WriteLine(title);
        int[] widths = [.. head.Select((text, column) => Math.Max(text.Length, _rows.Max(row => row[column].Length)))];
        WriteRow(output, head, widths);
        foreach (string[] row in _rows) WriteRow(output, row, widths);
    }

    private void WriteRow(TextWriter output, string[] cells, int[] widths)
    {
        output.Write(' ');
        for (int i = 0; i < cells.Length - 1; i++)
        {
            output.Write(' ');
            output.Write(i < LeftColumns ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i]));
        }

        output.Write("  ");
        output.WriteLine(cells[^1]);
    }
}
