using System.Collections.Immutable;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Sampling;

/// <summary>
/// The past as of one tick: for each series a run of values, oldest first, NaN where the figure was absent.
/// It stays as it is while the history goes on.
/// </summary>
public sealed class HistoryView
{
    private readonly double[][] _values;
    private readonly DateTimeOffset[] _times;
    private readonly int _start;

    internal HistoryView(DateTimeOffset[] times, double[][] values, int start, int count, ImmutableDictionary<GroupKey, GroupTrend> groups)
    {
        _times = times;
        _values = values;
        _start = start;
        Count = count;
        Groups = groups;
    }

    public static HistoryView Empty { get; } = new([], [.. SeriesCatalog.All.Select(_ => Array.Empty<double>())], 0, 0, ImmutableDictionary<GroupKey, GroupTrend>.Empty);

    public int Count { get; }

    public ReadOnlySpan<DateTimeOffset> Times => _times.AsSpan(_start, Count);

    /// <summary>How groups have grown over the last two minutes; one that is new has grown by all its goroutines.</summary>
    public ImmutableDictionary<GroupKey, GroupTrend> Groups { get; }

    public CorePast Cores { get; internal init; } = CorePast.Empty;

    public ReadOnlySpan<double> this[NamedFigure series] => _values[SeriesCatalog.All.IndexOf(series)].AsSpan(_start, Count);
}

/// <summary>Growth of a group over a window of time; of leaked goroutines and those of their group that merely wait, together.</summary>
/// <param name="Growth">Goroutines more (or fewer) than at the window's start.</param>
/// <param name="WindowSeconds">The window's length; about two minutes at most.</param>
public readonly record struct GroupTrend(int Growth, double WindowSeconds)
{
    public double PerSecond => WindowSeconds > 0 ? Growth / WindowSeconds : 0;
}
