using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>What the target's logs tell, of all lines.</summary>
public sealed record LogFigures
{
    public Reading<double> LinesPerSecond { get; init; }

    /// <summary>Lines of level error and above.</summary>
    public Reading<double> ErrorsPerSecond { get; init; }

    public Reading<double> WarningsPerSecond { get; init; }

    /// <summary>Panics and fatal errors since GoTop follows the log, recovered ones included.</summary>
    public Reading<long> Crashes { get; init; }

    /// <summary>By <see cref="LineLevel"/>; not yet in the first reading.</summary>
    public Reading<ImmutableArray<double>> PerSecondByLevel { get; init; }

    /// <summary>Most lines first.</summary>
    public Reading<ImmutableArray<PatternFigure>> Patterns { get; init; }

    /// <summary>Lines of the last minute that match each watched filter, by its text; not yet until a minute was counted.</summary>
    public Reading<ImmutableArray<FilterFigure>> Matches { get; init; }

    /// <summary>What <see cref="Matches"/> are counted from; null before the first reading.</summary>
    internal MatchWindow? MatchWindow { get; init; }
}

/// <param name="PerSecond">Not yet for one that is seen for the first time.</param>
public sealed record PatternFigure(LogPattern Pattern, Reading<double> PerSecond);

public readonly record struct FilterFigure(string Filter, Reading<double> PerMinute);
