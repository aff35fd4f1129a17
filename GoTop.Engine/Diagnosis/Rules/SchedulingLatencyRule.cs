using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>Goroutines that are ready wait long for a P.</summary>
public sealed class SchedulingLatencyRule : IFindingRule
{
    private const double WarningNanoseconds = 10e6;
    private const double CriticalNanoseconds = 100e6;
    private const int Ticks = 3;

    public string Name => "scheduling-latency";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        ReadOnlySpan<double> recent = history[SeriesCatalog.SchedulingLatencyP99];
        if (recent.Length < Ticks) return null;
        double least = double.PositiveInfinity;
        foreach (double p99 in recent[^Ticks..]) least = double.IsNaN(p99) ? double.NaN : Math.Min(least, p99);
        if (!(least >= WarningNanoseconds)) return null;
        string queue = now.Go.RunQueue.TryGet(out long waiting) ? string.Create(CultureInfo.InvariantCulture, $"{waiting:N0} in run queues") : "run queues unknown";
        string procs = now.Go.RunningProcs.TryGet(out int running) && now.Go.Counters.Gomaxprocs.TryGet(out int all)
            ? string.Create(CultureInfo.InvariantCulture, $", {running} of {all} Ps busy")
            : "";
        return new Finding(
            Name, least >= CriticalNanoseconds ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"Goroutines wait {least / 1e6:0} ms to run (p99)"),
            queue + procs,
            "More work than Ps, or the machine keeps its cores from the process: see Cores.");
    }
}
