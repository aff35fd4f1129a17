using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>How a figure is written.</summary>
public enum Unit
{
    Count,
    Percent,
    Bytes,
    BytesPerSecond,
    PerSecond,
    Nanoseconds,
}

/// <summary>One number of a snapshot, by a name that stays: alert rules and exports refer to it.</summary>
/// <param name="Name"><c>group.nameUnit</c>, e.g. <c>process.residentBytes</c>.</param>
/// <param name="Title">For curves and lists, short.</param>
/// <param name="Meaning">A phrase for the table of figures: what it counts, over which time.</param>
public sealed record NamedFigure(string Name, string Title, Unit Unit, string Meaning, Func<Snapshot, Reading<double>> Select);
