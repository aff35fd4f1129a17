using System.Collections.Immutable;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Alerts;
using GoTop.Engine.Config;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Export.Metrics;

/// <summary>Keeps the newest observation of each target, and puts together what exporters tell of a moment. Any thread.</summary>
internal sealed class ExportBoard(AgentServices services)
{
    /// <summary>What has not been read for so long is not told any more, or for three intervals where these are longer.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Observation> _newest = new(StringComparer.Ordinal);
    private readonly ExportedHost _host = ExportedHost.OfThisMachine();

    public void Observed(AgentTarget target, Observation observation)
    {
        lock (_gate)
        {
            if (observation.Now.TargetEnded is not null) _newest.Remove(target.Name);
            // Single goroutines and profiles weigh megabytes, and nobody exports them.
            else _newest[target.Name] = observation.WithoutSingleGoroutines("not kept").WithoutProfiles("not kept").WithoutLogLines("not kept");
        }
    }

    public void Happened(AgentEvent happened)
    {
        if (happened.Kind is not (AgentEventKind.Lost or AgentEventKind.Unwatched)) return;
        lock (_gate) _newest.Remove(happened.Target.Name);
    }

    public ExportView View()
    {
        DateTimeOffset now = services.Time.GetUtcNow();
        GoTopConfig config = services.Config();
        TimeSpan oldest = config.Interval * 3 > Oldest ? config.Interval * 3 : Oldest;
        ILookup<string, RuleStatus> alerts = services.Alerts.All.ToLookup(status => status.Target, StringComparer.Ordinal);
        ImmutableArray<ExportedTarget>.Builder targets = ImmutableArray.CreateBuilder<ExportedTarget>();
        foreach (TargetSettings settings in config.Targets.DistinctBy(TargetNaming.NameOf))
        {
            string name = TargetNaming.NameOf(settings);
            Observation? observation;
            lock (_gate) observation = _newest.GetValueOrDefault(name);
            if (observation is not null && now - observation.Now.Time > oldest) observation = null;
            targets.Add(new ExportedTarget(name, settings.Labels, observation) { Watchdog = services.Watchdogs.Of(name), Alerts = [.. alerts[name]] });
        }

        return new ExportView(now, _host, services.ToolVersion, [.. targets.OrderBy(target => target.Name, StringComparer.Ordinal)]);
    }
}
