using System.Collections.Immutable;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Alerts;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Export.Metrics;

/// <summary>Keeps the newest observation of each target, and puts together what exporters tell of a moment. Any thread.</summary>
internal sealed class ExportBoard(AgentServices services)
{
    /// <summary>What has not been read for so long is not told any more, or for three intervals where these are longer.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromMinutes(1);

    private const int MostFailures = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Observation> _newest = new(StringComparer.Ordinal);
    private readonly ExportedHost _host = ExportedHost.OfThisMachine();
    private readonly HostCpuTimes _cpuTimes = new();
    private readonly HashSet<(string Metric, string Target, string Problem)> _failed = [];
    private ExportedTarget? _machine;

    public void Observed(AgentTarget target, Observation observation)
    {
        // Single goroutines and profiles weigh megabytes, and nobody exports them.
        Observation kept = observation.WithoutSingleGoroutines("not kept").WithoutProfiles("not kept").WithoutLogLines("not kept");
        lock (_gate)
        {
            if (observation.Now.TargetEnded is not null) _newest.Remove(target.Name);
            else _newest[target.Name] = kept;
            KeepMachine(target, kept);
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

        ExportedTarget? machine;
        lock (_gate) machine = _machine;
        // Nobody reads the machine when there is no target.
        if (machine is not null && (now - machine.Now!.Time > oldest || targets.All(target => target.Observation is null))) machine = null;
        return new ExportView(now, _host, services.ToolVersion, [.. targets.OrderBy(target => target.Name, StringComparer.Ordinal)]) { HostFacts = machine, Failed = Failed };
    }

    /// <summary>Of what several targets read of the one machine, that which was read last: else its counters would go back when a target ends.</summary>
    private void KeepMachine(AgentTarget target, Observation observation)
    {
        if (!ExportedTarget.Present(observation.Now.Facts.Host, out HostCounters host)) return;
        if (_machine?.Now is { } before && before.Facts.Host.Value.ReadAtNanoseconds > host.ReadAtNanoseconds) return;
        Snapshot told = observation.Now with { Facts = observation.Now.Facts with { Host = Reading.Of(host with { Cores = _cpuTimes.Told(host.Cores) }) } };
        _machine = new ExportedTarget(target.Name, target.Context.Settings.Labels, observation with { Now = told });
    }

    /// <summary>Each is logged once: it is a mistake of ours or something odd in the target, and would come every few seconds.</summary>
    private void Failed(ExportedMetric metric, ExportedTarget target, Exception bug)
    {
        string name = metric.Otel ?? metric.Prometheus ?? "";
        lock (_gate)
        {
            if (_failed.Count >= MostFailures || !_failed.Add((name, target.Name, bug.Message))) return;
        }

        services.Log.LogError(bug, "{Metric} of {Target} cannot be exported", name, target.Name);
    }
}
