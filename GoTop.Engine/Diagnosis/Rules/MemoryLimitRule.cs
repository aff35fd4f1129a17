using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>Close to GOMEMLIMIT (the collector runs without end) or to the container's limit (the kernel kills it).</summary>
public sealed class MemoryLimitRule : IFindingRule
{
    private const double Near = 0.90;

    public string Name => "memory-limit";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (now.Container.MemoryLimitBytes.TryGet(out long limit) && limit > 0
            && now.Process.ResidentBytes.TryGet(out long resident) && resident > Near * limit)
        {
            return new Finding(
                Name, Severity.Critical,
                string.Create(CultureInfo.InvariantCulture, $"Resident memory is {100.0 * resident / limit:0} % of the container's limit"),
                "beyond it the kernel kills the process",
                "See GC & memory for what holds it; raise the limit, or set GOMEMLIMIT some 10 % below it.");
        }

        if (now.Go.Counters.MemoryLimitBytes.TryGet(out long goLimit) && goLimit is > 0 and < long.MaxValue
            && now.Go.Counters.Memory.TryGet(out Model.MemoryClasses? memory) && memory.Sys - memory.HeapReleased > Near * goLimit)
        {
            return new Finding(
                Name, Severity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"Go's memory is {100.0 * (memory.Sys - memory.HeapReleased) / goLimit:0} % of GOMEMLIMIT"),
                "near it the collector runs ever more often",
                "See GC & memory; raise GOMEMLIMIT or find what holds the heap.");
        }

        return null;
    }
}
