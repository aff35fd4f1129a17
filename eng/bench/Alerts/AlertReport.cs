using System.Globalization;
using GoTop.Bench.Report;
using GoTop.Engine.Alerts;

namespace GoTop.Bench.Alerts;

internal static class AlertReport
{
    public const string Title = "Alerts";

    public static BenchmarkSection Write(AlertResult result)
    {
        FaultDay[] missed = [.. result.Faults.Where(day => !day.IsCaught)];
        int[] falseAlarms = [.. result.Healthy.Select(day => day.Fired.Length)];
        double leastWarning = result.Faults.Where(day => day.Fault.LeastWarning is not null).Min(day => day.Warning?.TotalMinutes ?? 0);
        return new BenchmarkSection(
            Title,
            [$".NET {Environment.Version}"],
            [
                .. Budget.Table(
                [
                    new Budget("faults that nobody was told of in time", missed.Length, 0, $"of {result.Faults.Count}"),
                    new Budget("false alarms on the worst day without a fault", falseAlarms.Max(), 1, ""),
                ]),
                $"A leak that reaches its limit in three hours was announced {Figure.Of(leastWarning)} minutes before it, or earlier; wanted are {Figure.Of(Fault.WantedWarning.TotalMinutes)}. {falseAlarms.Length} days without a fault",
                $"brought {falseAlarms.Sum()} false alarms together{Names(result.Healthy.SelectMany(day => day.Fired))}, and the hours before the faults {result.Faults.Sum(day => day.FalseAlarms.Length)}{Names(result.Faults.SelectMany(day => day.FalseAlarms))}.",
                "",
                $"A simulated service, {AlertBenchmark.Seeds} seeds: {AlertBenchmark.LearningDays} days of learning, {AlertBenchmark.HealthyDays} days without a fault, and a day for each fault that begins with what was learnt. Its load has two",
                $"humps on working days and less on weekends, and its days differ; there are deployments, restarts, a job each night that takes {Figure.Of(SimulatedService.JobCores)} cores",
                $"and {Figure.Of(SimulatedService.JobMebiBytes)} MiB, evenings with {Figure.Of(LoadShape.CrowdFactor)} times the requests, the teeth of GC, a cache that fills after each start, and each day three minutes of a slow dependency",
                "and twenty seconds on all cores. The rules are those that hold by default and six on",
                "what is unusual (CPU, goroutines, heap, time and failures of requests, few requests); a look a second. Told: the first alert after",
                "the fault began, the median of the seeds and the longest.",
                "",
                .. MarkdownTable.Lines(
                    ["fault", "caught", "told after min", "at the latest", "least warning before the limit, min", "first told by"],
                    result.Faults.GroupBy(day => day.Fault.What).Select(Row)),
            ]);
    }

    private static string[] Row(IGrouping<string, FaultDay> days)
    {
        double[] told = [.. days.Select(day => (day.Told?.Status.FiredAt - day.FaultAt)?.TotalMinutes ?? double.NaN).Order()];
        bool isLeak = days.First().Fault.ReachesLimit is not null;
        return
        [
            days.Key, $"{days.Count(day => day.IsCaught)} of {days.Count()}", Figure.Of(told[told.Length / 2]), Figure.Of(told.Any(double.IsNaN) ? double.NaN : told[^1]),
            isLeak ? Figure.Of(days.Min(day => day.Warning?.TotalMinutes ?? double.NaN)) : "–",
            string.Join(", ", days.Select(day => day.Told?.Status.Rule.Name ?? "nobody").Distinct()),
        ];
    }

    private static string Names(IEnumerable<AlertChange> alarms)
    {
        string[] names = [.. alarms.GroupBy(alarm => alarm.Status.Rule.Name).OrderByDescending(group => group.Count()).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}"))];
        return names.Length == 0 ? "" : $" ({string.Join(", ", names)})";
    }
}
