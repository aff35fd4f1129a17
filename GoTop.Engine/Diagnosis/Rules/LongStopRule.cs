using System.Globalization;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>A trace shows that the world stood still for long, and why.</summary>
public sealed class LongStopRule : IFindingRule
{
    private const long WarningNanoseconds = 100_000_000;
    private const long CriticalNanoseconds = 500_000_000;

    public string Name => "long-stop";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (RecentTrace.Of(now) is not { } report) return null;
        GcSymptom stops = TraceSymptoms.Of(report).Gc;
        if (stops.LongestStopNanoseconds < WarningNanoseconds) return null;
        bool ofGc = stops.LongestStop.Contains("(GC ", StringComparison.Ordinal);
        return new Finding(
            Name, stops.LongestStopNanoseconds >= CriticalNanoseconds ? Severity.Critical : Severity.Warning,
            $"The world stood still for {RecentTrace.Time(stops.LongestStopNanoseconds)}: {stops.LongestStop}",
            string.Create(CultureInfo.InvariantCulture, $"{RecentTrace.Source(report)}; {stops.Stops:N0} stops, {RecentTrace.Time(stops.StoppedNanoseconds)} in all"),
            ofGc
                ? "GC's own work in a stop takes microseconds; the rest is waiting for threads that have no core or do not yield: see Timeline in Scheduler, and Cores."
                : "Something in the program reads the runtime or changes its settings: do that less often.");
    }
}
