using GoTop.Bench.Alerts;
using GoTop.Bench.Dump;
using GoTop.Bench.Engine;
using GoTop.Bench.Fleet;
using GoTop.Bench.Logs;
using GoTop.Bench.Kernel;
using GoTop.Bench.Profiles;
using GoTop.Bench.Report;
using GoTop.Bench.Screen;
using GoTop.Bench.Target;
using GoTop.Bench.Trace;

namespace GoTop.Bench;

/// <summary>What can be measured by name. A new part is one line in <see cref="All"/>.</summary>
internal sealed record BenchmarkPart(string Name, string Title, Func<BenchOptions, CancellationToken, Task<BenchmarkSection>> RunAsync)
{
    public static BenchmarkPart[] All =>
    [
        new("screen", ScreenReport.Title, async (options, cancellation) => await ScreenReport.WriteAsync(await new ScreenBenchmark(options).RunAsync(cancellation), options)),
        new("engine", EngineReport.Title, async (options, cancellation) => await EngineReport.WriteAsync(await new EngineBenchmark(options).RunAsync(cancellation), options)),
        new("trace", TraceReport.Title, async (options, cancellation) => await TraceReport.WriteAsync(await new TraceBenchmark(options).RunAsync(cancellation))),
        new("profile", ProfileReport.Title, async (options, cancellation) => await ProfileReport.WriteAsync(await new ProfileBenchmark(options).RunAsync(cancellation), options)),
        new("dump", DumpReport.Title, async (options, cancellation) => await DumpReport.WriteAsync(await new DumpBenchmark(options).RunAsync(cancellation))),
        new("kernel", KernelCostReport.Title, async (options, cancellation) => await KernelCostReport.WriteAsync(await new KernelCostBenchmark(options).RunAsync(cancellation), options)),
        new("logs", LogReport.Title, async (options, cancellation) => await LogReport.WriteAsync(await new LogBenchmark(options).RunAsync(cancellation))),
        new("alerts", AlertReport.Title, async (options, cancellation) => AlertReport.Write(await new AlertBenchmark(options).RunAsync(cancellation))),
        new("fleet", FleetReport.Title, async (options, cancellation) => await FleetReport.WriteAsync(await new FleetBenchmark(options).RunAsync(cancellation), options)),
        new("target", LossReport.Title, async (options, cancellation) => await LossReport.WriteAsync(await new LossBenchmark(options).RunAsync(cancellation), options)),
    ];
}
