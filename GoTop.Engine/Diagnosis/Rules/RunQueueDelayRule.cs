using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>The process's threads are ready but the machine gives them no core: neighbours, pinning or a quota.</summary>
public sealed class RunQueueDelayRule : IFindingRule
{
    private const double Percent = 25;
    private const int Ticks = 3;

    public string Name => "run-queue-delay";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        ReadOnlySpan<double> recent = history[SeriesCatalog.RunQueueDelay];
        if (recent.Length < Ticks) return null;
        double sum = 0;
        foreach (double percent in recent[^Ticks..]) sum += percent;
        double mean = sum / Ticks;
        if (!(mean >= Percent)) return null;
        string why = now.Process.AllowedCores.TryGet(out Model.CoreSet? allowed) && now.Host.Cores.TryGet(out var cores) && allowed.Count < cores.Length
            ? $"it may only run on cores {allowed} of {cores.Length}"
            : now.Container.ThrottledPercent.TryGet(out double throttled) && throttled > 1 ? "its container throttles it"
            : now.Host.CpuPercent.TryGet(out double host) ? string.Create(CultureInfo.InvariantCulture, $"the machine's cores are {host:0} % busy")
            : "other processes hold the cores";
        return new Finding(
            Name, mean >= 100 ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"Threads wait for a core {mean / 100:0.##} s of every second"),
            why, "See Cores: free the cores it may use, allow it more, or move the neighbour.");
    }
}
