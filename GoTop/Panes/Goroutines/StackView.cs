using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>A stack's frames as a table, innermost first.</summary>
internal static class StackView
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("FUNCTION, INNERMOST FIRST", 26, Grow: 3, Fit: Fit.GoName),
        new("WHERE", 20, Priority: 1, Grow: 2, Fit: Fit.Start),
    ];

    public static TableView Of(ImmutableArray<CodeLocation> frames) => new(Columns, frames.Length, (row, column) => Cell(frames[row], column));

    /// <summary>The target's own code stands out from Go's runtime and library.</summary>
    public static Tone ToneOf(string function) =>
        function.StartsWith("main.", StringComparison.Ordinal) || Package(function).Contains('.') ? Tone.Accent : Tone.Normal;

    private static TableCell Cell(CodeLocation frame, int column) => column == 0
        ? new TableCell(GoroutineWords.Function(frame), ToneOf(frame.Function))
        : new TableCell(GoroutineWords.Place(frame), Tone.Dim);

    /// <summary>The first element of the import path: a host name, for anything outside Go's own library.</summary>
    private static ReadOnlySpan<char> Package(string function)
    {
        int slash = function.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? default : function.AsSpan(0, slash);
    }
}
