using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>
/// One group of waiting goroutines only grows, and is most of what grows: they are made and never end.
/// </summary>
public sealed class GoroutineLeakRule : IFindingRule
{
    private const double ShortestWindowSeconds = 15;
    private const int SmallestGrowth = 20;

    public string Name => "goroutine-leak";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Groups.TryGet(out ImmutableArray<GoroutineGroup> groups)) return null;
        GoroutineGroup? worst = null;
        GroupTrend worstTrend = default;
        foreach (GoroutineGroup group in groups)
        {
            if (group.Key.State is not (GoroutineState.Waiting or GoroutineState.Leaked)) continue;
            if (!history.Groups.TryGetValue(group.Key, out GroupTrend trend) || trend.WindowSeconds < ShortestWindowSeconds) continue;
            // A burst that doubled a large group counts as well as a steady trickle into a small one.
            if (trend.Growth < SmallestGrowth || trend.Growth < group.Count * 0.05 || trend.Growth <= worstTrend.Growth) continue;
            (worst, worstTrend) = (group, trend);
        }

        if (worst is null || !OnlyGrows(history[SeriesCatalog.Goroutines])) return null;
        long count = groups.Where(group => group.Key.WhetherLeakedOrNot == worst.Key.WhetherLeakedOrNot).Sum(group => (long)group.Count);
        string where = worst.Key.CreatedBy.Function.Length > 0 ? $"made in {worst.Key.CreatedBy.Function}" : "origin unknown";
        return new Finding(
            Name, worstTrend.PerSecond >= 1 || count > 10_000 ? Severity.Critical : Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"Goroutine leak: {worst.Key.StartFunction} +{worstTrend.PerSecond:0.#}/s, {count:N0} now"),
            string.Create(CultureInfo.InvariantCulture, $"all [{worst.Key.WaitReason}], {where}; +{worstTrend.Growth:N0} in {worstTrend.WindowSeconds:0} s"),
            "Open the group in Goroutines: its stack shows what they wait for and never get.");
    }

    /// <summary>Whether the total never fell back by more than a tenth of what it gained.</summary>
    private static bool OnlyGrows(ReadOnlySpan<double> totals)
    {
        int from = Math.Max(0, totals.Length - 120);
        double first = double.NaN, peak = double.NaN, last = double.NaN, deepest = 0;
        foreach (double total in totals[from..])
        {
            if (double.IsNaN(total)) continue;
            if (double.IsNaN(first)) first = peak = total;
            peak = Math.Max(peak, total);
            deepest = Math.Max(deepest, peak - total);
            last = total;
        }

        return last > first && deepest <= Math.Max(5, (last - first) * 0.1);
    }
}
