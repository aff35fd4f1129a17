using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>What is waited on, and what would end the wait, in words.</summary>
internal static class WaitWords
{
    public static string Address(WaitObject thing) => Figures.Invariant($"0x{thing.Address:x}");

    public static string Kind(WaitObjectKind kind) => kind switch
    {
        WaitObjectKind.Channel => "chan",
        WaitObjectKind.Mutex => "Mutex",
        WaitObjectKind.RWMutex => "RWMutex",
        WaitObjectKind.WaitGroup => "WaitGroup",
        WaitObjectKind.Cond => "Cond",
        _ => "semaphore",
    };

    /// <summary><c>chan orders.Event</c>.</summary>
    public static string Kind(WaitObject thing, string elementType) =>
        thing.Kind == WaitObjectKind.Channel && elementType.Length > 0 ? $"chan {Drawing.WithoutImportPath(elementType)}" : Kind(thing.Kind);

    /// <summary><c>full, 64 of 64</c>, <c>locked</c>, <c>3 Done missing</c>; empty when there is nothing to say.</summary>
    public static string Standing(WaitObject thing)
    {
        if (thing.Count < 0) return "could not be read";
        return thing.Kind switch
        {
            WaitObjectKind.Channel when thing.IsClosedOrLocked => "closed",
            WaitObjectKind.Channel when thing.Capacity == 0 => "unbuffered",
            WaitObjectKind.Channel when thing.Count == thing.Capacity => $"full, {Figures.Count(thing.Count)} of {Figures.Count(thing.Capacity)}",
            WaitObjectKind.Channel when thing.Count == 0 => $"empty, of {Figures.Count(thing.Capacity)}",
            WaitObjectKind.Channel => $"{Figures.Count(thing.Count)} of {Figures.Count(thing.Capacity)}",
            WaitObjectKind.Mutex => thing.IsClosedOrLocked ? "locked" : "free",
            WaitObjectKind.RWMutex => thing.IsClosedOrLocked ? "locked for writing" : thing.Count > 0 ? $"{Figures.Count(thing.Count)} reading" : "free",
            WaitObjectKind.WaitGroup => $"{Figures.Count(thing.Count)} Done missing",
            _ => "",
        };
    }

    /// <summary>Who could let them go on, as far as memory tells.</summary>
    public static string Release(WaitObject thing) => thing.Kind switch
    {
        WaitObjectKind.Channel when thing.Count < 0 || (thing.SendersWait && thing.ReceiversWait) => "",
        WaitObjectKind.Channel when thing.SendersWait => "Nobody receives: a receive would let one of them go on.",
        WaitObjectKind.Channel => "Nobody sends: a send would let one of them go on, a close all.",
        WaitObjectKind.Mutex => "Go does not note who holds it.",
        WaitObjectKind.RWMutex when thing.IsClosedOrLocked => "A writer holds it; Go does not note who.",
        WaitObjectKind.RWMutex when thing.Count > 0 => $"{Figures.Count(thing.Count)} readers hold it; Go does not note who.",
        WaitObjectKind.WaitGroup => $"{Figures.Counted(thing.Count, "more call", "more calls")} of Done would let them go on.",
        WaitObjectKind.Cond => "Signal or Broadcast would let them go on.",
        _ => "",
    };
}
