using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Logs;

/// <summary>Patterns and panics as tables.</summary>
internal static partial class LogTables
{
    public static readonly ImmutableArray<TableColumn> PatternColumns =
    [
        new("LINES", 8, Align.Right),
        new("PER SECOND", 10, Align.Right, Priority: 1),
        new("LEVEL", 5),
        new("NEW", 3),
        new("LAST", 8, Priority: 2),
        new("PATTERN", 20, Grow: 1),
    ];

    public static readonly ImmutableArray<TableColumn> CrashColumns =
    [
        new("COUNT", 6, Align.Right),
        new("LAST", 8),
        new("KIND", 15, Priority: 2),
        new("REASON", 20, Grow: 2),
        new("WHERE", 18, Grow: 2, Fit: Fit.GoName),
        new("GOROUTINE", 9, Align.Right, Priority: 3),
    ];

    private static readonly ImmutableArray<TableColumn> PageColumns = [new("PANIC", 20, Grow: 1)];

    public static SortableTable Patterns(ImmutableArray<PatternFigure> patterns, PaneState state) => SortableTable.Of(
        PatternColumns,
        patterns.Select(figure =>
        {
            LogPattern pattern = figure.Pattern;
            Tone tone = LogWords.ToneOf(pattern.Level);
            Figure rate = Figure.Of(figure.PerSecond, Figures.PerSecond);
            return new SortableRow(
                (pattern.Template, pattern.Level),
                [
                    new(Figures.Count(pattern.Lines)), new(rate.Text, rate.Tone), new(pattern.Level.Name(), tone), new(pattern.IsNew ? "new" : "", Tone.Accent),
                    new(Figures.Clock(pattern.LastAt), Tone.Dim), new(pattern.Template, tone),
                ],
                [pattern.Lines, figure.PerSecond.ValueOr(-1), (int)pattern.Level, pattern.IsNew ? 1 : 0, pattern.LastAt.UtcTicks, double.NaN]);
        }),
        state);

    public static SortableTable Crashes(ImmutableArray<LogCrash> crashes, PaneState state) => SortableTable.Of(
        CrashColumns,
        crashes.Select(crash => new SortableRow(
            KeyOf(crash),
            [
                new(Figures.Count(crash.Count)), new(Figures.Clock(crash.LastAt), Tone.Dim), new(LogWords.Kind(crash.Kind), crash.Kind == LogCrashKind.Recovered ? Tone.Warning : Tone.Critical),
                new(crash.Reason), new(crash.Place is { } place ? GoroutineWords.Function(place) : "", Tone.Accent), new(crash.Goroutine is { } id ? Figures.Invariant($"{id}") : "–", Tone.Dim),
            ],
            [crash.Count, crash.LastAt.UtcTicks, double.NaN, double.NaN, double.NaN, crash.Goroutine ?? -1])),
        state);

    public static object KeyOf(LogCrash crash) => (crash.Kind, crash.FirstAt, crash.Place);

    /// <summary>What is known of a crash, and its first lines as they stand in the log.</summary>
    public static ImmutableArray<TableCell> Page(LogCrash crash)
    {
        string before = crash.CountSince < crash.Count ? $", {Figures.Count(crash.CountSince)} of them since GoTop follows" : "";
        string goroutine = crash.Goroutine is { } id ? Figures.Invariant($", goroutine {id} at fault") : "";
        List<TableCell> rows =
        [
            new($"{LogWords.Kind(crash.Kind)}: {crash.Reason}", Tone.Critical),
            new($"{Figures.Counted(crash.Count, "time")}{before}; first {Figures.Clock(crash.FirstAt)}, last {Figures.Clock(crash.LastAt)} in {crash.Origin}{goroutine}"),
        ];
        if (crash.Place is { } place) rows.Add(new($"in {GoroutineWords.Function(place)}  {ProfileRows.PlaceOf(place.File, place.Line)}", Tone.Accent));
        rows.Add(new("The newest, as it stands in the log:", Tone.Title));
        // Frames stand behind a tab, which is a blank by now.
        rows.AddRange(crash.Text.Select(line => new TableCell(line.StartsWith(' ') ? "   " + line : line, Tone.Dim)));
        return [.. rows];
    }

    public static TableView PageTable(LogCrash crash, PaneState state, int visibleRows)
    {
        ImmutableArray<TableCell> rows = Page(crash);
        (int selected, int top) = ListNavigation.Resolve(state, new NumberedRows(rows.Length), visibleRows);
        return new TableView(PageColumns, rows.Length, (row, _) => rows[row]) { Top = top, Selected = selected };
    }

    /// <summary>
    /// A filter for the lines of a pattern. What may be an escape in it is a character, a blank or nothing in a line's message, and
    /// a backslash in that of another.
    /// </summary>
    public static string FilterOf(LogPattern pattern)
    {
        string expression = string.Join(".*", Wildcards().Split(pattern.Template).Select(Regex.Escape))
            .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\\ ", "\\s+", StringComparison.Ordinal);
        string end = Encoding.UTF8.GetByteCount(pattern.Template) < PatternMask.MostBytes / 2 ? "$" : "";
        return $"msg~\"^{expression}{end}\"";
    }

    /// <summary>What a pattern leaves open, and escapes of JSON and Go.</summary>
    [GeneratedRegex(@"(?:\*|\\u[0-9a-fA-F]{4}|\\.?)+", RegexOptions.CultureInvariant)]
    private static partial Regex Wildcards();
}
