using GoTop.Bench.Report;

namespace GoTop.Bench.Screen;

internal static class ScreenReport
{
    public const string Title = "Screen";

    public static async Task<BenchmarkSection> WriteAsync(ScreenResult result, BenchOptions options)
    {
        List<string> versions = [await ProgramVersion.AskAsync("btop"), await ProgramVersion.AskAsync("htop")];
        if (options.GoTopPath is { } path) versions.Insert(0, await ProgramVersion.AskAsync(path));
        return new BenchmarkSection(Title, versions,
        [
            .. Budget.Table(Budgets(result)),
            $"Each program on a pseudo terminal that answers as xterm does, {options.Rounds} rounds in turn, windows of {options.Window.TotalSeconds:0} s after 4 s of",
            $"running. gotop watches a Go service with {result.Goroutines:#,0} goroutines; btop and htop show all processes. First frame: from the",
            "start until everything that belongs on the screen stands there. CPU: of one core. A frame is a burst of output. Writes: all",
            "write calls of the process. Key: until the end of the output that answers it, median of 20.",
            "",
            .. Table(result.Cases),
            .. Many(result),
        ]);
    }

    private static IEnumerable<Budget> Budgets(ScreenResult result)
    {
        yield return new Budget("CPU at 1 Hz, 120×40, gotop / btop", result.Ratio(120, 1, screen => ScreenResult.Steady(screen).CpuPercent), 1, "");
        yield return new Budget("start to first full frame", result.Of("gotop", 120, 1, ScreenResult.FirstFrame), 150, "ms");
        yield return new Budget("resident memory, one target", result.Of("gotop", 120, 1, screen => ScreenResult.Steady(screen).ResidentMebibytes), 50, "MiB");
        yield return new Budget("bytes per frame, 120×40, gotop / btop", result.Ratio(120, 1, screen => ScreenResult.Steady(screen).BytesPerFrame), 0.25, "");
        foreach (ScreenCase many in result.Many)
            yield return new Budget($"key to repaint, {many.Title} among {result.ManyGoroutines:#,0} goroutines", ScreenResult.Key(many), 50, "ms");
    }

    private static IEnumerable<string> Table(IEnumerable<ScreenCase> cases) => MarkdownTable.Lines(
        ["", "first byte ms", "first frame ms", "CPU %", "resident MiB", "frames/s", "bytes/frame", "bytes/s", "writes/s", "key ms", "worst key ms"],
        cases.OrderBy(screen => screen.Program.RefreshesPerSecond).ThenBy(screen => screen.Columns).ThenBy(screen => screen.Program.Name, StringComparer.Ordinal).Select(Row));

    private static string[] Row(ScreenCase screen)
    {
        SteadyUse use = ScreenResult.Steady(screen);
        double[] figures =
        [
            ScreenResult.FirstByte(screen), ScreenResult.FirstFrame(screen), use.CpuPercent, use.ResidentMebibytes, use.FramesPerSecond,
            use.BytesPerFrame, use.BytesPerSecond, use.WriteCallsPerSecond, ScreenResult.Key(screen), ScreenResult.WorstKey(screen),
        ];
        return [screen.Title, .. figures.Select(Figure.Of)];
    }

    private static IEnumerable<string> Many(ScreenResult result) =>
        result.Many.Count == 0 ? [] : [$"gotop at 120×40 and 1 Hz, listing {result.ManyGoroutines:#,0} single goroutines:", "", .. Table(result.Many)];
}
