using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Bench.Report;
using GoTop.Bench.Target;

namespace GoTop.Bench.Profiles;

internal static class ProfileReport
{
    public const string Title = "Profiles";

    private const double TimesFaster = 3;

    public static async Task<BenchmarkSection> WriteAsync(ProfileResult result, BenchOptions options)
    {
        List<string> versions = [RuntimeInformation.FrameworkDescription, await ProgramVersion.AskAsync(GoCommand.Find(), "version"), $"Google.Protobuf {typeof(Google.Protobuf.IMessage).Assembly.GetName().Version?.ToString(3)}"];
        if (options.GoTopPath is { } path) versions.Insert(0, await ProgramVersion.AskAsync(path));
        return new BenchmarkSection(Title, versions,
        [
            .. Budget.Table(result.Files.Select(Bar)),
            string.Create(CultureInfo.InvariantCulture, $"A made CPU profile of {result.Samples:#,0} samples with {result.Stacks:#,0} distinct stacks 10 to 60 deep, 60,000 locations, inlined frames and labels."),
            "Commands from their start to their end, in turn; medians of 5 (range), CPU of all threads:",
            "",
            .. MarkdownTable.Lines(["", "ms", "CPU ms", "peak MiB"], result.Files.SelectMany(Rows)),
            "In this process, warm, under the JIT; medians of 7. MB are of the profile before compression:",
            "",
            .. MarkdownTable.Lines(["", "ms", "MB/s", "allocated bytes per byte"], result.Timings.Select(Row)),
            "Readers by BenchmarkDotNet, mean of 8, from bytes in memory:",
            "",
            .. MarkdownTable.Lines(["", "ms", "± ms", "allocated MiB"], result.Comparison.Select(each => (string[])[each.What, Figure.Of(each.Milliseconds), Figure.Of(each.StandardDeviation), Figure.Of(each.AllocatedBytes / (1 << 20))])),
        ]);
    }

    private static Budget Bar(ProfileFileResult file) => new(
        $"`gotop analyze` of {file.Name} ({file.Bytes / 1e6:0} MB), its time / `go tool pprof -top`",
        file.GoTop is { } own ? own.Milliseconds.Median / file.Reference.Milliseconds.Median : double.NaN, 1 / TimesFaster, "");

    private static IEnumerable<string[]> Rows(ProfileFileResult file)
    {
        yield return Row(file.Name, file.Reference);
        if (file.GoTop is { } own) yield return Row(file.Name, own);
    }

    private static string[] Row(string file, CommandResult command) =>
        [$"{command.What} {file}", Figure.Of(command.Milliseconds), Figure.Of(command.CpuMilliseconds), Figure.Of(command.PeakBytes / (1 << 20))];

    private static string[] Row(ProfileTiming each) =>
    [
        each.What, Figure.Of(each.Timing.Milliseconds), Figure.Of(each.Bytes / 1e6 / (each.Timing.Milliseconds.Median / 1e3)), Figure.Of(each.Timing.AllocatedKibibytes * 1024 / each.Bytes),
    ];
}
