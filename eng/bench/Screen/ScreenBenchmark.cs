using GoTop.Bench.Target;

namespace GoTop.Bench.Screen;

/// <summary>Measures gotop beside btop and htop, in turn (A B C, A B C, …), so that a busy moment meets all of them.</summary>
internal sealed class ScreenBenchmark(BenchOptions options)
{
    private const int Goroutines = 10_000, ManyGoroutines = 100_000, KeyPresses = 20, StartsPerRound = 3;
    private static readonly (int Columns, int Rows)[] Sizes = [(120, 40), (200, 50)];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4), Patience = TimeSpan.FromSeconds(10);

    public async Task<ScreenResult> RunAsync(CancellationToken cancellation)
    {
        await using LoadTarget? target = options.GoTopPath is null ? null : await LoadTarget.StartAsync(options, ["-goroutines", $"{Goroutines}", "-busy=false"], cancellation);
        ScreenCase[] cases = [.. from hertz in (double[])[1, 4] from size in Sizes from program in Programs(hertz, target) where options.Only is null || options.Only == program.Name select new ScreenCase(program, size.Columns, size.Rows)];
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (ScreenCase screen in cases)
            {
                cancellation.ThrowIfCancellationRequested();
                options.Say($"round {round} of {options.Rounds}: {screen.Title}");
                if (screen.Program.RefreshesPerSecond == 1) await MeasureStartsAsync(screen);
                await MeasureAsync(screen, show: options.ShowScreens && round == 1);
            }
        }

        return new ScreenResult(cases, await MeasureManyAsync(cancellation), Goroutines, ManyGoroutines);
    }

    private IEnumerable<ScreenProgram> Programs(double hertz, LoadTarget? target)
    {
        TimeSpan refresh = TimeSpan.FromSeconds(1 / hertz);
        yield return ScreenProgram.Btop(refresh, options.WorkFolder);
        if (target is not null) yield return GoTopOn(target, refresh);
        yield return ScreenProgram.Htop(refresh, options.WorkFolder);
    }

    private ScreenProgram GoTopOn(LoadTarget target, TimeSpan refresh) =>
        ScreenProgram.GoTop(options.RequireGoTop(), target.ProcessId, refresh, options.WorkFolder, ["Overview", LoadTarget.Name, "main.descend"], ["2", "1"]);

    private async Task MeasureStartsAsync(ScreenCase screen)
    {
        for (int i = 0; i < StartsPerRound; i++)
        {
            await using ScreenRun run = new(screen.Program, screen.Columns, screen.Rows, options.Time);
            screen.Starts.Add(await run.WaitForFirstFrameAsync(Patience));
        }
    }

    private async Task MeasureAsync(ScreenCase screen, bool show)
    {
        await using ScreenRun run = new(screen.Program, screen.Columns, screen.Rows, options.Time);
        await run.WaitForFirstFrameAsync(Patience);
        screen.Steady.Add(await run.MeasureSteadyAsync(WarmUp, options.Window));
        if (show) Console.WriteLine($"--- {screen.Title}\n{run.Shown()}\n---");
        if (screen.Program.RefreshesPerSecond == 1) screen.Keys.Add(await run.MeasureKeysAsync(KeyPresses));
    }

    /// <summary>The list of very many single goroutines: the screen's hardest case. Moving in it, and sorting all of it.</summary>
    private async Task<IReadOnlyList<ScreenCase>> MeasureManyAsync(CancellationToken cancellation)
    {
        if (options.GoTopPath is null) return [];
        await using LoadTarget target = await LoadTarget.StartAsync(options, ["-goroutines", $"{ManyGoroutines}", "-busy=false"], cancellation);
        ScreenProgram program = GoTopOn(target, TimeSpan.FromSeconds(1));
        ScreenCase moving = new(program with { Keys = ["\e[B", "\e[A"] }, Sizes[0].Columns, Sizes[0].Rows) { Title = "moving" };
        ScreenCase sorting = new(program with { Keys = ["s"] }, Sizes[0].Columns, Sizes[0].Rows) { Title = "sorting" };
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (ScreenCase screen in (ScreenCase[])[moving, sorting])
            {
                options.Say($"round {round} of {options.Rounds}: {screen.Title} among {ManyGoroutines} goroutines");
                await using ScreenRun run = new(screen.Program, screen.Columns, screen.Rows, options.Time);
                screen.Starts.Add(await run.WaitForFirstFrameAsync(Patience));
                await run.SendAsync("2v", TimeSpan.FromSeconds(2));
                screen.Steady.Add(await run.MeasureSteadyAsync(WarmUp, options.Window));
                if (options.ShowScreens && round == 1) Console.WriteLine($"--- {screen.Title}\n{run.Shown()}\n---");
                screen.Keys.Add(await run.MeasureKeysAsync(KeyPresses));
            }
        }

        return [moving, sorting];
    }
}
