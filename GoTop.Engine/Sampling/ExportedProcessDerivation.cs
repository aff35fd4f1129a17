using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>Figures of a process that no local source can read, from the metrics that it serves of itself.</summary>
internal static class ExportedProcessDerivation
{
    public static ProcessFigures Complete(ProcessFigures figures, Reading<ServiceCounters> previous, ProcessFigures? derived, Reading<ServiceCounters> current)
    {
        if (!current.TryGet(out ServiceCounters? now) || !now.Process.TryGet(out ExportedProcess? process)) return figures;
        ServiceCounters? then = previous.ValueOr(null);
        Reading<double> cpu = derived is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds ? derived.CpuPercent
            : !process.CpuNanoseconds.HasValue ? process.CpuNanoseconds.Absent<double>()
            : then?.Process.ValueOr(null) is { } before && Rates.Between(then.ReadAtNanoseconds, now.ReadAtNanoseconds) is { } rates ? rates.PercentOfTime(before.CpuNanoseconds, process.CpuNanoseconds)
            : Rates.NotYet();
        return figures with
        {
            CpuPercent = Aged(cpu),
            ResidentBytes = Aged(process.ResidentBytes),
            Handles = Aged(process.Handles),
            HandleLimit = Aged(process.HandleLimit),
        };

        Reading<T> Aged<T>(Reading<T> figure) => current.State == ReadingState.Stale ? figure.AsStale(current.Reason!) : figure;
    }
}
