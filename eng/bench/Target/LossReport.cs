using GoTop.Bench.Report;

namespace GoTop.Bench.Target;

internal static class LossReport
{
    public const string Title = "Cost to the watched service";

    public static async Task<BenchmarkSection> WriteAsync(LossResult result, BenchOptions options) => new(
        Title,
        [await ProgramVersion.AskAsync(options.RequireGoTop()), await ProgramVersion.AskAsync(GoCommand.Find(), "version"), await ProgramVersion.AskAsync("top", "-v")],
        [
            .. Budget.Table(result.Losses.Where(loss => loss.Watcher.StartsWith("gotop", StringComparison.Ordinal))
                .Select(loss => new Budget($"throughput lost, {loss.Watcher}", loss.LostPercent.Median, 0.5, "%"))),
            $"A Go service with {result.Goroutines:#,0} parked goroutines keeps every core busy, so what a watcher takes it takes from the service. {options.Pairs} pairs",
            "of 3 s with and without a watcher at 1 Hz, in alternating order; median (95 % interval). The control watches nothing:",
            "its interval is this machine's noise. Per CPU second: what is lost beyond the cores' time.",
            "",
            .. MarkdownTable.Lines(
                ["watched by", "throughput lost %", "lost per CPU second %", "watcher's CPU %"],
                result.Losses.Select(loss => (string[])[loss.Watcher, Figure.Of(loss.LostPercent), Figure.Of(loss.LostPerCpuPercent), Figure.Of(loss.CpuPercent)])),
        ]);
}
