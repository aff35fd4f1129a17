using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet;

/// <summary>Where targets of the fleet come from.</summary>
public interface IFleetSource : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What is known now; may be called while a round is under way.</summary>
    FleetPart Current { get; }

    /// <summary>Rates come with the second round only, since they are made here.</summary>
    bool NeedsTwoRounds { get; }

    /// <summary>Reads every target once. What goes wrong stands in the rows and in <see cref="Current"/>.</summary>
    /// <param name="spread">Over which the requests are spread, so that neither we nor the network have bursts; zero for as fast as it goes.</param>
    /// <exception cref="OperationCanceledException"></exception>
    ValueTask ReadAsync(TimeSpan spread, CancellationToken cancellation);

    /// <summary>The past of one of its targets; failed says why there is none.</summary>
    /// <exception cref="OperationCanceledException"></exception>
    ValueTask<Reading<FleetHistory>> HistoryAsync(FleetRow row, CancellationToken cancellation);
}

/// <summary>What one source tells.</summary>
/// <param name="Reason">What is wrong with the source as a whole; null when nothing is.</param>
/// <param name="Took">The last round.</param>
public sealed record FleetPart(string Source, ImmutableArray<FleetRow> Rows, SourceState State, string? Reason, TimeSpan Took)
{
    public static FleetPart NotYet(string source) => new(source, [], SourceState.NotYet, null, TimeSpan.Zero);
}

/// <summary>The past of one target: for each figure values at equal steps, oldest first, NaN where there is none.</summary>
/// <param name="Values">By <see cref="FleetFigureCatalog"/>; an empty run where nothing is known of a figure.</param>
public sealed record FleetHistory(string Id, DateTimeOffset From, TimeSpan Step, ImmutableArray<ImmutableArray<double>> Values)
{
    public ImmutableArray<double> this[FleetFigure figure] => Values[(int)figure];

    public TimeSpan Length => Step * Math.Max(0, Values.Max(run => run.Length) - 1);
}
