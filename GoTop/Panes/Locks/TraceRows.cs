using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>Where goroutines were blocked while a trace was taken, and who woke them.</summary>
internal static class TraceRows
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("BLOCKED", 8, Align.Right),
        new("WAITS", 8, Align.Right, Priority: 4),
        new("MEAN", 8, Align.Right, Priority: 5),
        new("MAX", 8, Align.Right, Priority: 2),
        new("REASON", 12, Priority: 1),
        new("WHERE", 24, Grow: 3, Fit: Fit.GoName),
        new("LINE", 12, Priority: 3, Grow: 2, Fit: Fit.Start),
        new("WOKEN MOSTLY BY", 20, Priority: 6, Grow: 2, Fit: Fit.GoName),
    ];

    public static LockRows<BlockedSite> Of(TraceReport report) => new(Columns, report.BlockedSites, site => new LockKey(site.Reason, Place(site.Site)), Number, Cell);

    /// <summary>The place in the program: the outermost frame that the trace's report keeps.</summary>
    public static CodeLocation Place(ImmutableArray<CodeLocation> site) => site.IsDefaultOrEmpty ? new CodeLocation("", "", 0) : site[^1];

    private static double? Number(BlockedSite site, int column) => column switch
    {
        1 => site.Count,
        2 => site.Count > 0 ? site.TotalNanoseconds / (double)site.Count : null,
        3 => site.MaxNanoseconds,
        _ => site.TotalNanoseconds,
    };

    private static TableCell Cell(BlockedSite site, int column) => column switch
    {
        0 => new TableCell(Figures.Nanoseconds(site.TotalNanoseconds)),
        1 => new TableCell(Figures.Count(site.Count)),
        2 => new TableCell(Figures.Nanoseconds(site.TotalNanoseconds / (double)Math.Max(1, site.Count))),
        3 => new TableCell(Figures.Nanoseconds(site.MaxNanoseconds)),
        4 => new TableCell(site.Reason),
        5 => Function(Place(site.Site), Tone.Accent),
        6 => new TableCell(ProfileRows.PlaceOf(Place(site.Site).File, Place(site.Site).Line), Tone.Dim),
        _ => site.WokenBy.IsDefaultOrEmpty ? new TableCell(Figure.MissingText, Tone.Dim) : Waker(site.WokenBy[0]),
    };

    private static TableCell Waker(WokenBy waker) =>
        waker.Site.IsDefaultOrEmpty ? new TableCell("the runtime: timer, network, GC", Tone.Dim) : Function(Place(waker.Site), Tone.Dim);

    private static TableCell Function(CodeLocation place, Tone tone) => place.Function.Length > 0 ? new TableCell(place.Function, tone) : new TableCell("unknown", Tone.Dim);
}
