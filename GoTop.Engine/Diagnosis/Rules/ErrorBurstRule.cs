using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>Errors are logged much more often than before.</summary>
public sealed class ErrorBurstRule : IFindingRule
{
    private const double LeastPerSecond = 1;
    private const double TimesBefore = 5;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(15);

    /// <summary>Before that nobody knows what is usual for it.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(60);

    public string Name => "error-burst";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        ReadOnlySpan<double> errors = history[SeriesCatalog.LogErrors];
        ReadOnlySpan<DateTimeOffset> times = history.Times;
        if (times.IsEmpty || now.Time - times[0] < Least) return null;
        double sumNow = 0, sumBefore = 0;
        int countNow = 0, countBefore = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            if (double.IsNaN(errors[i])) continue;
            if (now.Time - times[i] <= Burst)
            {
                sumNow += errors[i];
                countNow++;
            }
            else
            {
                sumBefore += errors[i];
                countBefore++;
            }
        }

        if (countNow == 0 || countBefore == 0) return null;
        double rate = sumNow / countNow, before = sumBefore / countBefore;
        if (rate < LeastPerSecond || rate < before * TimesBefore) return null;
        return new Finding(
            Name, Severity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"It logs {rate:0.#} errors a second"),
            string.Create(CultureInfo.InvariantCulture, $"in the last {Burst.TotalSeconds:0} s; {before:0.##} before{Most(now)}"),
            "See Logs: / level>=error, and its view patterns for what is new.");
    }

    private static string Most(Snapshot now)
    {
        if (!now.Log.Patterns.TryGet(out var patterns)) return "";
        PatternFigure? most = patterns.Where(pattern => pattern.Pattern.Level >= LineLevel.Error && pattern.PerSecond.HasValue).MaxBy(pattern => pattern.PerSecond.Value);
        return most is null ? "" : $"; most of all: {most.Pattern.Template}";
    }
}
