using GoTop.Engine.Sampling;

namespace GoTop.Panes;

/// <summary>
/// The moments that the person has marked, for panes to compare. A marked moment keeps its groups and figures, and not
/// its lists of single goroutines, which weigh most.
/// </summary>
public sealed record Marks
{
    private const string Thinned = "single goroutines are not kept with a mark";

    public static Marks None { get; } = new();

    /// <summary>Null while nothing is marked.</summary>
    public Observation? First { get; private init; }

    /// <summary>Null while one moment is marked: it is then compared with what is shown.</summary>
    public Observation? Second { get; private init; }

    public bool Any => First is not null;

    /// <summary>The last one marked is this very moment.</summary>
    public bool EndWith(Observation moment) => (Second ?? First) is { } last && last.Tick == moment.Tick && last.Now.Time == moment.Now.Time;

    /// <summary>With this moment marked as well; a third mark starts over as the first.</summary>
    public Marks With(Observation moment)
    {
        Observation kept = moment.WithoutSingleGoroutines(Thinned);
        return First is null || Second is not null ? new Marks { First = kept } : this with { Second = kept };
    }

    /// <summary>What is compared with what; the earlier of the two is the one compared against, in whichever order they were marked.</summary>
    /// <param name="shown">What the screen shows.</param>
    /// <returns>Null while nothing is marked, or nothing shown.</returns>
    public Comparison? Compare(Observation? shown)
    {
        if (First is not { } one || (Second ?? shown) is not { } other) return null;
        return Between(one, other);
    }

    /// <summary>Two moments in their order of time.</summary>
    public static Comparison Between(Observation one, Observation other) =>
        one.Now.MonotonicNanoseconds <= other.Now.MonotonicNanoseconds ? new Comparison(one, other) : new Comparison(other, one);
}

/// <summary>Two moments of one target.</summary>
/// <param name="Then">The earlier one.</param>
/// <param name="Now">The later one.</param>
public sealed record Comparison(Observation Then, Observation Now)
{
    public double Seconds => (Now.Now.MonotonicNanoseconds - Then.Now.MonotonicNanoseconds) / 1e9;
}
