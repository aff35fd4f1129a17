using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>The collector takes a large part of the CPU, or goroutines must help it (mark assist).</summary>
public sealed class GcPressureRule : IFindingRule
{
    private const int Ticks = 3;
    private const double WarningPercent = 15;
    private const double CriticalPercent = 30;

    /// <summary>Where the runtime does not tell GC's CPU time, this many cycles a second are too many.</summary>
    private const double ManyCyclesPerSecond = 10;

    public string Name => "gc-pressure";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        double? share = Recent(history[SeriesCatalog.GcCpu]);
        double? cycles = Recent(history[SeriesCatalog.GcCycles]);
        if (share is null ? cycles is not >= ManyCyclesPerSecond : share < WarningPercent) return null;
        string title = share is { } percent
            ? string.Create(CultureInfo.InvariantCulture, $"GC takes {percent:0} % of the CPU{(cycles is { } perSecond ? string.Create(CultureInfo.InvariantCulture, $", {perSecond:0.#} cycles/s") : "")}")
            : string.Create(CultureInfo.InvariantCulture, $"{cycles:0.#} GC cycles/s");
        string allocation = now.Go.AllocBytesPerSecond.TryGet(out double bytes)
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):N0} MiB/s allocated")
            : "allocation rate unknown";
        string assist = now.Go.GcAssistPercent.TryGet(out double assisted) && assisted >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"; goroutines spend {assisted:0.#} % helping (mark assist)")
            : "";
        string gogc = now.Go.Counters.GcPercent.TryGet(out int percentage)
            ? string.Create(CultureInfo.InvariantCulture, $"; GOGC is {percentage}")
            : "";
        return new Finding(
            Name, share >= CriticalPercent ? Severity.Critical : Severity.Warning, title, allocation + assist + gogc,
            "Allocate less (allocs profile), or where memory allows raise GOGC or set GOMEMLIMIT.");
    }

    /// <summary>The mean of the last few ticks; null unless the figure was there in all of them.</summary>
    private static double? Recent(ReadOnlySpan<double> values)
    {
        if (values.Length < Ticks) return null;
        double sum = 0;
        foreach (double value in values[^Ticks..]) sum += value;
        return double.IsNaN(sum) ? null : sum / Ticks;
    }
}
