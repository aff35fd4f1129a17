using System.Globalization;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>A trace shows which goroutines wait long for a P, and what keeps the Ps.</summary>
public sealed class TraceLatencyRule : IFindingRule
{
    private const double Full = 0.85;
    private const double MuchGc = 0.25;

    public string Name => "trace-latency";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (RecentTrace.Of(now) is not { } report) return null;
        TraceSymptoms symptoms = TraceSymptoms.Of(report);
        if (symptoms.Scheduler is not { Severity: { } severity, Latency: var latency, Worst: { } worst }) return null;
        string who = worst.StartFunction.Length > 0 ? worst.StartFunction : string.Create(CultureInfo.InvariantCulture, $"goroutine {worst.Goroutine}");
        string where = worst.Site.IsDefaultOrEmpty ? "" : $" at {Places.Of(worst.Site[^1])}";
        return new Finding(
            Name, severity,
            $"Goroutines wait {RecentTrace.Time(latency.P99Nanoseconds)} to run (p99), at most {RecentTrace.Time(latency.MaxNanoseconds)}: {who}",
            string.Create(CultureInfo.InvariantCulture, $"{RecentTrace.Source(report)}; the longest was runnable after {worst.Reason}{where}; Ps {symptoms.Scheduler.Busy * 100:0} % in use, GC {symptoms.Gc.Share * 100:0} %"),
            symptoms.Gc.Share >= MuchGc ? "GC takes the Ps: allocate less, or raise GOGC where memory allows."
            : symptoms.Scheduler.Busy >= Full ? "All Ps are in use: see in CPU who uses them, or give the process more cores."
            : "Ps were free for part of the time: threads without a core (see Cores) or long time slices; Timeline in Scheduler shows when.");
    }
}
