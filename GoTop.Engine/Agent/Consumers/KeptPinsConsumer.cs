using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent.Consumers;

/// <summary>Pins a target to the cores that are kept for it, whenever its process is a new one.</summary>
internal sealed class KeptPinsConsumer(AgentServices services) : IObservationConsumer
{
    private readonly KeptPins _pins = new(services.Folder, services.Time);

    public string Id => "kept-pins";

    public async Task HappenedAsync(AgentEvent happened, CancellationToken cancellation)
    {
        if (happened.Kind is not (AgentEventKind.Found or AgentEventKind.CameBack)) return;
        AgentTarget target = happened.Target;
        if (_pins.Of(target.Name) is not { } kept || target.Context.Target.Process is not { } process) return;
        CorePlan wanted = CorePlan.List(kept.Cores);
        if (HasThem(target, process, wanted)) return;
        GoTopConfig config = services.Config();
        // By whom and when was asked when it was kept; what the rules allow at all still counts.
        ActionRules rules = target.Context.Settings.Rules with { By = [], Windows = [] };
        ActionGate gate = new(rules, Actor.OfThisProcess(Environment.GetEnvironmentVariable), config.ReadOnly, services.Time);
        ControlPlan plan = AffinityPlans.Pin(target.Context, wanted, gomaxprocs: null) with { Target = target.Name };
        plan = plan with { Summary = FormattableString.Invariant($"{plan.Summary}, kept for {kept.By} since {kept.Since:yyyy-MM-dd HH:mm}Z") };
        ControlProgress progress = await new ControlSession(plan, gate, new AuditLog(config.Audit, services.Time, services.Audit), services.Time).RunAsync(cancellation).ConfigureAwait(false);
        if (progress.Outcome == ControlOutcome.Done) services.Log.LogInformation("{Summary}: {After}", plan.Summary, progress.After);
        else services.Log.LogWarning("{Summary}: {Reason}", plan.Summary, progress.Reason);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>An agent that starts again finds its work done.</summary>
    private static bool HasThem(AgentTarget target, ProcessKey process, CorePlan wanted)
    {
        if (target.Context.Platform.Scheduling is not { } scheduling || !target.Context.Platform.ReadHost().TryGet(out HostCounters? host)) return false;
        return scheduling.ReadThreads(process).TryGet(out ImmutableArray<ThreadScheduling> threads) && threads.All(thread => thread.Cores.Equals(wanted.Resolve(host)));
    }
}
