using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>The process's threads are ready but the machine gives them no core: neighbours, pinning or a quota. Kernel events tell which.</summary>
public sealed class RunQueueDelayRule : IFindingRule
{
    private const double Percent = 25;
    private const int Ticks = 3;

    public string Name => "run-queue-delay";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        double ready = Ready(now, history);
        if (!(ready >= Percent)) return null;
        CoreShortage shortage = CoreShortage.Of(now);
        return new Finding(
            Name, ready >= 100 ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"Threads wait for a core {ready / 100:0.##} s of every second"), shortage.Why, shortage.Advice);
    }

    /// <summary>NaN when it is not known. Where the system does not count it, the kernel's events of the last interval do.</summary>
    private static double Ready(Snapshot now, HistoryView history)
    {
        if (now.Process.RunQueueDelayPercent.State == Model.ReadingState.NotSupported)
            return now.Kernel.TryGet(out KernelFigures? kernel) && kernel.ReadyPercent.TryGet(out double percent) ? percent : double.NaN;
        ReadOnlySpan<double> recent = history[SeriesCatalog.RunQueueDelay];
        if (recent.Length < Ticks) return double.NaN;
        double sum = 0;
        foreach (double percent in recent[^Ticks..]) sum += percent;
        return sum / Ticks;
    }
}
