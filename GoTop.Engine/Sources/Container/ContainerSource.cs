using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Container;

/// <summary>Limits and throttling of the container (control group) the process runs in.</summary>
public sealed class ContainerSource(IPlatform platform, ProcessKey process) : ISource
{
    public string Name => "container";

    public TimeSpan Period => TimeSpan.FromSeconds(1);

    public string CostToTarget => "no pause";

    public static SourceStatus Check(TargetContext context) => LocalTarget.Check("container", context);

    public static ISource? Create(TargetContext context) =>
        context.Target.Process is { } process ? new ContainerSource(context.Platform, process) : null;

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        Reading<ContainerCounters> counters = platform.ReadContainer(process);
        return ValueTask.FromResult(LocalTarget.Result(counters, new SampleFacts { Container = counters }));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
