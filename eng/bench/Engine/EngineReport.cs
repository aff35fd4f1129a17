using System.Runtime.InteropServices;
using GoTop.Bench.Report;
using GoTop.Bench.Target;

namespace GoTop.Bench.Engine;

internal static class EngineReport
{
    public const string Title = "Reading";

    public static async Task<BenchmarkSection> WriteAsync(EngineResult result, BenchOptions options)
    {
        List<string> versions = [RuntimeInformation.FrameworkDescription, await ProgramVersion.AskAsync(GoCommand.Find(), "version"), await ProgramVersion.AskAsync("ps")];
        if (options.GoTopPath is { } path) versions.Insert(0, await ProgramVersion.AskAsync(path));
        return new BenchmarkSection(Title, versions,
        [
            .. Budget.Table(Budgets(result)),
            "A live Go process's memory read from outside, warm, under the JIT; median of 20 (95 % interval); CPU: of the reader. Some of its goroutines come",
            "and go all the time. Torn: changed while being read, and left out. Found: parked goroutines whose stack was walked to its",
            "end. Wrong: an identifier twice, or more parked goroutines than there are.",
            "",
            .. result.Readings.SelectMany(Reading),
            $"Listing processes, with {result.ManyProcesses:#,0} more than the machine has anyway; commands from their start to their end, median of 10:",
            "",
            .. Table(result.Listing),
        ]);
    }

    private static IEnumerable<Budget> Budgets(EngineResult result)
    {
        ReadingResult most = result.Readings[^1];
        yield return Budget.Of(
            $"{most.Goroutines:#,0} goroutines with all stacks", most.Timings.First(timing => timing.What.EndsWith("all stacks", StringComparison.Ordinal)).Timing.Milliseconds, 250, "ms");
        yield return new Budget("torn", most.Checks.Max(check => check.TornPercent), 5, "%");
        yield return new Budget("wrong", most.Checks.Sum(check => check.Wrong), 0, "");
    }

    private static IEnumerable<string> Reading(ReadingResult reading) =>
    [
        $"{reading.Goroutines:#,0} parked goroutines; found {Range(reading, check => check.Found)} of them, torn {Range(reading, check => check.Torn)} of {Range(reading, check => check.Rows)}:",
        "",
        .. Table(reading.Timings),
    ];

    private static string Range(ReadingResult reading, Func<GoroutineCheck, int> figure)
    {
        (int least, int most) = (reading.Checks.Min(figure), reading.Checks.Max(figure));
        return least == most ? $"{least:#,0}" : $"{least:#,0}–{most:#,0}";
    }

    private static IEnumerable<string> Table(IEnumerable<NamedTiming> timings) => MarkdownTable.Lines(
        ["", "ms", "CPU ms", "allocated KiB"],
        timings.Select(each => (string[])[each.What, Figure.Of(each.Timing.Milliseconds), Figure.Of(each.Timing.CpuMilliseconds), Figure.Of(each.Timing.AllocatedKibibytes)]));
}
