using System.Collections.Immutable;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class TableTests
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("COUNT", 6, Align.Right),
        new("STATE", 8, Priority: 2),
        new("FUNCTION", 12, Grow: 1, Fit: Fit.GoName),
        new("PLACE", 10, Priority: 1, Fit: Fit.Start),
    ];

    [Fact]
    public void Only_rows_in_sight_are_asked_for()
    {
        List<int> asked = [];
        TableView view = new(Columns, 100_000, (row, column) =>
        {
            if (column == 0) asked.Add(row);
            return new TableCell("x");
        })
        { Top = 50_000 };
        Draw(view, 60, 11);
        Assert.Equal(Enumerable.Range(50_000, 10), asked);
    }

    [Theory]
    [InlineData(80, new[] { 6, 8, 50, 10 })]
    [InlineData(42, new[] { 6, 8, 12, 10 })]
    [InlineData(41, new[] { 6, 0, 21, 10 })]
    [InlineData(31, new[] { 6, 0, 23, 0 })]
    [InlineData(14, new[] { 6, 0, 6, 0 })]
    public void Columns_give_way_by_priority_and_the_rest_is_shared(int width, int[] expected)
    {
        int[] widths = new int[Columns.Length];
        Table.Layout(Columns.AsSpan(), width, widths);
        Assert.Equal(expected, widths);
    }

    [Fact]
    public void Heads_cells_the_sort_mark_and_the_scroll_bar_stand_where_they_should()
    {
        string[] names = ["github.com/acme/api/orders.(*Handler).Create.func1", "main.main", "net/http.(*conn).serve", "sync.(*Mutex).Lock", "time.Sleep"];
        TableView view = new(Columns, names.Length, (row, column) => new TableCell(column switch
        {
            0 => Figures.Count(1000 * row),
            1 => "waiting",
            2 => names[row],
            _ => "/src/acme/api/main.go:17",
        }))
        { SortColumn = 0, Descending = true, Selected = 1 };
        GoldenScreens.AssertSame("table", Draw(view, 52, 5).ToString());
    }

    [Fact]
    public void The_selected_row_is_marked_in_colour_and_without_colours()
    {
        TableView view = new(Columns, 3, (_, _) => new TableCell("x", Tone.Critical)) { Selected = 1 };
        Canvas coloured = Draw(view, 52, 5);
        Assert.Equal(GoldenScreens.Theme.SelectionBackground, coloured[30, 2].Style.Background);
        Assert.NotEqual(GoldenScreens.Theme.SelectionBackground, coloured[30, 1].Style.Background);

        Canvas plain = new(52, 5);
        Table.Draw(view, new DrawContext(plain.All, GoTop.Themes.Theme.Monochrome, GlyphSet.Unicode));
        Assert.Equal(Emphasis.Reverse, plain[30, 2].Style.Emphasis);
    }

    private static Canvas Draw(TableView view, int width, int height)
    {
        Canvas canvas = new(width, height);
        Table.Draw(view, new DrawContext(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode));
        return canvas;
    }
}
