using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Overview;

/// <summary>The requests of one protocol: rate, failures and times, and the metric that says so.</summary>
/// <param name="Figures">The most telling first; what does not fit is cut.</param>
/// <param name="Metrics">The metrics' names, as the service gives them.</param>
public sealed record ServiceLine(string Protocol, ImmutableArray<(string Label, Figure Value)> Figures, string Metrics)
{
    private const double ManyFailed = 1;

    public static ImmutableArray<ServiceLine> Of(ServiceFigures service)
    {
        ImmutableArray<ServiceLine>.Builder lines = ImmutableArray.CreateBuilder<ServiceLine>();
        foreach ((string protocol, RequestFigures requests) in new[] { ("HTTP", service.Http), ("gRPC", service.Grpc) })
        {
            if (requests.Metric.TryGet(out string? metric)) lines.Add(Line(protocol, requests, metric));
        }

        return lines.ToImmutable();
    }

    private static ServiceLine Line(string protocol, RequestFigures requests, string metric)
    {
        ImmutableArray<(string, Figure)>.Builder figures = ImmutableArray.CreateBuilder<(string, Figure)>();
        Figure rate = Figure.Of(requests.PerSecond, Engine.Sampling.Figures.PerSecond);
        // The name of the metric is known with the first reading, its figures with the second.
        if (rate.IsMissing) return new ServiceLine(protocol, [("requests", rate)], PlainText.Clean($"{rate.Reason} of {metric}", 200));
        figures.Add(("requests", rate));
        // What the metrics cannot tell is left out: the line is there for what they do tell.
        if (requests.FailedPercent.State is not ReadingState.NotSupported) figures.Add(("failed", Figure.Of(requests.FailedPercent, Engine.Sampling.Figures.Percent, share => share >= ManyFailed ? Tone.Warning : Tone.Normal)));
        if (requests.MeanNanoseconds.State is not ReadingState.NotSupported) figures.Add(("mean", Figure.Of(requests.MeanNanoseconds, Engine.Sampling.Figures.Nanoseconds)));
        if (requests.P99Nanoseconds.State is not ReadingState.NotSupported) figures.Add(("p99 up to", Figure.Of(requests.P99Nanoseconds, Engine.Sampling.Figures.Nanoseconds)));
        bool isTimedElsewhere = requests.TimesMetric.TryGet(out string? times) && !metric.StartsWith(times, StringComparison.Ordinal);
        return new ServiceLine(protocol, figures.ToImmutable(), PlainText.Clean(isTimedElsewhere ? $"{metric}, {times}" : metric, 200));
    }
}
