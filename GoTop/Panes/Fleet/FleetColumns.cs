using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Fleet;

/// <summary>One column of a table of the fleet.</summary>
/// <param name="Number">What it sorts by, the largest first, NaN last; null for a column of text.</param>
internal sealed record FleetColumn<TRow>(TableColumn Table, Func<TRow, TableCell> Cell, Func<TRow, double>? Number = null);

/// <summary>The columns of both tables, the first being what they are sorted by at first.</summary>
internal static class FleetColumns
{
    public static readonly ImmutableArray<FleetColumn<RankedRow>> OfTargets =
    [
        new(new("STATE", 6), State, row => row.Score),
        new(new("SERVICE", 10, Grow: 1), row => new TableCell(row.Row.Service)),
        new(new("TARGET", 14, Grow: 2), row => new TableCell(row.Row.Name, Tone.Accent)),
        new(new("CPU", 6, Align.Right, Priority: 2), row => Cell(row, FleetFigure.Cpu), row => Number(row, FleetFigure.Cpu)),
        new(new("MEMORY", 9, Align.Right, Priority: 3), row => Cell(row, FleetFigure.Resident), row => Number(row, FleetFigure.Resident)),
        new(new("GOROUTINES", 10, Align.Right, Priority: 4), row => Cell(row, FleetFigure.Goroutines), row => Number(row, FleetFigure.Goroutines)),
        new(new("SCHED P99", 9, Align.Right, Priority: 10), row => Cell(row, FleetFigure.SchedulingLatency), row => Number(row, FleetFigure.SchedulingLatency)),
        new(new("HEAP", 9, Align.Right, Priority: 11), row => Cell(row, FleetFigure.Heap), row => Number(row, FleetFigure.Heap)),
        new(new("WHY", 18, Grow: 5, Priority: 1), Why),
        new(new("HOST", 9, Grow: 1, Priority: 7), row => Figure.Of(row.Row.Host, text => text).Cell),
        new(new("OS", 7, Priority: 8), row => Figure.Of(row.Row.Os, text => text).Cell),
        new(new("VERSION", 9, Priority: 6, Grow: 1), row => Figure.Of(row.Row.Version, text => text).Cell),
        new(new("GO", 9, Priority: 9), row => Figure.Of(row.Row.GoVersion, text => text).Cell),
    ];

    public static readonly ImmutableArray<FleetColumn<FleetGroup>> OfGroups =
    [
        new(new("STATE", 6), group => State(group.Rows[0]), group => group.Score),
        new(new("NAME", 16, Grow: 2), group => group.Name is { } name ? new TableCell(name, Tone.Accent) : new TableCell("not known", Tone.Dim)),
        new(new("TARGETS", 7, Align.Right), group => new TableCell(Figures.Count(group.Rows.Length)), group => group.Rows.Length),
        new(new("DOWN", 5, Align.Right), group => Counted(group.Down, Tone.Critical), group => group.Down),
        new(new("TROUBLE", 7, Align.Right, Priority: 4), group => Counted(group.InTrouble, Tone.Warning), group => group.InTrouble),
        new(new("CPU", 6, Align.Right, Priority: 2), group => Cell(group.Sum(FleetFigure.Cpu), FleetFigure.Cpu), group => Number(group.Sum(FleetFigure.Cpu))),
        new(new("MEMORY", 9, Align.Right, Priority: 3), group => Cell(group.Sum(FleetFigure.Resident), FleetFigure.Resident), group => Number(group.Sum(FleetFigure.Resident))),
        new(new("GOROUTINES EACH", 15, Align.Right, Priority: 6), group => Cell(group.Median(FleetFigure.Goroutines), FleetFigure.Goroutines), group => Number(group.Median(FleetFigure.Goroutines))),
        new(new("WORST", 18, Grow: 4, Priority: 1), group => group.Rows[0].Causes.IsEmpty ? new TableCell("") : Why(group.Rows[0]) with { Text = $"{group.Rows[0].Row.Name}: {group.Rows[0].Causes[0].Brief}" }),
        new(new("OS", 8, Priority: 5, Grow: 1), group => Common(group.Common(row => row.Os, "systems"))),
        new(new("VERSION", 9, Priority: 7, Grow: 1), group => Common(group.Common(row => row.Version, "versions"))),
    ];

    public static Tone ToneOf(TroubleCause cause) => cause.Severity == Severity.Notice ? Tone.Accent : cause.Severity.ToTone();

    public static string TextOf(Reading<double> reading, FleetFigure figure) => Figure.Of(reading, value => Figures.Of(FleetFigureCatalog.Of(figure).Unit, value)).Text;

    private static TableCell State(RankedRow row)
    {
        if (row.Row.State == FleetState.NotYet) return new TableCell("…", Tone.Dim);
        if (row.Causes.IsEmpty) return new TableCell("ok", Tone.Good);
        TroubleCause cause = row.Causes[0];
        string word = cause.Kind switch
        {
            TroubleKind.Down => "down",
            TroubleKind.Unread => "unread",
            TroubleKind.Alert => "alert",
            TroubleKind.Limit => "limit",
            TroubleKind.Odd => "odd",
            _ => "young",
        };
        return new TableCell(word, cause.Kind == TroubleKind.Restarted ? Tone.Dim : ToneOf(cause));
    }

    private static TableCell Why(RankedRow row) => row.Causes.IsEmpty
        ? new TableCell("")
        : new TableCell(string.Join("; ", row.Causes.Select(cause => cause.Brief)), row.IsInTrouble ? ToneOf(row.Causes[0]) : Tone.Dim);

    private static TableCell Cell(RankedRow row, FleetFigure figure)
    {
        TableCell cell = Cell(row.Row[figure], figure);
        return row.Odd.Any(odd => odd.Figure == figure) ? cell with { Tone = Tone.Accent } : cell;
    }

    private static TableCell Cell(Reading<double> reading, FleetFigure figure) => Figure.Of(reading, value => Figures.Of(FleetFigureCatalog.Of(figure).Unit, value)).Cell;

    private static TableCell Counted(int count, Tone tone) => new(Figures.Count(count), count > 0 ? tone : Tone.Dim);

    private static TableCell Common(string? text) => text is null ? new TableCell(Figure.MissingText, Tone.Dim) : new TableCell(text);

    private static double Number(RankedRow row, FleetFigure figure) => Number(row.Row[figure]);

    private static double Number(Reading<double> reading) => reading.TryGet(out double value) ? value : double.NaN;
}
