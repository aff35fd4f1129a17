using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Processes;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Engine.Control.Watchdog;

/// <summary>Restarts a target as a person would: evidence first, by its service manager, between two lines of the audit log.</summary>
/// <param name="backlog">A full disk keeps no restart from being done.</param>
internal sealed class WatchdogRestart(GoTopConfig config, ServiceFinder finder, TimeProvider time, string toolVersion, AuditBacklog backlog)
{
    /// <summary>How the audit log names it.</summary>
    public const string Part = "watchdog";

    /// <summary>Why it may not; null when it may.</summary>
    public string? WhyNot(WatchdogSettings settings, TargetContext target)
    {
        if (target.Target.Process is null) return "it is known by its address only";
        if (!settings.Restart) return target.Settings.Rules.Production ? "restart is not set for this target of production" : "restart = false";
        return Gate(target).Check(ControlCatalog.Restart);
    }

    /// <param name="remembered">
    /// What can start it after it has ended; null when that is not known. A plain process that was started again knows which it is then.
    /// </param>
    /// <param name="why">What failed, in words.</param>
    /// <returns>Also the folder of what was captured before; null when nothing was.</returns>
    public async Task<(bool IsDone, string Words, string? Captured)> RunAsync(string name, TargetContext target, bool hasEnded, IService? remembered, string why, CancellationToken cancellation)
    {
        string? captured = null;
        try
        {
            IService service = hasEnded ? remembered ?? throw new ControlException("nothing tells how it is started") : remembered as PlainProcess ?? finder.Of(target);
            IncidentCapture? capture = config.Control.CaptureBeforeRestart ? new IncidentCapture(config.Capture, config.Control, () => TargetCondition.Unknown, toolVersion) { Kept = folder => captured = folder } : null;
            ServiceStatus now = await service.ReadAsync(cancellation).ConfigureAwait(false);
            // A hung service may have been left half stopped: then it is ended first, as in a restart.
            ControlPlan plan = now.State is ServiceState.Stopped or ServiceState.Failed
                ? await ServicePlans.StartAgainAsync(service, target, capture, cancellation).ConfigureAwait(false)
                : await ServicePlans.RestartAsync(service, target, capture, ImmutableSortedDictionary<string, string?>.Empty, cancellation).ConfigureAwait(false);
            plan = plan with { Target = name, Summary = $"{plan.Summary}, since {why}" };
            ControlProgress progress = await new ControlSession(plan, Gate(target), new AuditLog(config.Audit, time, backlog), time).RunAsync(cancellation).ConfigureAwait(false);
            string evidence = capture is not null && progress.Steps[0].Told is { } told ? $"; evidence: {told}" : "";
            return (progress.Outcome == ControlOutcome.Done, (progress.Outcome == ControlOutcome.Done ? progress.After : progress.Reason) + evidence, captured);
        }
        catch (ControlException refused)
        {
            return (false, refused.Message, captured);
        }
    }

    /// <summary>By whom and when people may act is for people; what may be done at all, and <c>--readonly</c>, hold for all.</summary>
    private ActionGate Gate(TargetContext target) =>
        new(target.Settings.Rules with { By = [], Windows = [] }, Actor.OfThisProcess(Environment.GetEnvironmentVariable) with { Part = Part }, config.ReadOnly, time);
}
