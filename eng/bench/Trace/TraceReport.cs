using System.Runtime.InteropServices;
using GoTop.Bench.Measure;
using GoTop.Bench.Report;
using GoTop.Bench.Target;

namespace GoTop.Bench.Trace;

internal static class TraceReport
{
    public const string Title = "Execution traces";

    /// <summary>At least three times the reference's speed.</summary>
    private const double MostOfReference = 1 / 3.0;

    public static async Task<BenchmarkSection> WriteAsync(TraceResult result)
    {
        return new BenchmarkSection(
            Title, [RuntimeInformation.FrameworkDescription, await ProgramVersion.AskAsync(GoCommand.Find(), "version"), .. result.Versions],
            [
                .. Budget.Table(result.Files.SelectMany(Budgets)),
                "Files read to their end, one core, warm, under the JIT; CPU time of all threads, median of 15 (95 % interval). Analysed: with all",
                "that `gotop analyze` tells; the reference (golang.org/x/exp/trace, eng/bench/reference/trace) only counts events. Peak: resident",
                "memory beyond what there was before, of all passes.",
                "",
                .. result.Files.SelectMany(File),
                .. result.Without.Select(reason => $"Not measured: {reason}."),
            ]);
    }

    private static IEnumerable<Budget> Budgets(TraceFileResult file) =>
    [
        new($"CPU time to read, of the reference's: {file.Name}", Ratio(file.Reading, file.Reference), MostOfReference, ""),
        new($"CPU time to read and analyse, of the reference's: {file.Name}", Ratio(file.Analysing, file.Reference), MostOfReference, ""),
    ];

    private static double Ratio(PassResult passes, PassResult? reference) => passes.CpuMilliseconds.Median / reference?.CpuMilliseconds.Median ?? double.NaN;

    private static IEnumerable<string> File(TraceFileResult file) =>
    [
        $"{file.Name}: {file.Bytes / 1e6:0.0} MB, {file.Events:#,0} events:",
        "",
        .. MarkdownTable.Lines(
            ["", "CPU ms", "MB/s", "million events/s", "times the reference", "allocated KiB per MB", "peak MiB"],
            [Row("gotop, read", file, file.Reading), Row("gotop, read and analysed", file, file.Analysing), .. file.Reference is { } reference ? [Row("reference, read", file, reference)] : (string[][])[]]),
    ];

    private static string[] Row(string what, TraceFileResult file, PassResult passes) =>
    [
        what, Figure.Of(passes.CpuMilliseconds), Figure.Of(passes.MegabytesPerSecond(file.Bytes)), Figure.Of(passes.MillionEventsPerSecond(file.Events)),
        Figure.Of(1 / Ratio(passes, file.Reference)), Figure.Of(passes.AllocatedBytes / 1024 / (file.Bytes / 1e6)), Figure.Of(passes.PeakBytes / (1 << 20)),
    ];
}
