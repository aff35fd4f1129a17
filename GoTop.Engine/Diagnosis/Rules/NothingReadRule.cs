using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>No source tells anything of the target: silence must not be taken for health.</summary>
public sealed class NothingReadRule : IFindingRule
{
    public string Name => "nothing-read";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (now.TargetEnded is not null || now.Process.ResidentBytes.HasValue || now.Groups.HasValue) return null;
        if (now.Go.Counters.Goroutines.HasValue || now.Go.Counters.GcCycles.HasValue || now.Go.Counters.HeapLiveBytes.HasValue) return null;
        SourceStatus? told = now.Sources
            .Where(source => source.State is SourceState.Denied or SourceState.Failed or SourceState.Stale)
            .MaxBy(source => source.State is SourceState.Stale ? 0 : 1);
        if (told is null) return null;
        // While the next try is under way, why the last one failed says more than that it is late.
        Reading<long> goroutines = now.Go.Counters.Goroutines;
        string? reason = told.State == SourceState.Stale && goroutines.State is ReadingState.Denied or ReadingState.Failed ? goroutines.Reason : told.Reason;
        return new Finding(
            Name, Severity.Critical, $"{now.Target.Name} cannot be read", $"{told.Name}: {reason ?? "it gives no reason"}",
            "It is tried again by itself; Sources shows how each one fares.");
    }
}
