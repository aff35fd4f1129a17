using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Profiles;

/// <summary>
/// An open function: who calls it, whom it calls and which of its lines cost, each with its share of the function. One list,
/// so that it scrolls in any height; its headings are passed over when moving.
/// </summary>
internal sealed class FunctionPage : IRowKeys
{
    public static readonly ImmutableArray<TableColumn> Columns =
    [
        new("CUM", 9, Align.Right),
        new("OF IT", 6, Align.Right),
        new("FLAT", 9, Align.Right, Priority: 3),
        new("OF ALL", 6, Align.Right, Priority: 2),
        new("FUNCTION", 20, Grow: 3, Fit: Fit.GoName),
        new("WHERE", 14, Priority: 1, Grow: 2, Fit: Fit.Start),
    ];

    private readonly ShownProfile _shown;
    private readonly FunctionNeighbours _function;
    private readonly List<Row> _rows = [];

    private FunctionPage(ShownProfile shown, FunctionNeighbours function)
    {
        _shown = shown;
        _function = function;
        ImmutableDictionary<string, FunctionTotals> places = PlacesOf(function, shown);
        Add("called by", "nothing: it is the outermost function", function.Callers, places);
        Add("calls", "nothing that shows", function.Callees, places);
        AddLines();
    }

    public long Flat => _function.Flat;

    public long Cumulative => _function.Cumulative;

    public int Count => _rows.Count;

    /// <returns>Null when the profile does not have the function.</returns>
    public static FunctionPage? Of(ShownProfile shown, string function) =>
        shown.Profile.Neighbours(shown.Type, function) is { } neighbours ? new FunctionPage(shown, neighbours) : null;

    public object KeyAt(int row) => _rows[row].Key;

    public int IndexOf(object key) => _rows.FindIndex(row => row.Key.Equals(key));

    public bool IsHeading(int row) => _rows[row].Heading is not null;

    /// <summary>The function that opening the row leads to; null where it leads nowhere.</summary>
    public string? Opens(int row) => _rows[row] is { Heading: null, Key: (not Part.Lines, string function, _) } && function != _function.Function ? function : null;

    public TableCell Cell(int row, int column)
    {
        Row cells = _rows[row];
        if (cells.Heading is { } heading) return column == 4 ? new TableCell(heading, Tone.Title) : new TableCell("");
        return column switch
        {
            0 => new TableCell(_shown.Measure.Format(cells.Cumulative)),
            1 => new TableCell(Figures.Percent(Of(cells.Cumulative, _function.Cumulative))),
            2 => cells.Flat is { } flat ? new TableCell(_shown.Measure.Format(flat), flat == 0 ? Tone.Dim : Tone.Normal) : new TableCell(""),
            3 => new TableCell(Figures.Percent(_shown.Share(cells.Cumulative)), Tone.Dim),
            4 => new TableCell(cells.Key.Function, ProfileRows.ToneOf(_shown.Origins.Of(cells.Key.Function))),
            _ => new TableCell(cells.Place, Tone.Dim),
        };
    }

    private static double Of(double part, double whole) => whole == 0 ? 0 : part * 100 / whole;

    private static ImmutableDictionary<string, FunctionTotals> PlacesOf(FunctionNeighbours function, ShownProfile shown)
    {
        HashSet<string> wanted = [.. function.Callers.Select(caller => caller.Function), .. function.Callees.Select(callee => callee.Function)];
        return shown.Profile.Functions(shown.Type).Where(row => wanted.Contains(row.Function)).DistinctBy(row => row.Function).ToImmutableDictionary(row => row.Function);
    }

    private void Add(string heading, string none, ImmutableArray<FunctionNeighbour> neighbours, ImmutableDictionary<string, FunctionTotals> places)
    {
        Part part = heading == "calls" ? Part.Callees : Part.Callers;
        _rows.Add(new Row(new RowKey(part, "", 0)) { Heading = neighbours.IsEmpty ? $"{heading} {none}" : heading });
        foreach (FunctionNeighbour neighbour in neighbours)
        {
            string place = places.TryGetValue(neighbour.Function, out FunctionTotals? totals) ? ProfileRows.PlaceOf(totals.File, totals.Line) : "";
            _rows.Add(new Row(new RowKey(part, neighbour.Function, 0)) { Cumulative = neighbour.Value, Place = place });
        }
    }

    private void AddLines()
    {
        FunctionTotals[] lines = [.. _shown.Profile.Lines(_shown.Type).Where(line => line.Function == _function.Function).OrderByDescending(line => line.Cumulative)];
        _rows.Add(new Row(new RowKey(Part.Lines, "", 0)) { Heading = "its lines" });
        foreach (FunctionTotals line in lines)
        {
            _rows.Add(new Row(new RowKey(Part.Lines, line.Function, line.Line))
            {
                Cumulative = line.Cumulative,
                Flat = line.Flat,
                Place = ProfileRows.PlaceOf(line.File, line.Line),
            });
        }
    }

    internal enum Part : byte
    {
        Callers,
        Callees,
        Lines,
    }

    internal sealed record RowKey(Part Part, string Function, long Line);

    private sealed record Row(RowKey Key)
    {
        public string? Heading { get; init; }

        public long Cumulative { get; init; }

        public long? Flat { get; init; }

        public string Place { get; init; } = "";
    }
}
