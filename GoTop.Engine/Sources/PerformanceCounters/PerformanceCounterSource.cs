using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.PerformanceCounters;

/// <summary>Counters of the system that the configuration names: PerfMon's, on Windows.</summary>
public sealed class PerformanceCounterSource(IPlatform platform, ImmutableArray<string> paths) : ISource
{
    private ICounterQuery? _query;

    public string Name => "perfmon";

    public TimeSpan Period => TimeSpan.FromSeconds(1);

    public string CostToTarget => "none";

    public static ISource? Create(TargetContext context) =>
        context.CounterPaths.IsEmpty || context.Target.Process is null ? null : new PerformanceCounterSource(context.Platform, context.CounterPaths);

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        if (_query is null)
        {
            Reading<ICounterQuery> opened = platform.OpenCounters(paths);
            if (!opened.TryGet(out _query)) return ValueTask.FromResult(LocalTarget.Result(opened, SampleFacts.None));
        }

        return ValueTask.FromResult(SourceResult.Ok(new SampleFacts { SystemCounters = Reading.Of(_query.Read()) }));
    }

    public ValueTask DisposeAsync()
    {
        _query?.Dispose();
        return ValueTask.CompletedTask;
    }
}
