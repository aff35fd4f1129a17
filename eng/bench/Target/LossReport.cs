using GoTop.Bench.Measure;
using GoTop.Bench.Report;

namespace GoTop.Bench.Target;

internal static class LossReport
{
    public const string Title = "Cost to the watched service";

    public static async Task<BenchmarkSection> WriteAsync(LossResult result, BenchOptions options) => new(
        Title,
        [await ProgramVersion.AskAsync(options.RequireGoTop()), await ProgramVersion.AskAsync(GoCommand.Find(), "version"), await ProgramVersion.AskAsync("top", "-V")],
        [
            .. Budget.Table(result.Losses.Where(loss => loss.Watcher.StartsWith("gotop", StringComparison.Ordinal))
                .SelectMany(Budgets)),
            $"A Go service with {result.Goroutines:#,0} parked goroutines keeps every core busy, so what a watcher takes it takes from the service. {options.Pairs} pairs",
            "of 3 s with and without a watcher at 1 Hz, in alternating order; median (95 % interval). The control watches nothing:",
            "its interval is this machine's noise. Per CPU second: what is lost beyond the cores' time. Share: the watcher's CPU of all",
            "cores' time; with the loss per CPU second it says the same as the throughput, and other programs' load disturbs it less.",
            "",
            .. MarkdownTable.Lines(
                ["watched by", "throughput lost %", "lost per CPU second %", "watcher's CPU %", "share %"],
                result.Losses.Select(loss => (string[])[loss.Watcher, Figure.Of(loss.LostPercent), Figure.Of(loss.LostPerCpuPercent), Figure.Of(loss.CpuPercent), Figure.Of(loss.SharePercent)])),
        ]);

    private static IEnumerable<Budget> Budgets(WatcherLoss loss)
    {
        MedianInterval perCpu = loss.LostPerCpuPercent;
        yield return Budget.Of($"throughput lost, {loss.Watcher}", loss.LostPercent, 0.5, "%");
        yield return Budget.Of(
            $"share and loss per CPU second, {loss.Watcher}",
            new MedianInterval(perCpu.Median + loss.SharePercent, perCpu.Low + loss.SharePercent, perCpu.High + loss.SharePercent, perCpu.Count), 0.5, "%");
    }
}
