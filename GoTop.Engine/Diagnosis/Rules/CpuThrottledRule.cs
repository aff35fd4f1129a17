using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>The container's CPU quota stops the process for part of the time; to Go it looks like slow scheduling.</summary>
public sealed class CpuThrottledRule : IFindingRule
{
    public string Name => "cpu-throttled";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Container.ThrottledPeriodsPercent.TryGet(out double share) || share < 5) return null;
        string quota = now.Container.CpuQuotaCores.TryGet(out double cores)
            ? string.Create(CultureInfo.InvariantCulture, $"a quota of {cores:0.##} cores")
            : "its CPU quota";
        string procs = now.Go.Counters.Gomaxprocs.TryGet(out int gomaxprocs)
            ? string.Create(CultureInfo.InvariantCulture, $", GOMAXPROCS is {gomaxprocs}")
            : "";
        return new Finding(
            Name, share >= 25 ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"Throttled by the container in {share:0} % of periods"),
            $"{now.Container.Group.ValueOr("the container")} has {quota}{procs}",
            "Raise the quota, or set GOMAXPROCS to it (Go 1.25 and later do so by themselves).");
    }
}
