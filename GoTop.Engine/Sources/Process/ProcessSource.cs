using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Process;

/// <summary>The process as its operating system counts it. Sees that the target has ended.</summary>
public sealed class ProcessSource(IPlatform platform, ProcessKey process) : ISource
{
    public string Name => "process";

    public TimeSpan Period => TimeSpan.Zero;

    public string CostToTarget => "no pause";

    public static SourceStatus Check(TargetContext context) => LocalTarget.Check("process", context);

    public static ISource? Create(TargetContext context) =>
        context.Target.Process is { } process ? new ProcessSource(context.Platform, process) : null;

    public string? WhetherTargetEnded() => platform.IsAlive(process) ? null : string.Create(CultureInfo.InvariantCulture, $"process {process.ProcessId} has ended");

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        (Reading<ProcessCounters> counters, Reading<ThreadTable> threads) = platform.ReadProcessAndThreads(process);
        if (!counters.HasValue && WhetherTargetEnded() is { } how) return ValueTask.FromResult(SourceResult.Not(SourceState.Failed, how) with { TargetEnded = true });
        return ValueTask.FromResult(LocalTarget.Result(counters, new SampleFacts { Process = counters, Threads = threads }));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
