using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes;

/// <summary>What has been opened, as one list under headings, so that it scrolls in any height.</summary>
internal sealed class PageRows
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("FIGURE", 9, Align.Right),
        new("WHAT, OR FUNCTION", 26, Grow: 3, Fit: Fit.GoName),
        new("MORE, OR WHERE", 16, Priority: 1, Grow: 2, Fit: Fit.Start),
    ];

    private readonly List<(TableCell Figure, TableCell Text, string Place)> _rows = [];

    public int Count => _rows.Count;

    public void Heading(string text) => _rows.Add((default, new TableCell(text, Tone.Title), ""));

    public void Add(string figure, string text, Tone tone = Tone.Normal, string more = "") => _rows.Add((new TableCell(figure, tone), new TableCell(text, tone), more));

    public void Note(string text) => _rows.Add((default, new TableCell(text, Tone.Dim), ""));

    /// <param name="frames">Innermost first.</param>
    public void Stack(IEnumerable<(CodeLocation Location, Tone Tone)> frames)
    {
        foreach ((CodeLocation location, Tone tone) in frames)
            _rows.Add((default, new TableCell(GoroutineWords.Function(location), tone), ProfileRows.PlaceOf(location.File, location.Line)));
    }

    public TableView Table(PaneState state, int visibleRows)
    {
        (int selected, int top) = ListNavigation.Resolve(state, new NumberedRows(Count), visibleRows);
        return new TableView(Columns, Count, Cell) { Top = top, Selected = selected };
    }

    private TableCell Cell(int row, int column) => column switch
    {
        0 => _rows[row].Figure with { Text = _rows[row].Figure.Text ?? "" },
        1 => _rows[row].Text,
        _ => new TableCell(_rows[row].Place, Tone.Dim),
    };
}
