using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.ProviderEvents;

/// <summary>Events that the service writes to providers of its own, which the configuration names: ETW's, on Windows.</summary>
public sealed class ProviderEventSource(IPlatform platform, ProcessKey process, ImmutableArray<EtwProviderSettings> providers) : ISource
{
    public const string SourceName = "etw";

    private IProviderEvents? _events;

    public string Name => SourceName;

    public TimeSpan Period => TimeSpan.FromSeconds(1);

    public string CostToTarget => "a microsecond or so for each event of its own that it writes";

    public static ISource? Create(TargetContext context) =>
        context.Target.Process is { } process && !context.EtwProviders.IsEmpty ? new ProviderEventSource(context.Platform, process, context.EtwProviders) : null;

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        if (_events is null)
        {
            Reading<IProviderEvents> opened = platform.OpenProviderEvents(process, providers);
            if (!opened.TryGet(out _events)) return ValueTask.FromResult(LocalTarget.Result(opened, SampleFacts.None));
        }

        return ValueTask.FromResult(SourceResult.Ok(new SampleFacts { SystemCounters = Reading.Of(_events.Take()) }));
    }

    public ValueTask DisposeAsync()
    {
        _events?.Dispose();
        return ValueTask.CompletedTask;
    }
}
