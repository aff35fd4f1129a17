using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>GOMAXPROCS is above what the process may use: its Ps fight for fewer cores.</summary>
public sealed class GomaxprocsMismatchRule : IFindingRule
{
    public string Name => "gomaxprocs-mismatch";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Go.Counters.Gomaxprocs.TryGet(out int procs)) return null;
        if (now.Process.AllowedCores.TryGet(out CoreSet? allowed) && allowed.Count > 0 && procs > allowed.Count)
        {
            return new Finding(
                Name, Severity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"GOMAXPROCS is {procs} but only {allowed.Count} {(allowed.Count == 1 ? "core is" : "cores are")} allowed"),
                $"it may run on cores {allowed}",
                "Set GOMAXPROCS to the number of allowed cores, or allow more.");
        }

        // Up to twice the quota is common and mends itself in bursts; beyond it throttling is near certain under load.
        if (now.Container.CpuQuotaCores.TryGet(out double quota) && procs > Math.Max(2, Math.Ceiling(quota) * 2))
        {
            return new Finding(
                Name, Severity.Notice,
                string.Create(CultureInfo.InvariantCulture, $"GOMAXPROCS is {procs}, the container's quota {quota:0.##} cores"),
                "under load all Ps use the quota up early in each period and then all stop",
                "Set GOMAXPROCS to the quota (Go 1.25 and later do so by themselves).");
        }

        return null;
    }
}
