using GoTop.Bench.Report;
using GoTop.Bench.Target;

namespace GoTop.Bench.Fleet;

internal static class FleetReport
{
    public const string Title = "Fleet";

    private const int BudgetTargets = 500;

    public static async Task<BenchmarkSection> WriteAsync(IReadOnlyList<FleetResult> results, BenchOptions options)
    {
        FleetResult budget = results.Single(result => result.Targets == BudgetTargets);
        return new(
            Title, [await ProgramVersion.AskAsync(options.RequireGoTop(), "--version"), await ProgramVersion.AskAsync(GoCommand.Find(), "version")],
            [
                .. Budget.Table([new Budget($"CPU, {BudgetTargets} targets at {budget.Interval.TotalSeconds} s", budget.CpuPercent, 10, "% of a core")]),
                $"`gotop fleet` at 120×40 reads pages of client_golang with every metric ({budget.PageBytes / 1024.0:0} KB each), every target at a port of its own, all served by one Go program on the same",
                $"machine. CPU and memory of gotop over {budget.Window.TotalSeconds} s, after 20 s. On the screen: from the start until all targets stand there, the odd one first.",
                "",
                .. MarkdownTable.Lines(
                    ["targets", "CPU %", "resident MiB", "on the screen s"],
                    results.Select(result => (string[])[$"{result.Targets:#,0}", Figure.Of(result.CpuPercent), Figure.Of(result.ResidentMebibytes), Figure.Of(result.FirstSeconds)])),
            ]);
    }
}
