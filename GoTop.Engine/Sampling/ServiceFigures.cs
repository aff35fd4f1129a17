using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>What the service's own metrics tell of its requests.</summary>
public sealed record ServiceFigures
{
    public required RequestFigures Http { get; init; }

    public required RequestFigures Grpc { get; init; }
}

/// <summary>Requests of one protocol since the previous reading of the metrics, at least 5 s.</summary>
public sealed record RequestFigures
{
    /// <summary>The metric that counts them; absent with the reason why there is none.</summary>
    public Reading<string> Metric { get; init; }

    public Reading<double> PerSecond { get; init; }

    public Reading<double> FailedPerSecond { get; init; }

    /// <summary>0–100; not yet while there were no requests.</summary>
    public Reading<double> FailedPercent { get; init; }

    /// <summary>The metric that times them.</summary>
    public Reading<string> TimesMetric { get; init; }

    public Reading<double> MeanNanoseconds { get; init; }

    /// <summary>The upper bound of the metric's bucket in which it falls.</summary>
    public Reading<double> P50Nanoseconds { get; init; }

    public Reading<double> P99Nanoseconds { get; init; }
}
