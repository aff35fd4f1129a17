using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Host;

/// <summary>The machine the process runs on: cores, memory, load, pressure.</summary>
public sealed class HostSource(IPlatform platform) : ISource
{
    public string Name => "host";

    public TimeSpan Period => TimeSpan.FromSeconds(1);

    public string CostToTarget => "none";

    public static SourceStatus Check(TargetContext context) => LocalTarget.Check("host", context);

    public static ISource? Create(TargetContext context) =>
        context.Target.Process is null ? null : new HostSource(context.Platform);

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        Reading<HostCounters> counters = platform.ReadHost();
        return ValueTask.FromResult(LocalTarget.Result(counters, new SampleFacts { Host = counters }));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
