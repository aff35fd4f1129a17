using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>Where goroutines wait at this moment, as their memory tells.</summary>
internal static class WaitRows
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("COUNT", 7, Align.Right),
        new("OLDEST≥", 8, Align.Right, Priority: 2),
        new("WAITS FOR", 16, Priority: 1),
        new("WHERE", 24, Grow: 3, Fit: Fit.GoName),
        new("LINE", 12, Priority: 3, Grow: 2, Fit: Fit.Start),
        new("ON", 20, Priority: 4, Grow: 1),
    ];

    /// <param name="all">Also what idle workers do: receives and selects.</param>
    public static LockRows<WaitPlace> Of(ImmutableArray<WaitPlace> places, bool all) =>
        new(Columns, all ? places : [.. places.Where(place => place.Class != WaitClass.Receive)], place => new LockKey(place.Reason, place.Where), Number, Cell);

    /// <summary><c>one mutex, locked</c>, <c>312 channels</c>; what the goroutines of a place wait on, where that was read.</summary>
    public static string On(WaitPlace place)
    {
        if (place.On.IsDefaultOrEmpty) return Figure.MissingText;
        if (place.On.Length > 1)
        {
            string kind = place.On.All(on => on.What.Kind == place.On[0].What.Kind) ? $"{NameOf(place.On[0].What.Kind)}s" : "things";
            return $"{Figures.Count(place.On.Length)} {kind}, {Figures.Count(place.On[0].Waiters)} on one";
        }

        return Describe(place.On[0].What);
    }

    /// <summary><c>mutex 0xc000214008, locked</c>, <c>channel 0xc0003c8000, 64 of 64 full</c>.</summary>
    public static string Describe(WaitObject what)
    {
        string name = Figures.Invariant($"{NameOf(what.Kind)} 0x{what.Address:x}");
        return what switch
        {
            { Kind: WaitObjectKind.Channel, IsClosedOrLocked: true } => $"{name}, closed",
            { Kind: WaitObjectKind.Channel, Count: >= 0, Capacity: 0 } => $"{name}, unbuffered",
            { Kind: WaitObjectKind.Channel, Count: >= 0 } => $"{name}, {Figures.Count(what.Count)} of {Figures.Count(what.Capacity)} in its buffer",
            { Kind: WaitObjectKind.Mutex, IsClosedOrLocked: true } => $"{name}, locked",
            { Kind: WaitObjectKind.RWMutex, IsClosedOrLocked: true } => $"{name}, locked for writing",
            { Kind: WaitObjectKind.RWMutex, Count: > 0 } => $"{name}, read by {Figures.Count(what.Count)}",
            { Kind: WaitObjectKind.WaitGroup, Count: >= 0 } => $"{name}, {Figures.Count(what.Count)} not done",
            _ => name,
        };
    }

    private static string NameOf(WaitObjectKind kind) => kind switch
    {
        WaitObjectKind.Channel => "channel",
        WaitObjectKind.Mutex => "mutex",
        WaitObjectKind.RWMutex => "rwmutex",
        WaitObjectKind.WaitGroup => "waitgroup",
        WaitObjectKind.Cond => "cond",
        _ => "semaphore",
    };

    private static double? Number(WaitPlace place, int column) => column == 0 ? place.Count : place.OldestNanoseconds > 0 ? place.OldestNanoseconds : null;

    private static TableCell Cell(WaitPlace place, int column) => column switch
    {
        0 => new TableCell(Figures.Count(place.Count)),
        1 => place.OldestNanoseconds > 0 ? new TableCell(Figures.Age(place.OldestNanoseconds / 1e9)) : new TableCell(Figure.MissingText, Tone.Dim),
        2 => new TableCell(place.Reason, place.Class == WaitClass.Receive ? Tone.Dim : Tone.Normal),
        3 => place.Where.Function.Length > 0 ? new TableCell(place.Where.Function, Tone.Accent) : new TableCell("unknown", Tone.Dim),
        4 => new TableCell(ProfileRows.PlaceOf(place.Where.File, place.Where.Line), Tone.Dim),
        _ => new TableCell(On(place), Tone.Dim),
    };
}
