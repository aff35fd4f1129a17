using System.Runtime.InteropServices;
using GoTop.Bench.Measure;
using GoTop.Bench.Report;
using GoTop.Bench.Target;

namespace GoTop.Bench.Dump;

internal static class DumpReport
{
    public const string Title = "Goroutine dumps";

    /// <summary>500 MB/s.</summary>
    private const double MostMillisecondsPerMegabyte = 2;

    public static async Task<BenchmarkSection> WriteAsync(DumpResult result)
    {
        return new BenchmarkSection(
            Title, [RuntimeInformation.FrameworkDescription, await ProgramVersion.AskAsync(GoCommand.Find(), "version"), .. result.Versions],
            [
                .. Budget.Table(result.Files.Select(file => new Budget($"CPU time per MB (500 MB/s): {file.Name}", file.Reading.CpuMilliseconds.Median / (file.Bytes / 1e6), MostMillisecondsPerMegabyte, "ms"))),
                "Texts that lie in memory, read to their end, one core, warm, under the JIT; CPU time of all threads, median of 15 (95 % interval).",
                "Grouped: with groups and tags, as for `gotop analyze`. The peer (github.com/maruel/panicparse, eng/bench/reference/dump) only",
                "reads, and looks for no source. Peak: resident memory beyond what there was before, of all passes.",
                "",
                .. result.Files.SelectMany(File),
                .. result.Without.Select(reason => $"Not measured: {reason}."),
            ]);
    }

    private static IEnumerable<string> File(DumpFileResult file) =>
    [
        $"{file.Name}: {file.Bytes / 1e6:0.0} MB, {file.Goroutines:#,0} goroutines, {file.Stacks:#,0} distinct stacks:",
        "",
        .. MarkdownTable.Lines(
            ["", "CPU ms", "MB/s", "times the peer", "allocated KiB per MB", "peak MiB"],
            [Row("gotop, read", file, file.Reading), Row("gotop, read and grouped", file, file.Grouping), .. file.Peer is { } peer ? [Row("panicparse, read", file, peer)] : (string[][])[]]),
    ];

    private static string[] Row(string what, DumpFileResult file, PassResult passes) =>
    [
        what, Figure.Of(passes.CpuMilliseconds), Figure.Of(passes.MegabytesPerSecond(file.Bytes)),
        Figure.Of(file.Peer?.CpuMilliseconds.Median / passes.CpuMilliseconds.Median ?? double.NaN), Figure.Of(passes.AllocatedBytes / 1024 / (file.Bytes / 1e6)), Figure.Of(passes.PeakBytes / (1 << 20)),
    ];
}
