using System.Runtime.InteropServices;
using GoTop.Bench.Report;
using GoTop.Bench.Target;

namespace GoTop.Bench.Logs;

internal static class LogReport
{
    public const string Title = "Logs";

    private const double MebiByte = 1 << 20;

    public static async Task<BenchmarkSection> WriteAsync(IReadOnlyList<LogResult> results) => new(
        Title, [RuntimeInformation.FrameworkDescription, await ProgramVersion.AskAsync(GoCommand.Find(), "version")],
        [
            .. Budget.Table(results.SelectMany(Budgets)),
            $"A Go program writes {LogBenchmark.LinesPerSecond:#,0} JSON lines a second (about 13 MB/s) for {LogBenchmark.Seconds} s and rotates its log {LogBenchmark.Rotations} times; gotop's source follows",
            "it in the benchmark's process under the JIT, after a warm-up of 15 s, and a tick a second takes the newest lines. Every line is parsed and counted by level and",
            "pattern. Unreadable: written between the end of the copy and the truncation, in neither file; a reader gets them only if it happens to read in between.",
            "",
            .. MarkdownTable.Lines(
                ["rotation", "lines written", "counted", "lost", "of these unreadable", "CPU %", "MiB after 5 s", "MiB at the end", "allocated MiB/s"],
                results.Select(result => (string[])[
                    result.Rotation, $"{result.Written:#,0}", $"{result.Counted:#,0}", $"{result.Lost:#,0}", $"{result.Unreadable:#,0}", Figure.Of(result.CpuPercent),
                    Figure.Of(After5(result) / MebiByte), Figure.Of(result.ResidentBytes[^1] / MebiByte), Figure.Of(result.ManagedBytesAllocated / MebiByte / result.Seconds)])),
        ]);

    private static IEnumerable<Budget> Budgets(LogResult result) =>
    [
        new Budget($"{result.Rotation}: lines lost that could be read", Math.Max(0, result.Lost - result.Unreadable), 0, ""),
        new Budget($"{result.Rotation}: memory at the end, of that after 5 s", result.ResidentBytes[^1] / (double)After5(result), 1.2, "times"),
    ];

    private static long After5(LogResult result) => result.ResidentBytes[Math.Min(4, result.ResidentBytes.Count - 1)];
}
