using GoTop.Bench.Report;
using GoTop.Bench.Target;

namespace GoTop.Bench.Kernel;

internal static class KernelCostReport
{
    public const string Title = "Kernel events";

    private const double MostCpuPercent = 3, MostLostPercent = 1;

    public static async Task<BenchmarkSection> WriteAsync(IReadOnlyList<KernelCost> costs, BenchOptions options) => new(
        Title,
        [await ProgramVersion.AskAsync(options.RequireGoTop()), await ProgramVersion.AskAsync(GoCommand.Find(), "version")],
        [
            .. Budget.Table(costs.SelectMany(Budgets)),
            $"A Go service with {KernelCostBenchmark.Goroutines:#,0} parked goroutines keeps every core busy, and pairs of its threads wake one another by bytes in pipes. `gotop record` at",
            $"1 Hz with kernel events and without them, {options.Pairs} pairs of {KernelCostBenchmark.Window.TotalSeconds:0} s in alternating order, after the time in which GoTop sees that events are too many",
            "and asks for less; median (95 % interval). Lost: of the service's work with kernel events against without. GoTop's CPU is of one",
            "core and holds all it does; µs: what an event adds to it. Collects \"ended\": the events were too dear for the target, so there are none.",
            "",
            .. MarkdownTable.Lines(
                ["kernel events", "collects", "target's switches/s", "events/s", "lost events", "GoTop's CPU %", "without %", "µs per event", "throughput lost %", "lost per CPU second %"],
                costs.Select(cost => (string[])
                [
                    cost.Case.Name, cost.Tier, Figure.Of(cost.SwitchesPerSecond), Figure.Of(cost.EventsPerSecond), Figure.Of(cost.LostEvents), Figure.Of(cost.CpuPercent),
                    Figure.Of(cost.CpuPercentWithout), Figure.Of(cost.MicrosecondsPerEvent), Figure.Of(cost.LostPercent), Figure.Of(cost.LostPerCpuPercent),
                ])),
        ]);

    private static IEnumerable<Budget> Budgets(KernelCost cost)
    {
        yield return Budget.Of($"GoTop's CPU, {cost.Case.Name}, {Figure.Of(cost.SwitchesPerSecond)} switches/s", cost.CpuPercent, MostCpuPercent, "% of a core");
        // What is collected as root is asked for by a person who looks at it, and costs more.
        if (cost.Case.Prefix.Length > 0) yield return Budget.Of($"throughput lost, {cost.Case.Name}, {Figure.Of(cost.SwitchesPerSecond)} switches/s", cost.LostPercent, MostLostPercent, "%");
    }
}
