using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>The service's own metrics tell that it fails many of its requests.</summary>
public sealed class FailedRequestsRule : IFindingRule
{
    private const double WarningPercent = 5;
    private const double CriticalPercent = 25;

    /// <summary>One failure among a few requests is no trend.</summary>
    private const double LeastFailedPerSecond = 0.5;

    public string Name => "failed-requests";

    public Finding? Check(Snapshot now, HistoryView history) => Check("HTTP requests", "with status 5xx", now.Service.Http) ?? Check("gRPC calls", "by the service's own fault", now.Service.Grpc);

    private Finding? Check(string what, string how, RequestFigures requests)
    {
        if (!requests.FailedPercent.TryGet(out double percent) || percent < WarningPercent) return null;
        if (!requests.FailedPerSecond.TryGet(out double failed) || failed < LeastFailedPerSecond) return null;
        string all = requests.PerSecond.TryGet(out double perSecond) ? string.Create(CultureInfo.InvariantCulture, $" of {perSecond:0.#}/s") : "";
        return new Finding(
            Name, percent >= CriticalPercent ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{percent:0} % of the {what} fail"),
            string.Create(CultureInfo.InvariantCulture, $"{failed:0.#}/s{all} {how}, as {requests.Metric.ValueOr("its metrics")} counts them"),
            "See in Logs what it says of them, and in Goroutines what the others wait for.");
    }
}
