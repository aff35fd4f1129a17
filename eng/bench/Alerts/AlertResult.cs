using System.Collections.Immutable;
using GoTop.Engine.Alerts;

namespace GoTop.Bench.Alerts;

/// <param name="Fired">Each a false alarm.</param>
internal sealed record HealthyDay(int Seed, DateOnly Day, ImmutableArray<AlertChange> Fired);

/// <param name="Fired">On that day, until three hours after the fault began or until its limit.</param>
internal sealed record FaultDay(int Seed, Fault Fault, DateTimeOffset FaultAt, ImmutableArray<AlertChange> Fired)
{
    public ImmutableArray<AlertChange> FalseAlarms => [.. Fired.Where(change => change.Status.FiredAt < FaultAt)];

    /// <summary>The first alert after the fault began; null when nobody was told.</summary>
    public AlertChange? Told => Fired.FirstOrDefault(change => change.Status.FiredAt >= FaultAt);

    /// <summary>The first that foretells the limit.</summary>
    public AlertChange? Foretold => Fired.FirstOrDefault(change => change.Status.FiredAt >= FaultAt && change.Status.Rule.Name.EndsWith("-forecast", StringComparison.Ordinal));

    /// <summary>How long before the limit it was foretold; null when it was not, or there is no limit.</summary>
    public TimeSpan? Warning => Foretold is { } foretold && Fault.ReachesLimit is { } limit ? FaultAt + limit - foretold.Status.FiredAt : null;

    /// <summary>Told, and where there is a limit, early enough.</summary>
    public bool IsCaught => Fault.ReachesLimit is null ? Told is not null : Warning >= (Fault.LeastWarning ?? TimeSpan.Zero);
}

internal sealed record AlertResult(IReadOnlyList<HealthyDay> Healthy, IReadOnlyList<FaultDay> Faults);
