using GoTop.Bench.Measure;
using GoTop.Bench.Target;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;

namespace GoTop.Bench.Engine;

/// <summary>Reading a live process's memory and listing processes, in this process and through the published program.</summary>
internal sealed class EngineBenchmark(BenchOptions options)
{
    private const int WarmUp = 10, Repeats = 20, ManyProcesses = 2_000;
    private static readonly int[] Sizes = [10_000, 100_000];

    public async Task<EngineResult> RunAsync(CancellationToken cancellation)
    {
        List<ReadingResult> readings = [];
        foreach (int goroutines in Sizes)
        {
            await using LoadTarget target = await LoadTarget.StartAsync(options, ["-goroutines", $"{goroutines}", "-busy=false", "-churn"], cancellation);
            readings.Add(await ReadAsync(target.ProcessId, goroutines, cancellation));
        }

        return new EngineResult(readings, await ListAsync(cancellation), ManyProcesses);
    }

    private async Task<ReadingResult> ReadAsync(int processId, int goroutines, CancellationToken cancellation)
    {
        using WatchedProcess watched = new(processId, LoadTarget.Name, options.Time);
        List<NamedTiming> timings = [];
        async Task MeasureAsync(string what, Func<Task> work)
        {
            options.Say($"{goroutines} goroutines: {what}");
            timings.Add(new NamedTiming(what, await Timing.OfAsync(work, WarmUp, Repeats, options.Time)));
        }

        await MeasureAsync("attaching (symbols, types, code)", Synchronous(() => watched.OpenRuntime()));
        await MeasureAsync("GC and scheduler counters", Synchronous(() => watched.Runtime.ReadCounters()));
        await MeasureAsync("goroutines, one stack of each group", Synchronous(() => watched.Runtime.ReadGoroutines(Interest.None)));
        await MeasureAsync("goroutines, all stacks", Synchronous(() => AllStacks(watched)));
        await MeasureAsync("a whole tick: all sources, rates, groups, findings", () => watched.TickAsync(cancellation));
        if (options.GoTopPath is { } gotop)
        {
            options.Say($"{goroutines} goroutines: gotop snapshot");
            timings.Add(new NamedTiming("`gotop snapshot PID --json`, from its start to its end", await CommandTiming.OfAsync(gotop, ["snapshot", $"{processId}", "--json"], options.Time, cancellation)));
        }

        GoroutineCheck[] checks = [.. Enumerable.Range(0, Repeats).Select(_ => GoroutineCheck.Of(AllStacks(watched), goroutines))];
        return new ReadingResult(goroutines, timings, checks);
    }

    private static GoroutineTable AllStacks(WatchedProcess watched) => watched.Runtime.ReadGoroutines(new Interest { AllStacks = true }).Value;

    private static Func<Task> Synchronous(Action work) => () =>
    {
        work();
        return Task.CompletedTask;
    };

    private async Task<IReadOnlyList<NamedTiming>> ListAsync(CancellationToken cancellation)
    {
        await using ManySleepers sleepers = await ManySleepers.StartAsync(ManyProcesses, options.Time, cancellation);
        List<NamedTiming> timings = [];
        GoProcessFinder finder = new(HostPlatform.Detect(options.Time), options.Time);
        options.Say($"listing, with {ManyProcesses} processes more");
        timings.Add(new NamedTiming("finding the Go processes, again", await Timing.OfAsync(Synchronous(() => finder.Find(cancellation)), WarmUp, Repeats, options.Time)));
        if (options.GoTopPath is { } gotop)
            timings.Add(new NamedTiming("`gotop ps --json`", await CommandTiming.OfAsync(gotop, ["ps", "--json"], options.Time, cancellation)));
        timings.Add(new NamedTiming("`ps -eo pid,user,lstart,args`", await CommandTiming.OfAsync("ps", ["-eo", "pid,user,lstart,args"], options.Time, cancellation)));
        return timings;
    }
}
